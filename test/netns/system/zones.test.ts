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
import { endCommand, endServer, inBackground } from './programs.ts'
import { startSystem, type System } from './system.ts'

const [primary, backup, bystander] = ['eu-central-1b', 'eu-central-1c', 'eu-central-1a'] as const

const scope = new AsyncDisposableStack()
let system: System
/** In the consumer's VPC and in the provider's, both in the zone that nothing happens to. */
let client: string
let near: string
let outside: Workload
let inside: Workload
/** Of the balancer whose primary zone fails, as clients of its own VPC call it. */
let balancerAddress: string
let name: string
let service: string
let endpoint: string
let addresses: readonly string[]
let servers: readonly string[]
/** Of the balancer in each zone. */
let balancers: readonly string[]
/** In the consumer's VPC, one in each zone of the endpoint. */
let clients: ReadonlyMap<string, string>

beforeAll(async () => {
  system = scope.use(await startSystem())
  const offer = await makeNet()
  servers = [
    await makeInstance(system, offer.in(primary), offer.group, endServer),
    await makeInstance(system, offer.in(backup), offer.group, endServer),
  ]
  const listener = { HealthCheckInterval: 1, HealthyThreshold: 2, UnhealthyThreshold: 2 }
  const wanted = { vpc: offer.vpc, backends: servers, listener }
  const resources = []
  for (const [zone, backupZone] of [
    [primary, backup],
    [backup, primary],
  ] as const) {
    const balancer = await makeBalancer(system, { ...wanted, vswitch: offer.in(zone), zone, backupZone })
    resources.push({ balancer, zone })
  }
  const [first] = resources
  const described = await system.call('Slb', 'DescribeLoadBalancerAttribute', {
    LoadBalancerId: first?.balancer ?? '',
  })
  balancerAddress = String(described['Address'])
  balancers = resources.map(({ balancer }) => balancer)
  service = await makeService(system, resources, true)
  const network = await makeNet()
  const places = [primary, backup].map((zone) => ({ zone, vswitch: network.in(zone) }))
  const made = await makeEndpointIn(system, service, network, places, ['Connected'])
  addresses = made.addresses
  endpoint = made.endpoint
  const told = await system.call('Privatelink', 'GetVpcEndpointAttribute', { EndpointId: endpoint })
  name = String(told['EndpointDomain'])
  clients = new Map(
    await Promise.all(
      [primary, backup].map(
        async (zone) => [zone, await makeInstance(system, network.in(zone), network.group, '')] as const,
      ),
    ),
  )
  client = await makeInstance(system, network.in(bystander), network.group, '')
  outside = new Workload(system.netns(client), 'outside')
  near = await makeInstance(system, offer.in(bystander), offer.group, '')
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
    names.add((await from.call(address, 80, { timeoutMs: 500 })).trim())
  }
  return names
}

/** The addresses that a name has for an instance, in their order. */
async function asked(instance: string, domain = name): Promise<readonly string[]> {
  const words = ['@100.100.2.136', '+short', '+tries=1', '+time=1', domain, 'A']
  const text = await inNetns(system.netns(instance), 'dig', ...words)
  return text.split('\n').filter(Boolean)
}

async function resolved(): Promise<readonly string[]> {
  return (await asked(client)).toSorted()
}

/** Whatever the turn, these are the answers in this order. */
async function expectOrder(instance: string, order: readonly string[]): Promise<void> {
  for (let turn = 0; turn < 5; turn++) expect(await asked(instance)).toEqual(order)
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

/** The name leaves the address out within five seconds, for whom it came first and for the others, and has it again. */
async function expectLeft(gone: 0 | 1, leave: () => Promise<unknown>, back: () => Promise<unknown>) {
  const [away = '', stays = ''] = gone === 0 ? addresses : addresses.toReversed()
  const own = clients.get(gone === 0 ? primary : backup) ?? ''
  await leave()
  const outMs = await timeUntil('the name to leave it out', async () => same(await asked(own), [stays]))
  await expectOrder(own, [stays])
  await expectOrder(client, [stays])
  await back()
  const inMs = await timeUntil('the name to have it again', async () => (await asked(own)).length === 2)
  await expectOrder(own, [away, stays])
  return { outMs, inMs }
}

test('the endpoint name answers the own zone first, and no zone that cannot serve; a zone name its zone', async () => {
  const [atPrimary = '', atBackup = ''] = addresses
  await expectOrder(clients.get(primary) ?? '', [atPrimary, atBackup])
  await expectOrder(clients.get(backup) ?? '', [atBackup, atPrimary])
  const which = { ServiceId: service, EndpointId: endpoint, ZoneId: primary }
  const zone = (action: string) => () =>
    system.call('Privatelink', `${action}VpcEndpointZoneConnection`, which)
  const disabled = await expectLeft(0, zone('Disable'), zone('Enable'))

  const listener = { LoadBalancerId: balancers[1] ?? '', ListenerPort: 80 }
  const checked = (HealthCheckConnectPort: number) => () =>
    system.call('Slb', 'SetLoadBalancerTCPListenerAttribute', { ...listener, HealthCheckConnectPort })
  // Nobody serves at port 81.
  const sick = await expectLeft(1, checked(81), checked(80))
  console.log(
    `zone disabled ${disabled.outMs} ms, its servers abnormal ${sick.outMs} ms, again ${sick.inMs} ms`,
  )
  expect(Math.max(disabled.outMs, sick.outMs)).toBeLessThan(5000)

  const zones = await system.call('Privatelink', 'ListVpcEndpointZones', { EndpointId: endpoint })
  for (const { ZoneDomain, EniIp } of zones['Zones'] as { ZoneDomain: string; EniIp: string }[]) {
    expect(await asked(client, ZoneDomain)).toEqual([EniIp])
  }
  const answer = await inNetns(system.netns(client), 'dig', '@100.100.2.136', '+noall', '+answer', name, 'A')
  expect(answer.split('\n').map((line) => line.split(/\s+/)[1])).toContain('3')
}, 60_000)

/** A connection from the consumer's VPC to a server of one's choice, of both balancers' that have it. */
async function reach(file: string, address: string, server: string): Promise<void> {
  await until(`a connection to ${server}`, async () => {
    await system.run(client, inBackground(file, endCommand(address)))
    return (await linesOf(client, file, 1))[0] === server || undefined
  })
}

async function linesOf(instance: string, file: string, count: number): Promise<readonly string[]> {
  return await until(`${count} lines in ${file}`, async () => {
    const text = await system.home(instance, file).catch(() => '')
    const found = text.split('\n').slice(0, -1)
    return found.length >= count ? found : undefined
  })
}

test('what was open by a zone that goes down is reset at both ends, and is an event; what was open by another goes on', async () => {
  const [first = '', second = ''] = servers
  const [atPrimary = '', atBackup = ''] = addresses
  await reach('to-living', atPrimary, second)
  await reach('to-dead', atPrimary, first)
  await reach('by-other', atBackup, second)
  const say = await outside.open(atBackup, 80)
  const toDead = await until('a connection to the zone that dies, by the other one', async () => {
    const talk = await outside.open(atBackup, 80)
    const outcome = await talk()
    return 'text' in outcome && outcome.text.trim() === first ? talk : undefined
  })
  const before = (await system.home(second, 'ends').catch(() => '')).match(/^reset$/gm)?.length ?? 0
  const start = performance.now()
  await system.postern('zone', 'down', primary)
  for (const file of ['to-living', 'to-dead']) {
    expect((await linesOf(client, file, 2))[1]).toMatch(/^reset /)
  }
  await until('the server to be told', async () => {
    const resets = (await system.home(second, 'ends')).match(/^reset$/gm)?.length ?? 0
    return resets > before || undefined
  })
  const took = performance.now() - start
  // A server of the dead zone cannot say anything: its network says so, with the client's next packet.
  expect(await toDead()).toMatchObject({ error: 'ECONNRESET' })
  expect(await linesOf(client, 'by-other', 1)).toHaveLength(1)
  expect(await say()).toBeDefined()
  const event = await until('the event', async () => {
    const words = ['events', '--since', '1h', '--endpoint', endpoint, '--output', 'json']
    const { Events } = JSON.parse(await system.postern(...words)) as { Events: Record<string, unknown>[] }
    return Events.find(({ Action }) => Action === 'TakeZoneDown')
  })
  expect(event).toMatchObject({ ZoneId: primary, Cause: 'disconnected' })
  expect(Number(event['FlowsEnded'])).toBeGreaterThanOrEqual(2)
  expect(Number(event['TookMs'])).toBeLessThan(took + 500)
  console.log(
    `zone down: event after ${String(event['TookMs'])} ms, all ends reset ${Math.round(took)} ms after the command began`,
  )
  await system.postern('zone', 'up', primary)
  await until(
    'both servers to serve',
    async () => are(await answers(inside, balancerAddress), ...servers) || undefined,
  )
}, 60_000)

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
  await system.run(near, inBackground('open', endCommand(balancerAddress)))
  await linesOf(near, 'open', 1)
  for (const zone of [primary, backup]) await system.postern('zone', 'down', zone)
  // Also who only waits is told that the balancer is gone.
  expect((await linesOf(near, 'open', 2))[1]).toMatch(/^reset /)
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
