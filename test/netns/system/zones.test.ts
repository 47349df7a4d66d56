/** A zone fails: who was in it is not reached, names leave its address out, a balancer goes on from its backup zone. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inNetns } from '../../fixtures/command.ts'
import { until } from '../../fixtures/deployment.ts'
import {
  makeBalancer,
  makeEndpointIn,
  makeGroup,
  makeInstance,
  makeService,
  makeVpc,
  makeVSwitch,
} from '../../fixtures/topology.ts'
import { Workload } from '../dataplane-world.ts'
import { lineServer } from './programs.ts'
import { startSystem, type System } from './system.ts'

const [primary, backup, bystander] = ['eu-central-1b', 'eu-central-1c', 'eu-central-1a'] as const

const scope = new AsyncDisposableStack()
let system: System
/** In the consumer's VPC and in the provider's, both in the zone that nothing happens to. */
let client: string
let outside: Workload
let inside: Workload
/** Of the balancer whose primary zone fails, as clients of its own VPC call it. */
let balancerAddress: string
let name: string
let addresses: readonly string[]
let servers: readonly string[]

beforeAll(async () => {
  system = scope.use(await startSystem())
  const offer = await makeNet()
  servers = [
    await makeInstance(system, offer.in(primary), offer.group, lineServer('tcp/80')),
    await makeInstance(system, offer.in(backup), offer.group, lineServer('tcp/80')),
  ]
  const listener = { HealthCheckInterval: 1, HealthyThreshold: 2, UnhealthyThreshold: 2 }
  const wanted = { vpc: offer.vpc, backends: servers, listener }
  const resources = []
  for (const zone of [primary, backup]) {
    const balancer = await makeBalancer(system, { ...wanted, vswitch: offer.in(zone), zone })
    resources.push({ balancer, zone })
  }
  const [first] = resources
  const described = await system.call('Slb', 'DescribeLoadBalancerAttribute', {
    LoadBalancerId: first?.balancer ?? '',
  })
  balancerAddress = String(described['Address'])
  const service = await makeService(system, resources, true)
  const network = await makeNet()
  const places = [primary, backup].map((zone) => ({ zone, vswitch: network.in(zone) }))
  const made = await makeEndpointIn(system, service, network, places, ['Connected'])
  addresses = made.addresses
  const endpoint = await system.call('Privatelink', 'GetVpcEndpointAttribute', { EndpointId: made.endpoint })
  name = String(endpoint['EndpointDomain'])
  client = await makeInstance(system, network.in(bystander), network.group, '')
  outside = new Workload(system.netns(client), 'outside')
  const near = await makeInstance(system, offer.in(bystander), offer.group, '')
  inside = new Workload(system.netns(near), 'inside')
  scope.defer(() => outside.end())
  scope.defer(() => inside.end())
  await until(
    'both servers to answer',
    async () => (await answers(inside, balancerAddress)).size === 2 || undefined,
  )
})
afterAll(() => scope.disposeAsync())

/** A VPC with a vSwitch in each zone. */
async function makeNet() {
  const vpc = await makeVpc(system)
  const group = await makeGroup(system, vpc, [{ PortRange: '1/65535' }])
  const vswitches = new Map<string, string>()
  for (const [index, zone] of [primary, backup, bystander].entries()) {
    vswitches.set(zone, await makeVSwitch(system, vpc, `10.0.${index}.0/24`, zone))
  }
  return { vpc, group, in: (zone: string) => vswitches.get(zone) ?? '' }
}

/** Who answers six new connections; an error's code where nobody does. */
async function answers(from: Workload, address: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  for (let turn = 0; turn < 6; turn++) {
    names.add((await from.call(address, 80, { timeoutMs: 500 })).split(' ')[0] ?? '')
  }
  return names
}

async function resolved(): Promise<readonly string[]> {
  const words = ['@100.100.2.136', '+short', '+tries=1', '+time=1', name, 'A']
  const text = await inNetns(system.netns(client), 'dig', ...words)
  return text.split('\n').filter(Boolean).toSorted()
}

/** Milliseconds until it is so. */
async function timeUntil(what: string, holds: () => Promise<boolean>): Promise<number> {
  const start = performance.now()
  await until(what, async () => (await holds()) || undefined)
  return Math.round(performance.now() - start)
}

const are = (found: ReadonlySet<string>, ...wanted: readonly string[]) =>
  found.size === wanted.length && wanted.every((one) => found.has(one))
const same = (a: readonly string[], b: readonly string[]) => a.join() === b.toSorted().join()

test('a zone goes down and comes back', async () => {
  const [first = '', second = ''] = servers
  const [atPrimary = '', atBackup = ''] = addresses
  expect(await resolved()).toEqual(addresses.toSorted())

  await system.postern('zone', 'down', primary)
  const names = await timeUntil('the name to leave it out', async () => same(await resolved(), [atBackup]))
  await until(
    'the balancer to go on from its backup zone',
    async () => are(await answers(inside, balancerAddress), second) || undefined,
  )
  await until(
    'the other endpoint zone to meet one server only',
    async () => are(await answers(outside, atBackup), second) || undefined,
  )
  const cut = await answers(outside, atPrimary)
  expect([...cut].some((answer) => servers.includes(answer))).toBe(false)
  // Not only the balancer: nobody reaches a server of the zone.
  const gone = await inNetns(system.netns(first), 'ip', '-o', 'link')
  expect(gone).not.toContain('eth0')
  expect(await system.postern('zone', 'list')).toMatch(new RegExp(`${primary} +eu-central-1 +down`))

  await system.postern('zone', 'up', primary)
  const back = await timeUntil('the name to have it again', async () => same(await resolved(), addresses))
  await until(
    'both servers to serve',
    async () => are(await answers(inside, balancerAddress), first, second) || undefined,
  )
  await until(
    'its endpoint zone to serve',
    async () => are(await answers(outside, atPrimary), first, second) || undefined,
  )
  expect(names).toBeLessThan(5000)
  expect(back).toBeLessThan(5000)
}, 120_000)

test('with primary and backup zone down the balancer carries nothing, and then everything again', async () => {
  for (const zone of [primary, backup]) await system.postern('zone', 'down', zone)
  await until('nobody to answer', async () => {
    const found = await answers(inside, balancerAddress)
    return !servers.some((server) => found.has(server)) || undefined
  })
  for (const zone of [primary, backup]) await system.postern('zone', 'up', zone)
  await until(
    'both to answer',
    async () => are(await answers(inside, balancerAddress), ...servers) || undefined,
  )
}, 120_000)
