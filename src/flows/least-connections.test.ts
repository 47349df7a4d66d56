import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextShares, type Load } from './least-connections.ts'

const loads = (...pairs: readonly (readonly [weight: number, connections: number])[]): Load[] =>
  pairs.map(([weight, connections]) => ({ weight, connections }))

test.each([
  ['nobody has any', loads([100, 0], [100, 0]), [2, 2]],
  ['one is ahead', loads([100, 12], [100, 0]), [0, 4]],
  ['the gap closes', loads([100, 3], [100, 0]), [1, 3]],
  ['twice the weight', loads([100, 0], [50, 0], [50, 0]), [4, 1, 1]],
])('%s', (_, given, shares) => {
  expect(nextShares(given)).toEqual(shares)
})

test('whoever gets one had the fewest for its weight', () => {
  const load = fc.record({
    weight: fc.integer({ min: 1, max: 100 }),
    connections: fc.integer({ min: 0, max: 500 }),
  })
  fc.assert(
    fc.property(fc.array(load, { minLength: 1, maxLength: 8 }), (given) => {
      const shares = nextShares(given)
      const after = given.map(({ connections }, i) => connections + (shares[i] ?? 0))
      for (const [i, share] of shares.entries()) {
        if (share === 0) continue
        // Its last connection was not better off elsewhere.
        const own = (after[i] ?? 0) / (given[i]?.weight ?? 1)
        for (const [j, { weight }] of given.entries()) {
          expect(own).toBeLessThanOrEqual(((after[j] ?? 0) + 1) / weight + 1e-9)
        }
      }
    }),
  )
})
