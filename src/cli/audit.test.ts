import { expect, test } from 'vitest'
import { readSince } from './audit.ts'

const now = new Date('2026-11-24T08:00:00Z')

test.each([
  ['90s', '2026-11-24T07:58:30.000Z'],
  ['15m', '2026-11-24T07:45:00.000Z'],
  ['2h', '2026-11-24T06:00:00.000Z'],
  ['7d', '2026-11-17T08:00:00.000Z'],
  ['2026-11-23T00:00:00Z', '2026-11-23T00:00:00.000Z'],
  ['2026-11-23', '2026-11-23T00:00:00.000Z'],
])('since %s', (text, time) => {
  expect(readSince(text, now)?.toISOString()).toBe(time)
})

test.each(['', '5', '5w', 'yesterday-ish', '-1h'])('since %j is no time', (text) => {
  expect(readSince(text, now)).toBeUndefined()
})
