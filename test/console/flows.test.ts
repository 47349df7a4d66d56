import { expect, test } from 'vitest'
import { advance, type Flows, type Reading } from '../../console/src/api/traffic.ts'

const reading = (atMs: number, inBytes: number, outBytes = 0): Reading => ({
  endpoint: 'ep-1',
  atMs,
  inBytes,
  outBytes,
})
const bits = (flows: Flows) => flows.get('ep-1')?.bitsPerSecond

test('a first reading, whatever its number, is no movement', () => {
  expect(bits(advance(new Map(), [reading(0, 1e9)], 0))).toBe(0)
})

test('what passed between two readings, both ways, by their own clock', () => {
  const first = advance(new Map(), [reading(1000, 100, 100)], 50)
  expect(bits(advance(first, [reading(6000, 600, 600)], 60))).toBe(1600)
})

test('the same reading again is not an end; two readings’ time without growth is', () => {
  const first = advance(new Map(), [reading(0, 0)], 0)
  const moving = advance(first, [reading(5000, 625)], 5000)
  expect(bits(moving)).toBe(1000)
  const again = advance(moving, [reading(5000, 625)], 10_000)
  expect(bits(again)).toBe(1000)
  expect(bits(advance(again, [reading(5000, 625)], 17_000))).toBe(0)
})

test('a counter that was made anew is quiet, and moves from then on', () => {
  const moving = advance(advance(new Map(), [reading(0, 0)], 0), [reading(5000, 625)], 5000)
  const anew = advance(moving, [reading(6000, 10)], 6000)
  expect(bits(anew)).toBe(0)
  expect(bits(advance(anew, [reading(7000, 135)], 7000))).toBe(1000)
})

test('an endpoint that is not told of is forgotten', () => {
  expect(advance(advance(new Map(), [reading(0, 0)], 0), [], 1).size).toBe(0)
})
