import { expect, test } from 'vitest'
import { lineOf } from '../../test/fixtures/flow-ends.ts'
import { parseFlowEnd } from './flow-end.ts'

const startMs = 1_795_514_694_439
const stopMs = startMs + 300_000

test('a line is read in both directions, and the end is when the last packet passed', () => {
  const line = lineOf({
    original: '10.0.0.182:42382 > 10.0.0.9:80',
    reply: '100.64.0.1:80 > 100.64.0.0:1024',
    counts: [6, 330, 4, 1216],
    state: 'TIME_WAIT',
    startMs,
    stopMs,
  })
  expect(parseFlowEnd(line)).toEqual({
    protocol: 'tcp',
    original: { from: '10.0.0.182', fromPort: 42382, to: '10.0.0.9', toPort: 80, packets: 6, bytes: 330 },
    reply: { from: '100.64.0.1', fromPort: 80, to: '100.64.0.0', toPort: 1024, packets: 4, bytes: 1216 },
    state: 'TIME_WAIT',
    remainingS: 0,
    unanswered: false,
    assured: true,
    cut: false,
    startMs,
    endMs: stopMs - 120_000,
  })
})

const talked = { original: '10.0.0.1:1 > 10.0.0.9:80', reply: '100.64.0.1:80 > 100.64.0.0:1' }

test.each([
  ['cut', { state: 'ESTABLISHED', remainingS: 800, cut: true }, stopMs],
  ['reset', { state: 'CLOSE' }, stopMs - 10_000],
  ['datagrams', { protocol: 'udp' }, stopMs - 120_000],
  ['datagrams without an answer', { protocol: 'udp', unanswered: true }, stopMs - 30_000],
  ['kept for longer than it lasted', { state: 'TIME_WAIT', stopMs: startMs + 1000 }, startMs],
] as const)('the end: %s', (_, change, endMs) => {
  const end = parseFlowEnd(lineOf({ ...talked, startMs, stopMs, ...change }))
  expect(end).toMatchObject({ endMs, startMs })
})

test('without counts nothing is known to have passed', () => {
  const end = parseFlowEnd(lineOf({ ...talked, state: 'CLOSE', counts: undefined, startMs, stopMs }))
  expect(end?.original).toMatchObject({ packets: 0, bytes: 0 })
})

test('all else is no end of a flow', () => {
  const line = lineOf({ ...talked, state: 'CLOSE', startMs, stopMs })
  for (const other of [
    '',
    '<conntrack>',
    '<?xml version="1.0"?>',
    line.slice(200),
    line.replace('"tcp"', '"sctp"'),
  ]) {
    expect(parseFlowEnd(other)).toBeUndefined()
  }
})
