/** Weights as slots: which backend is whose, by a counter or by a hash. */

export interface Target {
  readonly to: string
  readonly weight: number
}

/** A rule has at most so many slots; weights that need more are rounded, but nobody falls below one slot. */
const mostSlots = 2000

/**
 * Smooth weighted round robin: each step, everybody gains their weight, the richest serves and pays the total. So
 * 5:1:1 gives a a b a c a a, not five times `a` in a row, and every round holds the exact proportion.
 */
export function roundRobin(targets: readonly Target[]): readonly string[] {
  const weights = reduced(targets.map(({ weight }) => weight))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const credit = weights.map(() => 0)
  const sequence: string[] = []
  for (let step = 0; step < total; step++) {
    let best = 0
    for (const [i, weight] of weights.entries()) {
      credit[i] = (credit[i] ?? 0) + weight
      if ((credit[i] ?? 0) > (credit[best] ?? 0)) best = i
    }
    credit[best] = (credit[best] ?? 0) - total
    sequence.push(targets[best]?.to ?? '')
  }
  return sequence
}

function reduced(weights: readonly number[]): readonly number[] {
  const divisor = weights.reduce(gcd, 0)
  const exact = weights.map((weight) => weight / divisor)
  const total = exact.reduce((sum, weight) => sum + weight, 0)
  if (total <= mostSlots) return exact
  return exact.map((weight) => Math.max(1, Math.round((weight * mostSlots) / total)))
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}

/** A prime, so that the hash's low bits do not matter alone. */
const hashSlotCount = 1021

/**
 * Each slot goes to the target with the best weighted score of its own (rendezvous hashing), so a target that leaves
 * gives away only its slots, and one that comes takes only its share.
 */
export function hashSlots(targets: readonly Target[]): readonly string[] {
  const seeds = targets.map(({ to }) => hash32(to))
  return Array.from({ length: hashSlotCount }, (_, slot) => {
    let best = ''
    let bestScore = -Infinity
    for (const [i, { to, weight }] of targets.entries()) {
      const uniform = (mix((seeds[i] ?? 0) ^ mix(slot + 1)) + 1) / 2 ** 32
      const score = Math.log(uniform) / weight
      if (score > bestScore) {
        best = to
        bestScore = score
      }
    }
    return best
  })
}

/** FNV-1a. */
function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

/** The finaliser of MurmurHash3: every bit of the input changes half of the output's. */
function mix(value: number): number {
  let h = value >>> 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
