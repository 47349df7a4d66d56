import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashSlots, roundRobin } from './schedule.ts'

const counts = (slots: readonly string[]) => {
  const all = new Map<string, number>()
  for (const slot of slots) all.set(slot, (all.get(slot) ?? 0) + 1)
  return Object.fromEntries(all)
}
const weighted = fc
  .array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 10 })
  .map((weights) => weights.map((weight, i) => ({ to: `10.0.0.${i} . 80`, weight })))

describe('roundRobin', () => {
  test.each([
    [[100, 100], 'a b'],
    [[5, 1, 1], 'a a b a c a a'],
    [[20, 10], 'a b a'],
  ])('%j is %s', (weights, sequence) => {
    const targets = weights.map((weight, i) => ({ to: 'abc'[i] ?? '', weight }))
    expect(roundRobin(targets).join(' ')).toBe(sequence)
  })

  test('holds the exact proportion in a round', () => {
    fc.assert(
      fc.property(weighted, (targets) => {
        const slots = roundRobin(targets)
        const total = targets.reduce((sum, { weight }) => sum + weight, 0)
        const found = counts(slots)
        for (const { to, weight } of targets) {
          expect(Math.abs((found[to] ?? 0) / slots.length - weight / total)).toBeLessThan(0.001)
        }
      }),
    )
  })

  test('has a limit, and nobody falls below one slot', () => {
    const targets = Array.from({ length: 200 }, (_, i) => ({ to: `b${i}`, weight: i === 0 ? 1 : 100 }))
    const slots = roundRobin(targets)
    expect(slots.length).toBeLessThan(2500)
    expect(counts(slots)['b0']).toBe(1)
  })
})

describe('hashSlots', () => {
  test('gives each its share', () => {
    const found = counts(hashSlots([300, 100].map((weight, i) => ({ to: `b${i}`, weight }))))
    expect((found['b0'] ?? 0) / (found['b1'] ?? 1)).toBeGreaterThan(2.4)
    expect((found['b0'] ?? 0) / (found['b1'] ?? 1)).toBeLessThan(3.7)
  })

  test('a backend that leaves gives away its own slots only', () => {
    fc.assert(
      fc.property(weighted, fc.nat(), (targets, n) => {
        const leaving = targets[n % targets.length]
        const rest = targets.filter((target) => target !== leaving)
        fc.pre(rest.length > 0)
        const after = hashSlots(rest)
        for (const [slot, to] of hashSlots(targets).entries()) {
          if (to !== leaving?.to) expect(after[slot]).toBe(to)
        }
      }),
      { numRuns: 20 },
    )
  })
})
