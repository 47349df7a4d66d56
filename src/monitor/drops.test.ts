import { expect, test } from 'vitest'
import type { WireReport } from '../protocol/messages.ts'
import { createRecentDrops } from './drops.ts'

const wire = (change: Partial<WireReport>): WireReport => ({
  id: 'ep-1/eu-central-1b',
  atMs: 0,
  pair: 'cw-1',
  inBytes: 0,
  inPackets: 0,
  inDropped: 0,
  outBytes: 0,
  outPackets: 0,
  outDropped: 0,
  newConnections: 0,
  activeConnections: 0,
  overConnections: 0,
  denied: 0,
  unserved: 0,
  portsUsed: 0,
  portsInAll: 0,
  sources: 1,
  ...change,
})

test('what a limit dropped is known for a minute, and what was dropped before anybody looked is not told', () => {
  let nowMs = 0
  const drops = createRecentDrops(() => new Date(nowMs))
  const said = (change: Partial<WireReport>) => drops.reported({ wires: [wire(change)], balancers: [] })
  const id = 'ep-1/eu-central-1b'
  said({ inDropped: 100 })
  expect(drops.recent()).toEqual([])
  nowMs = 5000
  said({ inDropped: 103, outDropped: 4 })
  nowMs = 10_000
  said({ inDropped: 105, outDropped: 4, overConnections: 1 })
  expect(drops.recent()).toEqual([
    { id, limit: 'bandwidth', count: 9 },
    { id, limit: 'consumer', count: 1 },
  ])
  // Accepted anew, its counters begin at zero.
  nowMs = 20_000
  said({ pair: 'cw-2', inDropped: 50 })
  nowMs = 66_000
  expect(drops.recent()).toEqual([
    { id, limit: 'bandwidth', count: 2 },
    { id, limit: 'consumer', count: 1 },
  ])
  nowMs = 71_000
  expect(drops.recent()).toEqual([])
})
