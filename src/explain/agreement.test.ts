/** Random worlds: the judgement says what the model of the isolation test says, in which nothing is shared with it. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { walkthrough } from '../../test/fixtures/walkthrough.ts'
import { whoAnswers, type Group, type Member, type World as Model } from '../../test/netns/system/model.ts'
import type { World } from '../model/world.ts'
import { judge } from './judge.ts'

const vpcs = ['vpc-consumer', 'vpc-provider'] as const
const groupNames = ['sg-a', 'sg-b', 'sg-c'] as const
const addresses = ['10.0.0.10', '10.0.0.11', '10.0.0.12']
const ports = [79, 80, 81]

const ruleOf = fc.record({
  direction: fc.constantFrom('ingress' as const, 'egress' as const),
  policy: fc.constantFrom('accept' as const, 'drop' as const),
  protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'all' as const),
  ports: fc.constantFrom<[number, number]>([80, 80], [80, 81], [1, 79]),
  priority: fc.integer({ min: 1, max: 3 }),
  peer: fc.oneof(
    fc.constantFrom('0.0.0.0/0', '10.0.0.10/31', '10.0.0.12/32').map((cidr) => ({ cidr })),
    fc.constantFrom(...groupNames).map((group) => ({ group })),
  ),
})

/** A group, its rules about groups of its own VPC only: others the API refuses. */
const groups = fc
  .tuple(
    ...groupNames.map((_, place) =>
      fc.record({
        innerAccess: fc.boolean(),
        rules: fc.array(ruleOf, { maxLength: 4 }),
        vpc: fc.constant(vpcs[place === 2 ? 1 : 0]),
      }),
    ),
  )
  .map((made): Readonly<Record<string, Group>> => {
    const vpcOf = (name: string) => made[groupNames.findIndex((one) => one === name)]?.vpc
    return Object.fromEntries(
      made.map((group, place) => [
        groupNames[place] ?? '',
        {
          ...group,
          rules: group.rules.filter(({ peer }) => !('group' in peer) || vpcOf(peer.group) === group.vpc),
        },
      ]),
    )
  })

const ownGroups = fc.subarray(['sg-a', 'sg-b'], { minLength: 1 })
const models = fc.record({
  groups,
  members: fc.tuple(ownGroups, ownGroups, fc.constant(['sg-c']), fc.constant(['sg-c']), ownGroups),
  connected: fc.boolean(),
  backend: fc.constantFrom('i-c', 'i-d'),
})

type Random = typeof models extends fc.Arbitrary<infer Value> ? Value : never

function modelOf({ groups: made, members, connected, backend }: Random): Model {
  const machine = (vpc: string, address: string, place: number): Member => ({
    vpc,
    address,
    groups: members[place] ?? [],
  })
  return {
    groups: made,
    machines: {
      'i-a': machine(vpcs[0], '10.0.0.10', 0),
      'i-b': machine(vpcs[0], '10.0.0.11', 1),
      'i-c': machine(vpcs[1], '10.0.0.10', 2),
      'i-d': machine(vpcs[1], '10.0.0.12', 3),
    },
    balancer: { vpc: vpcs[1], address: '10.0.0.100', backend },
    endpoint: { vpc: vpcs[0], address: '10.0.0.50', groups: members[4], connected },
    served: ports.flatMap((port) => [`tcp/${port}`, `udp/${port}`]),
  }
}

function worldOf(model: Model): World {
  const made = Object.entries(model.machines)
  const [instance] = walkthrough.instances
  const [eni] = walkthrough.enis
  const [endpoint] = walkthrough.endpoints
  const [listener] = walkthrough.loadBalancers[0]?.listeners ?? []
  if (!instance || !eni || !endpoint || !listener) throw new Error('the walkthrough has no such things')
  const backend = model.machines[model.balancer.backend]
  const server = { server: model.balancer.backend, address: backend?.address ?? '', port: 80, weight: 100 }
  const world = {
    ...walkthrough,
    instances: made.map(([id, { vpc }]) => ({ ...instance, id, vpc })),
    enis: [
      ...made.map(([id, { vpc, address, groups: securityGroups }]) => ({
        ...eni,
        id: `eni-${id}`,
        vpc,
        address,
        securityGroups,
        attachment: { kind: 'instance', instance: id, primary: true, device: 0 },
      })),
      {
        ...eni,
        id: 'eni-ep',
        vpc: model.endpoint.vpc,
        address: model.endpoint.address,
        securityGroups: model.endpoint.groups,
        attachment: { kind: 'endpoint', endpoint: 'ep-1' },
      },
    ],
    securityGroups: Object.entries(model.groups).map(([id, { vpc, innerAccess, rules }]) => ({
      id,
      vpc,
      innerAccess: innerAccess ? 'Accept' : 'Drop',
      rules: rules.map(({ direction, policy, protocol, ports: range, priority, peer }, place) => ({
        id: `sgr-${place}`,
        direction,
        protocol: protocol.toUpperCase(),
        fromPort: range?.[0] ?? -1,
        toPort: range?.[1] ?? -1,
        policy: policy === 'accept' ? 'Accept' : 'Drop',
        priority,
        peer: 'cidr' in peer ? { kind: 'cidr', cidr: peer.cidr } : { kind: 'group', group: peer.group },
      })),
    })),
    loadBalancers: walkthrough.loadBalancers.map((balancer) => ({
      ...balancer,
      listeners: [{ ...listener, servers: [{ ...server, standby: false }] }],
    })),
    endpoints: [{ ...endpoint, connection: model.endpoint.connected ? 'Connected' : 'Disconnected' }],
  }
  // Ids and addresses of the model are plain texts; only here they are taken for those of the world.
  return world as unknown as World
}

test('judgement and model agree about every client, address, port and protocol', () => {
  let passed = 0
  fc.assert(
    fc.property(models, (random) => {
      const model = modelOf(random)
      const scene = { world: worldOf(model), health: [], whitelist: [] }
      for (const client of Object.keys(model.machines)) {
        for (const target of [...addresses, model.balancer.address, model.endpoint.address, '10.0.0.99']) {
          for (const port of ports) {
            for (const protocol of ['tcp', 'udp'] as const) {
              const { passes, destinations } = judge(scene, { client, target, port, protocol })
              const answers = passes ? destinations[0]?.instance : '-'
              expect(`${client} ${protocol}/${target}/${port} ${answers}`).toBe(
                `${client} ${protocol}/${target}/${port} ${whoAnswers(model, client, target, protocol, port)}`,
              )
              if (passes) passed += 1
            }
          }
        }
      }
    }),
    { numRuns: 60 },
  )
  expect(passed).toBeGreaterThan(100)
})
