import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMs } from './backoff.ts'

test('the pause doubles to its longest, and lies in the upper half of it', () => {
  const backoff = { firstMs: 100, longestMs: 1000 }
  expect([1, 2, 3, 4, 5, 50].map((attempt) => backoffMs(backoff, attempt, () => 1))).toEqual([
    100, 200, 400, 800, 1000, 1000,
  ])
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempt, random) => {
        const full = backoffMs(backoff, attempt, () => 1)
        const pause = backoffMs(backoff, attempt, () => random)
        expect(pause).toBeGreaterThanOrEqual(full / 2)
        expect(pause).toBeLessThanOrEqual(full)
      },
    ),
  )
})
