import { expect, test } from 'vitest'
import { walkthrough } from '../../test/fixtures/walkthrough.ts'
import { compileHost } from '../compile/compile-host.ts'
import type { HealthReport, Report } from '../protocol/messages.ts'
import { forgetGone, nothingObserved, observe } from './observations.ts'

const { plan } = compileHost(walkthrough)
const empty: Report = { generation: 1, problems: [], instances: [], health: [], wires: [], balancers: [] }
const health: HealthReport = {
  balancer: 'lb-1',
  protocol: 'tcp',
  port: 80,
  server: 'i-ecs2',
  backendPort: 80,
  status: 'normal',
}

test('a later report replaces what it names and keeps the rest', () => {
  const first = observe(nothingObserved, { ...empty, health: [health, { ...health, server: 'i-ecs3' }] })
  const second = observe(first, { ...empty, health: [{ ...health, status: 'abnormal' }] })
  expect(second.health.map(({ server, status }) => [server, status])).toEqual([
    ['i-ecs2', 'abnormal'],
    ['i-ecs3', 'normal'],
  ])
})

test('problems are complete in each report: an empty list means that none is left', () => {
  const broken = observe(nothingObserved, {
    ...empty,
    problems: [{ id: 'vpc-consumer', message: 'no veth' }],
  })
  expect(observe(broken, empty).problems).toEqual([])
})

test('what has left the plan is forgotten', () => {
  const observed = observe(nothingObserved, {
    ...empty,
    health: [health, { ...health, server: 'i-gone' }],
    instances: [
      { id: 'i-ecs1', boot: 1, state: 'running', restarts: 0 },
      { id: 'i-gone', boot: 1, state: 'running', restarts: 0 },
    ],
  })
  const kept = forgetGone(observed, plan)
  expect(kept.health.map(({ server }) => server)).toEqual(['i-ecs2'])
  expect(kept.instances.map(({ id }) => id)).toEqual(['i-ecs1'])
})
