import { expect, test } from 'vitest'
import { planOf } from '../../test/fixtures/plans.ts'
import type { HealthCheckPlan, HostPlan, ListenerPlan } from '../plan/host-plan.ts'
import { probedBalancers, targetsOf } from './targets.ts'
import { withHealth } from './with-health.ts'

const healthCheck: HealthCheckPlan = {
  probe: { kind: 'tcp' },
  port: undefined,
  intervalMs: 2000,
  timeoutMs: 5000,
  healthyThreshold: 3,
  unhealthyThreshold: 3,
}

function listener(change: Partial<ListenerPlan>): ListenerPlan {
  const backends = [
    { server: 'i-1', address: '10.0.0.1', port: 80, weight: 100, standby: false },
    { server: 'i-2', address: '10.0.0.2', port: 80, weight: 50, standby: false },
    { server: 'i-3', address: '10.0.0.3', port: 80, weight: 0, standby: false },
  ]
  return {
    protocol: 'tcp',
    port: 80,
    lastPort: undefined,
    scheduler: 'wrr',
    idleTimeoutS: 900,
    persistenceS: 0,
    drainS: undefined,
    newConnectionsPerS: undefined,
    http: undefined,
    backends,
    healthCheck,
    ...change,
  }
}

const limits = { connections: undefined, newConnectionsPerS: undefined }

function plan(...listeners: readonly ListenerPlan[]): HostPlan {
  const vswitches = [{ zone: 'eu-central-1b', cidr: '10.0.0.0/24' }]
  const base = planOf({
    deployment: 'test',
    vpcs: [{ id: 'vpc-1', cidr: '10.0.0.0/16', number: 1, vswitches }],
  })
  const balancers = [
    { id: 'lb-1', vpc: 'vpc-1', addresses: ['10.0.0.100'], limits, listeners, relays: [] },
    { id: 'lb-2', vpc: 'vpc-1', addresses: ['10.0.0.101'], limits, listeners: [listener({})], relays: [] },
  ]
  return { ...base, links: { ...base.links, balancers } }
}

function weights(result: HostPlan): number[][] {
  const [balancer] = result.links.balancers
  return balancer?.listeners.map(({ backends }) => backends.map(({ weight }) => weight)) ?? []
}

test('an abnormal backend has weight 0 in its own listener, nowhere else', () => {
  const wanted = plan(listener({}), listener({ port: 81 }))
  const result = withHealth(wanted, new Map([['lb-1 tcp 80 i-1 80', 'abnormal']]))
  expect(weights(result)).toEqual([
    [0, 50, 0],
    [100, 50, 0],
  ])
  expect(result.links.balancers[1]).toBe(wanted.links.balancers[1])
  expect(result.fabric).toBe(wanted.fabric)
})

test('all abnormal: all have weight 0', () => {
  const health = new Map([
    ['lb-1 tcp 80 i-1 80', 'abnormal'],
    ['lb-1 tcp 80 i-2 80', 'abnormal'],
  ] as const)
  expect(weights(withHealth(plan(listener({})), health))).toEqual([[0, 0, 0]])
})

test('backends without a result, or without a health check, take traffic', () => {
  const wanted = plan(listener({}), listener({ port: 81, healthCheck: undefined }))
  const health = new Map([
    ['lb-1 tcp 80 i-1 80', 'unavailable'],
    ['lb-1 tcp 80 i-2 80', 'normal'],
    ['lb-1 tcp 81 i-1 80', 'abnormal'],
  ] as const)
  expect(withHealth(wanted, health)).toBe(wanted)
})

test('probed is what has weight and a check, from the own VPC, with the shorter of timeout and interval', () => {
  const check = { ...healthCheck, port: 8080 }
  const wanted = plan(
    listener({}),
    listener({ port: 81, healthCheck: undefined }),
    listener({ port: 82, protocol: 'udp', healthCheck: undefined }),
    listener({ port: 83, healthCheck: check }),
  )
  const probed = probedBalancers(wanted.fabric.vpcs, wanted.links.balancers)
  expect(probed.map(({ id }) => id)).toEqual(['lb-1', 'lb-2'])
  const targets = probed.slice(0, 1).flatMap(targetsOf)
  expect(targets.map(({ key, port }) => `${key} → ${port}`)).toEqual([
    'lb-1 tcp 80 i-1 80 → 80',
    'lb-1 tcp 80 i-2 80 → 80',
    'lb-1 tcp 83 i-1 80 → 8080',
    'lb-1 tcp 83 i-2 80 → 8080',
  ])
  expect(targets[0]).toMatchObject({
    localAddress: wanted.fabric.vpcs[0]?.serviceLeg.serviceAddress,
    intervalMs: 2000,
    timeoutMs: 2000,
  })
})
