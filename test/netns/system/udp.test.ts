/** Datagrams through the link and back, also those that do not fit into one packet; and what a ping of an endpoint gets. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../fixtures/deployment.ts'
import {
  makeBalancer,
  makeConsumer,
  makeEndpoint,
  makeInstance,
  makeNlb,
  makeService,
  makeVSwitch,
  zone,
} from '../../fixtures/topology.ts'
import { echoServer, echoCommand, pingAnswerCommand } from './programs.ts'
import { command } from '../../fixtures/command.ts'
import { startSystem, type System } from './system.ts'

const scope = new AsyncDisposableStack()
let system: System
let client: string
/** Of the endpoint that leads to a CLB, and of the one that leads to an NLB. */
let addresses: readonly string[]

beforeAll(async () => {
  system = scope.use(await startSystem())
  const offer = await makeConsumer(system)
  const server = await makeInstance(system, offer.vswitch, offer.group, echoServer(5000))
  const balancer = await makeBalancer(system, { ...offer, backends: [server] })
  const listener = { LoadBalancerId: balancer, ListenerPort: 5000 }
  await system.call('Slb', 'CreateLoadBalancerUDPListener', {
    ...listener,
    BackendServerPort: 5000,
    HealthCheckSwitch: 'off',
  })
  await system.call('Slb', 'StartLoadBalancerListener', listener)
  const service = await makeService(system, [{ balancer, zone }], true)
  const behindNlb = await makeInstance(system, offer.vswitch, offer.group, echoServer(80))
  const otherZone = 'eu-central-1a'
  const other = await makeVSwitch(system, offer.vpc, '10.0.8.0/24', otherZone)
  const { nlb } = await makeNlb(system, {
    vpc: offer.vpc,
    places: [
      { zone, vswitch: offer.vswitch },
      { zone: otherZone, vswitch: other },
    ],
    backends: [behindNlb],
    protocol: 'UDP',
    listener: { ListenerPort: 5000 },
  })
  const serviceOfNlb = await makeService(system, [{ balancer: nlb, zone }], true, 'nlb')
  const network = await makeConsumer(system)
  await system.call('Ecs', 'AuthorizeSecurityGroup', {
    SecurityGroupId: network.group,
    Permissions: [{ IpProtocol: 'ALL', PortRange: '-1/-1', SourceCidrIp: '0.0.0.0/0' }],
  })
  client = await makeInstance(system, network.vswitch, network.group, '')
  const made = [
    await makeEndpoint(system, service, network, ['Connected']),
    await makeEndpoint(system, serviceOfNlb, network, ['Connected']),
  ]
  addresses = made.map(({ address }) => address)
})

afterAll(() => scope.disposeAsync())

test.each([
  { kind: 'a CLB', index: 0 },
  { kind: 'an NLB', index: 1 },
])('datagrams of all sizes come back whole through $kind, those in fragments as well', async ({ index }) => {
  const address = addresses[index] ?? ''
  const sizes = [1, 1472, 1473, 4000, 9000, 65507].map(String)
  const expected = sizes.map((size) => `${size} whole`).join('\n')
  const found = await until('the first answers', async () => {
    const { stdout } = await system.run(client, echoCommand(address, 5000, sizes))
    return stdout.startsWith('1 whole') ? stdout.trim() : undefined
  })
  expect(found).toBe(expected)
})

test('a ping of an endpoint is refused at once by an ICMP error, not left without an answer', async () => {
  const outcome = await command(
    'ip',
    'netns',
    'exec',
    system.netns(client),
    ...pingAnswerCommand(addresses[0] ?? ''),
  )
  expect(outcome.trim()).toBe('3 13')
})
