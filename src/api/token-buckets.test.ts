import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTokenBuckets } from './token-buckets.ts'

const rate = { perSecond: 10, burst: 3 }

test('a burst passes, then one for each tenth of a second, and it is said how long to wait', () => {
  const { take } = createTokenBuckets(10)
  expect([0, 0, 0, 0].map((ms) => take('a', rate, ms))).toEqual([0, 0, 0, 100])
  expect(take('a', rate, 60)).toBe(40)
  expect(take('a', rate, 100)).toBe(0)
  expect(take('a', rate, 100)).toBe(100)
  expect([10_000, 10_000, 10_000, 10_000].map((ms) => take('a', rate, ms))).toEqual([0, 0, 0, 100])
})

test('names do not share', () => {
  const { take } = createTokenBuckets(10)
  for (let count = 0; count < 3; count++) take('a', rate, 0)
  expect(take('a', rate, 0)).toBe(100)
  expect(take('b', rate, 0)).toBe(0)
})

test('to look takes nothing', () => {
  const { take, wait } = createTokenBuckets(10)
  for (let count = 0; count < 10; count++) expect(wait('a', rate, 0)).toBe(0)
  for (let count = 0; count < 3; count++) take('a', rate, 0)
  expect(wait('a', rate, 50)).toBe(50)
})

test('a clock that is set back fills nothing and empties nothing', () => {
  const { take } = createTokenBuckets(10)
  for (let count = 0; count < 3; count++) take('a', rate, 5000)
  expect(take('a', rate, 1000)).toBe(100)
  expect(take('a', rate, 1100)).toBe(0)
})

describe('memory', () => {
  test('only the names used last are kept', () => {
    const { take } = createTokenBuckets(2)
    for (let count = 0; count < 3; count++) take('a', rate, 0)
    take('b', rate, 0)
    expect(take('a', rate, 0)).toBe(100)
    take('c', rate, 0)
    // `b` is gone, `a` was used after it and is still empty.
    expect(take('a', rate, 0)).toBe(100)
  })
})

test('never more than the burst and what time adds', () => {
  const times = fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 200 })
  fc.assert(
    fc.property(times, (gaps) => {
      const { take } = createTokenBuckets(1)
      let nowMs = 0
      let passed = 0
      for (const gap of gaps) {
        nowMs += gap
        if (take('a', rate, nowMs) === 0) passed += 1
      }
      expect(passed).toBeLessThanOrEqual(rate.burst + (nowMs * rate.perSecond) / 1000 + 1e-6)
    }),
  )
})
