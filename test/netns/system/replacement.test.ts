/** A service resource is replaced under open flows: gracefully they finish where they are, by force they end. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../fixtures/deployment.ts'
import {
  makeBalancer,
  makeConsumer,
  makeEndpoint,
  makeInstance,
  makeService,
  zone,
  type Consumer,
} from '../../fixtures/topology.ts'
import { command } from '../../fixtures/command.ts'
import { restartAgent } from '../../fixtures/restart.ts'
import { datagramCommand, headerServer, inBackground, lineServer } from './programs.ts'
import { startBeat, startSystem, type Beat, type System } from './system.ts'

const scope = new AsyncDisposableStack()
let system: System
let offer: Consumer
let elsewhere: Consumer

beforeAll(async () => {
  system = scope.use(await startSystem())
  offer = await makeConsumer(system)
  elsewhere = await makeConsumer(system)
})

afterAll(() => scope.disposeAsync())

interface Zone {
  readonly ZoneStatus: string
  readonly ResourceId: string
  readonly EniId: string
  readonly ReplacedResourceId: string
  readonly ReplacedEniId: string
}

/**
 * A PROXY header names a load balancer by its address: no two have the same one, also in two VPCs. Instances get those that follow
 * the last one that was taken.
 */
let nextAddress = 100

/**
 * A service with a load balancer in `offer` and another one in the given network; the first carries the connection. Both pass datagrams
 * to port 53 too, and connections to port 90 with a PROXY header, which a relay writes.
 */
async function makeChoice(second: Consumer) {
  const networks = [offer, second]
  const instances: string[] = []
  const balancers: string[] = []
  for (const { vpc, vswitch, group } of networks) {
    const userData = `${headerServer(90).replace('exec perl', 'perl').trimEnd()} &\n${lineServer('tcp/80', 'udp/53')}`
    const instance = await makeInstance(system, vswitch, group, userData)
    instances.push(instance)
    const address = `10.0.1.${nextAddress}`
    nextAddress += 10
    const balancer = await makeBalancer(system, { vpc, vswitch, backends: [instance], address })
    balancers.push(balancer)
    const more = [
      ['UDP', 53, { HealthCheckSwitch: 'off' }],
      ['TCP', 90, { Bandwidth: -1, ProxyProtocolV2Enabled: true }],
    ] as const
    for (const [protocol, ListenerPort, settings] of more) {
      const listener = { LoadBalancerId: balancer, ListenerPort }
      await system.call('Slb', `CreateLoadBalancer${protocol}Listener`, {
        ...listener,
        BackendServerPort: ListenerPort,
        ...settings,
      })
      await system.call('Slb', 'StartLoadBalancerListener', listener)
    }
  }
  const [from = '', to = ''] = balancers
  const service = await makeService(system, [{ balancer: from, zone }], true)
  const network = await makeConsumer(system)
  const client = await makeInstance(system, network.vswitch, network.group, '')
  const { endpoint, address } = await makeEndpoint(system, service, network, ['Connected'])
  const connection = { ServiceId: service, EndpointId: endpoint }
  const attach = { ServiceId: service, ResourceId: to, ResourceType: 'slb' }
  await system.call('Privatelink', 'AttachResourceToVpcEndpointService', attach)
  const reserve = { ServiceId: service, ResourceId: from, AutoAllocatedEnabled: false }
  await system.call('Privatelink', 'UpdateVpcEndpointServiceResourceAttribute', reserve)
  const zoneOf = async (): Promise<Zone> => {
    const answer = await system.call('Privatelink', 'ListVpcEndpointConnections', connection)
    const [only] = (answer['Connections'] as { Zones: Zone[] }[])[0]?.Zones ?? []
    if (!only) throw new Error('the endpoint has no zone')
    return only
  }
  return {
    instances,
    from,
    to,
    network,
    client,
    endpoint,
    address,
    zoneOf,
    replace: async (ResourceReplaceMode: 'Graceful' | 'Force', status: string) => {
      const change = { ...connection, ZoneId: zone, ResourceId: to, ResourceType: 'slb', ResourceReplaceMode }
      await system.call('Privatelink', 'UpdateVpcEndpointZoneConnectionResourceAttribute', change)
      await until(status, async () => (await zoneOf()).ZoneStatus === status || undefined)
    },
    closeReplaced: async () => {
      const close = { ...connection, ZoneId: zone, ReplacedResource: true }
      await system.call('Privatelink', 'DisableVpcEndpointZoneConnection', close)
      await until('Connected', async () => (await zoneOf()).ZoneStatus === 'Connected' || undefined)
    },
    /** The addresses of the endpoint's ENIs. */
    addresses: async () => {
      const answer = await system.call('Privatelink', 'ListVpcEndpointZones', { EndpointId: endpoint })
      return (answer['Zones'] as { EniIp: string }[]).map(({ EniIp }) => EniIp)
    },
  }
}

const isCut = async (beat: Beat) => (await beat.lines()).some((line) => line.startsWith('cut'))

/** Which load balancers (addresses in hexadecimal) the PROXY headers of these lines name. */
function headedTo(lines: readonly string[]): ReadonlySet<string> {
  const headers = lines.flatMap((line) => /^0d0a0d0a000d0a515549540a(\w+) /.exec(line)?.[1] ?? [])
  return new Set(headers.map((rest) => rest.slice(16, 24)))
}

/** Datagrams from one port, one after the other; `next` is the name that answers the ones from now on. */
async function startDatagrams(client: string, address: string) {
  const file = `datagrams-${randomUUID()}`
  await system.run(client, inBackground(file, datagramCommand(address, 53)))
  const read = async () => (await system.home(client, file)).split('\n').slice(0, -1)
  return {
    count: async () => (await read()).length,
    async next() {
      const seen = (await read()).length
      const more = await until('more answers', async () => {
        const lines = await read()
        return lines.length > seen + 1 ? lines : undefined
      })
      return names(more.slice(-1))[0]
    },
  }
}

interface Explained {
  readonly passes: boolean
  readonly agrees: boolean
  readonly model: { readonly steps: readonly { readonly reason: { readonly balancer?: string } }[] }
}

type Names = readonly (string | undefined)[]

/** Who answered, of these lines. */
function names(lines: readonly string[]): Names {
  return [...new Set(lines.map((line) => line.split(' ')[0]))]
}

test.each([
  ['in the same VPC', () => offer],
  ['in another VPC', () => elsewhere],
])(
  'Graceful, to a load balancer %s: open flows stay, new ones go over, none is refused',
  async (_, second) => {
    const choice = await makeChoice(second())
    const [older, newer] = choice.instances
    const held = await startBeat(system, choice.client, 'held', choice.address)
    const fresh = await startBeat(system, choice.client, 'new', choice.address)
    expect([names(await held.lines()), names(await fresh.lines())]).toEqual([[older], [older]])
    const datagrams = await startDatagrams(choice.client, choice.address)
    expect(await datagrams.next()).toBe(older)
    const relayed = await startBeat(system, choice.client, 'held', choice.address, 90)
    const first = headedTo(await relayed.lines())
    expect(first.size).toBe(1)

    await choice.replace('Graceful', 'Migrated')
    const replaced = await choice.zoneOf()
    expect(replaced).toMatchObject({ ResourceId: choice.to, ReplacedResourceId: choice.from })
    const migrated = (await fresh.lines()).length + 1
    await Promise.all([held.goesOn(100), fresh.goesOn(100)])
    expect(names(await held.lines())).toEqual([older])
    expect(names((await fresh.lines()).slice(migrated))).toEqual([newer])
    // The new ENI answers too, and only the new load balancer does.
    const [address = ''] = await choice.addresses()
    expect(address).not.toBe(choice.address)
    const direct = await startBeat(system, choice.client, 'new', address)
    expect(names(await direct.lines())).toEqual([newer])
    // Datagrams that never stop are an open flow; one from another port is a new one.
    expect(await datagrams.next()).toBe(older)
    expect(await (await startDatagrams(choice.client, choice.address)).next()).toBe(newer)
    // The same through a relay: the header names the load balancer.
    await relayed.goesOn(20)
    const anew = await startBeat(system, choice.client, 'new', choice.address, 90)
    const now = headedTo(await anew.lines())
    expect([now.size, [...now].some((to) => first.has(to))]).toEqual([1, false])
    // Told of the way that a new flow takes.
    const asked = ['explain', choice.client, `${choice.endpoint}:80`, '--output', 'json']
    const told = JSON.parse(await system.postern(...asked)) as Explained
    expect(told).toMatchObject({ passes: true, agrees: true })
    expect(told.model.steps.map(({ reason }) => reason.balancer).filter(Boolean)).not.toContain(choice.from)
    expect(told.model.steps.map(({ reason }) => reason.balancer)).toContain(choice.to)

    await choice.closeReplaced()
    await until('the relayed flow to end', async () => (await isCut(relayed)) || undefined)
    await until('the open flow to end', async () => (await isCut(held)) || undefined)
    const answered = await datagrams.count()
    await direct.goesOn(20)
    // The old address is gone, whoever goes on calling it.
    expect(await datagrams.count()).toBe(answered)
    expect(await choice.addresses()).toEqual([address])
    const links = await command('ip', '-n', system.netns(choice.network.vpc), '-o', 'link')
    expect(links.match(/cw-/g)).toHaveLength(1)
  },
)

test('Force: open flows end, new ones go to the other load balancer under the same address', async () => {
  const choice = await makeChoice(offer)
  const [, newer] = choice.instances
  const held = await startBeat(system, choice.client, 'held', choice.address)
  await choice.replace('Force', 'Connected')
  await until('the open flow to end', async () => (await isCut(held)) || undefined)
  const fresh = await startBeat(system, choice.client, 'new', choice.address)
  expect(names(await fresh.lines())).toEqual([newer])
  expect(await choice.zoneOf()).toMatchObject({ ReplacedResourceId: '', ReplacedEniId: '' })
  const event = await until('the event', async () => {
    const words = ['events', '--since', '1h', '--endpoint', choice.endpoint, '--output', 'json']
    const { Events } = JSON.parse(await system.postern(...words)) as { Events: Record<string, unknown>[] }
    return Events.at(-1)
  })
  expect(event).toMatchObject({
    Action: 'UpdateVpcEndpointZoneConnectionResourceAttribute',
    Cause: 'disconnected',
  })
  // A flow that goes on sending may be refused, and so over, before it is counted.
  expect([0, 1]).toContain(event['FlowsEnded'])
  console.log(`force: all ends reset ${String(event['TookMs'])} ms after the call`)
})

test('an agent that starts anew in the middle leaves both sides as they are', async () => {
  const choice = await makeChoice(elsewhere)
  const [older, newer] = choice.instances
  const held = await startBeat(system, choice.client, 'held', choice.address)
  await choice.replace('Graceful', 'Migrated')
  await restartAgent(system)
  await held.goesOn(20)
  expect(names(await held.lines())).toEqual([older])
  const fresh = await startBeat(system, choice.client, 'new', choice.address)
  expect(names(await fresh.lines())).toEqual([newer])
})
