/** A service resource is replaced under open flows: gracefully they finish where they are, by force they end. */
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
import { lineServer } from './programs.ts'
import { startBeat, startSystem, type System } from './system.ts'

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

/** A service with a load balancer in `offer` and another one in the given network; the first carries the connection. */
async function makeChoice(second: Consumer) {
  const networks = [offer, second]
  const instances: string[] = []
  const balancers: string[] = []
  for (const { vpc, vswitch, group } of networks) {
    const instance = await makeInstance(system, vswitch, group, lineServer('tcp/80'))
    instances.push(instance)
    balancers.push(await makeBalancer(system, { vpc, vswitch, backends: [instance] }))
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

    await choice.closeReplaced()
    await until(
      'the open flow to end',
      async () => (await held.lines()).some((line) => line.startsWith('cut')) || undefined,
    )
    await direct.goesOn(20)
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
  await until(
    'the open flow to end',
    async () => (await held.lines()).some((line) => line.startsWith('cut')) || undefined,
  )
  const fresh = await startBeat(system, choice.client, 'new', choice.address)
  expect(names(await fresh.lines())).toEqual([newer])
  expect(await choice.zoneOf()).toMatchObject({ ReplacedResourceId: '', ReplacedEniId: '' })
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
