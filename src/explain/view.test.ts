/** In whatever state things are, an account is told nothing of the other one's. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { walkthrough } from '../../test/fixtures/walkthrough.ts'
import type { Endpoint, EndpointZone, LoadBalancer, World } from '../model/world.ts'
import { judgeConnection } from './judge.ts'
import type { Scene } from './scene.ts'
import { judgeFor, viewOf } from './view.ts'

const consumer = '12345678'
const provider = '87654321'

/** What only its owner may know of. The endpoint, its service and the owner of the endpoint are known to both sides. */
const secrets = {
  [consumer]: [
    'vpc-consumer',
    'i-ecs1',
    'eni-ecs1',
    'eni-ep',
    'sg-consumer',
    'sgr-1',
    '10.0.0.182',
    '10.0.0.50',
  ],
  [provider]: [
    provider,
    'vpc-provider',
    'i-ecs2',
    'i-ecs3',
    'lb-1',
    'sg-provider',
    '10.0.0.200',
    '10.0.0.201',
    '10.0.0.100',
  ],
} as const

const states = fc.record({
  connection: fc.constantFrom<Endpoint['connection'][]>(
    'Connected',
    'Disconnected',
    'Pending',
    'ServiceDeleted',
  ),
  zone: fc.constantFrom<EndpointZone['status'][]>('Connected', 'Disconnected', 'Wait'),
  bandwidthMbps: fc.constantFrom(0, 3072),
  resource: fc.constantFrom('lb-1', 'lb-gone', undefined),
  balancer: fc.constantFrom<LoadBalancer['status'][]>('active', 'inactive'),
  listener: fc.constantFrom('running', 'stopped', 'absent'),
  weight: fc.constantFrom(0, 100),
  servers: fc.boolean(),
  running: fc.boolean(),
  health: fc.constantFrom('normal' as const, 'abnormal' as const),
  zonesDown: fc.constantFrom([], ['eu-central-1b'], ['eu-central-1a', 'eu-central-1b']),
  whitelisted: fc.boolean(),
  openGroups: fc.boolean(),
})

type State = typeof states extends fc.Arbitrary<infer Value> ? Value : never

const allWell: State = {
  connection: 'Connected',
  zone: 'Connected',
  bandwidthMbps: 3072,
  resource: 'lb-1',
  balancer: 'active',
  listener: 'running',
  weight: 100,
  servers: true,
  running: true,
  health: 'normal',
  zonesDown: [],
  whitelisted: true,
  openGroups: true,
}

function sceneOf(state: State): Scene {
  const world = {
    ...walkthrough,
    zonesDown: state.zonesDown,
    instances: walkthrough.instances.map((one) =>
      one.owner === provider && !state.running ? { ...one, status: 'Stopped' as const } : one,
    ),
    securityGroups: walkthrough.securityGroups.map((group) =>
      state.openGroups ? { ...group, rules: group.rules.filter(({ policy }) => policy === 'Accept') } : group,
    ),
    loadBalancers: walkthrough.loadBalancers.map((balancer) => ({
      ...balancer,
      status: state.balancer,
      listeners:
        state.listener === 'absent'
          ? []
          : balancer.listeners.map((listener) => ({
              ...listener,
              status: state.listener,
              servers: state.servers ? listener.servers.map((one) => ({ ...one, weight: state.weight })) : [],
            })),
    })),
    endpoints: walkthrough.endpoints.map((endpoint) => ({
      ...endpoint,
      connection: state.connection,
      bandwidthMbps: state.bandwidthMbps,
      zones: endpoint.zones.map((zone) => ({ ...zone, status: state.zone, loadBalancer: state.resource })),
    })),
  }
  const health = ['i-ecs2', 'i-ecs3'].map((server) => ({
    balancer: 'lb-1',
    protocol: 'tcp',
    port: 80,
    server,
    backendPort: 80,
    status: state.health,
  }))
  const whitelist = state.whitelisted ? [{ service: 'epsrv-1', user: consumer }] : []
  // Ids are plain texts here; only in this place they are taken for those of the world.
  return { world: world as unknown as World, health, whitelist }
}

const domain = 'ep-1.epsrv-1.eu-central-1.privatelink.aliyuncs.com'
const targets = [
  'ep-1',
  domain,
  'i-ecs1',
  'i-ecs2',
  'lb-1',
  '10.0.0.50',
  '10.0.0.182',
  '10.0.0.200',
  '10.0.0.100',
  '10.0.0.1',
  '172.16.0.9',
  '100.100.2.136',
]

function leaks(told: object, whose: keyof typeof secrets, asked: string): readonly string[] {
  const text = JSON.stringify(told)
  return secrets[whose].filter((secret) => secret !== asked && new RegExp(`${secret}(?![\\w])`).test(text))
}

test('neither side’s view has anything of the other’s', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(states, fc.constantFrom(80, 81), (state, port) => {
      const scene = sceneOf(state)
      const sides = [
        { account: consumer, client: 'i-ecs1', other: provider },
        { account: provider, client: 'i-ecs2', other: consumer },
      ] as const
      for (const { account, client, other } of sides) {
        for (const target of targets) {
          const question = { client, target, port, protocol: 'tcp' } as const
          const view = viewOf(scene.world, account, judgeFor(scene, account, question))
          expect({ account, target, leaks: leaks(view, other, target), view }).toMatchObject({ leaks: [] })
          for (const { reason } of view.steps) seen.add(reason.code)
        }
      }
      const [endpoint] = scene.world.endpoints
      if (!endpoint) throw new Error('the walkthrough has no endpoint')
      const half = viewOf(scene.world, provider, judgeConnection(scene, endpoint, { port, protocol: 'tcp' }))
      // An endpoint in the VPC of its own service is told of by the VPC, which the API shows the provider as well.
      expect({ leaks: leaks(half, consumer, ''), half }).toMatchObject({ leaks: [] })
      expect(half.beyond).toBe(false)
      for (const { reason } of half.steps) seen.add(reason.code)
    }),
    // What lies deepest is too rare to be met by chance.
    { numRuns: 400, examples: [[{ ...allWell, health: 'abnormal' }, 80]] },
  )
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'handedOver',
      'serviceSilent',
      'connectionState',
      'listenerAbsent',
      'allAbnormal',
    ]),
  )
})

test('what an address means is what the account itself has, and foreign clients do not exist', () => {
  const scene = sceneOf(allWell)
  const ask = (account: string, client: string, target: string) =>
    viewOf(scene.world, account, judgeFor(scene, account, { client, target, port: 80, protocol: 'tcp' }))
  expect(ask(consumer, 'i-ecs2', '10.0.0.50').steps).toEqual([
    { verdict: 'stops', reason: { code: 'clientUnknown', client: 'i-ecs2' } },
  ])
  expect(ask(consumer, 'i-ecs1', '10.0.0.200').steps.at(-1)).toMatchObject({
    reason: { code: 'addressOfNobody', vpc: 'vpc-consumer' },
  })
  expect(ask(consumer, 'i-ecs1', 'ep-1')).toMatchObject({ passes: true, beyond: true })
})
