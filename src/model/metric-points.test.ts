import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeHour, encodePoint, measures, nothingMeasured, type Measures } from './metric-points.ts'

const values = fc.record(
  Object.fromEntries(measures.map((name) => [name, fc.maxSafeNat()])) as Record<
    keyof Measures,
    fc.Arbitrary<number>
  >,
)

test('an hour is read as it was written, whatever the order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(59), { maxLength: 60 }), values, (minutes, measured) => {
      const text = minutes.map((minute) => encodePoint({ minute: 495_000 * 60 + minute, values: measured }))
      const read = decodeHour(495_000, text.join(''))
      expect(read.map(({ minute }) => minute - 495_000 * 60)).toEqual(minutes.toSorted((a, b) => a - b))
      for (const point of read) expect(point.values).toEqual(measured)
    }),
  )
})

test('a minute in which nothing happened takes three characters, or two digits more', () => {
  expect(encodePoint({ minute: 60, values: nothingMeasured })).toBe('0:;')
  expect(encodePoint({ minute: 119, values: nothingMeasured })).toBe('1n:;')
})

test('a minute that was written twice counts as written last', () => {
  const first = encodePoint({ minute: 61, values: { ...nothingMeasured, inBytes: 5 } })
  const second = encodePoint({ minute: 61, values: { ...nothingMeasured, inBytes: 7 } })
  expect(decodeHour(1, first + second).map(({ values: { inBytes } }) => inBytes)).toEqual([7])
})
