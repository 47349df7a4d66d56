/** Token buckets by name. Pure but for its own memory, which is bounded: the clock is an argument. */

export interface Rate {
  readonly perSecond: number
  /** Tokens a bucket holds, and has at first. */
  readonly burst: number
}

export interface TokenBuckets {
  /** Takes a token and gives 0, or takes none and gives the milliseconds until there is one. */
  readonly take: (name: string, rate: Rate, nowMs: number) => number
  /** Undoes a `take`. */
  readonly giveBack: (name: string, rate: Rate, nowMs: number) => void
  /** The milliseconds until there is a token; 0 when there is one. */
  readonly wait: (name: string, rate: Rate, nowMs: number) => number
}

interface Bucket {
  tokens: number
  atMs: number
}

/** Keeps the `most` buckets that were used last. One that is forgotten is full again when it is needed. */
export function createTokenBuckets(most: number): TokenBuckets {
  const buckets = new Map<string, Bucket>()

  function tokensOf(name: string, { perSecond, burst }: Rate, nowMs: number): number {
    const bucket = buckets.get(name)
    if (!bucket) return burst
    // A clock that is set back fills nothing.
    const elapsedMs = Math.max(0, nowMs - bucket.atMs)
    return Math.min(burst, bucket.tokens + (elapsedMs * perSecond) / 1000)
  }

  function waitFor(tokens: number, { perSecond }: Rate): number {
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 1000) / perSecond)
  }

  function put(name: string, bucket: Bucket): void {
    buckets.delete(name)
    buckets.set(name, bucket)
    const [oldest] = buckets.keys()
    if (buckets.size > most && oldest !== undefined) buckets.delete(oldest)
  }

  return {
    take(name, rate, nowMs) {
      const tokens = tokensOf(name, rate, nowMs)
      const waitMs = waitFor(tokens, rate)
      put(name, { tokens: waitMs === 0 ? tokens - 1 : tokens, atMs: nowMs })
      return waitMs
    },
    giveBack(name, rate, nowMs) {
      put(name, { tokens: Math.min(rate.burst, tokensOf(name, rate, nowMs) + 1), atMs: nowMs })
    },
    wait: (name, rate, nowMs) => waitFor(tokensOf(name, rate, nowMs), rate),
  }
}
