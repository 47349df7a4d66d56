import { expect, test } from 'vitest'
import { walkthrough } from '../../test/fixtures/walkthrough.ts'
import { compileHost } from '../compile/compile-host.ts'
import type { HealthReport, Report, WireReport } from '../protocol/messages.ts'
import { forgetGone, nothingObserved, observe } from './observations.ts'

const { plan } = compileHost(walkthrough)
const empty: Report = { generation: 1, problems: [], instances: [], health: [], wires: [], balancers: [] }
const counted: WireReport = {
  id: '',
  atMs: 0,
  pair: 'cw-1',
  inBytes: 1,
  inPackets: 1,
  inDropped: 0,
  outBytes: 1,
  outPackets: 1,
  outDropped: 0,
  newConnections: 0,
  activeConnections: 0,
  overConnections: 0,
  denied: 0,
  unserved: 0,
  portsUsed: 0,
  portsInAll: 64512,
  sources: 1,
}
const health: HealthReport = {
  balancer: 'lb-1',
  protocol: 'tcp',
  port: 80,
  server: 'i-ecs2',
  backendPort: 80,
  status: 'normal',
}

test('a later report replaces what it names and keeps the rest', () => {
  const first = observe(
    nothingObserved,
    { ...empty, health: [health, { ...health, server: 'i-ecs3' }] },
    plan,
  )
  const second = observe(first, { ...empty, health: [{ ...health, status: 'abnormal' }] }, plan)
  expect(second.health.map(({ server, status }) => [server, status])).toEqual([
    ['i-ecs2', 'abnormal'],
    ['i-ecs3', 'normal'],
  ])
})

test('problems are complete in each report: an empty list means that none is left', () => {
  const broken = observe(
    nothingObserved,
    {
      ...empty,
      problems: [{ id: 'vpc-consumer', message: 'no veth' }],
    },
    plan,
  )
  expect(observe(broken, empty, plan).problems).toEqual([])
})

test('what has left the plan is forgotten', () => {
  const observed = observe(
    nothingObserved,
    {
      ...empty,
      health: [health, { ...health, server: 'i-gone' }],
      instances: [
        { id: 'i-ecs1', boot: 1, state: 'running', restarts: 0 },
        { id: 'i-gone', boot: 1, state: 'running', restarts: 0 },
      ],
    },
    plan,
  )
  const kept = forgetGone(observed, undefined, plan)
  expect(kept.health.map(({ server }) => server)).toEqual(['i-ecs2'])
  expect(kept.instances.map(({ id }) => id)).toEqual(['i-ecs1'])
})

test('a wire is forgotten with its connection, also when an agent that is behind reports it again', () => {
  const [wire] = plan.links.wires
  const report = { ...empty, wires: [{ ...counted, id: wire?.id ?? '' }] }
  const connected = observe(nothingObserved, report, plan)
  expect(connected.wires).toHaveLength(1)
  expect(forgetGone(connected, plan, { ...plan, generation: 9 }).wires).toBe(connected.wires)
  const without = { ...plan, links: { ...plan.links, wires: [] } }
  const denied = forgetGone(connected, plan, without)
  expect(denied.wires).toEqual([])
  expect(observe(denied, report, without).wires).toEqual([])
})
