/** Names of endpoints: who may resolve them, in which order, and that nothing else is answered. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inNetns } from '../../fixtures/command.ts'
import { until } from '../../fixtures/deployment.ts'
import {
  makeBalancer,
  makeGroup,
  makeInstance,
  makeService,
  makeVpc,
  makeVSwitch,
} from '../../fixtures/topology.ts'
import { lineServer, tryCommand } from './programs.ts'
import { startSystem, type System } from './system.ts'

const zones = ['eu-central-1b', 'eu-central-1c'] as const
type Zone = (typeof zones)[number]

const scope = new AsyncDisposableStack()
let system: System
let stranger: string
let endpointDomain: string
const clients = new Map<Zone, string>()
const backends = new Map<Zone, string>()
const addresses = new Map<Zone, string>()
const zoneDomains = new Map<Zone, string>()

const get = <Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): Value => {
  const value = map.get(key)
  if (value === undefined) throw new Error(`nothing for ${String(key)}`)
  return value
}

beforeAll(async () => {
  system = scope.use(await startSystem())
  const offer = await makeZones(lineServer('tcp/80'))
  const resources = []
  for (const zone of zones) {
    const [vswitch, backend] = [get(offer.vswitches, zone), get(offer.instances, zone)]
    backends.set(zone, backend)
    const balancer = await makeBalancer(system, { vpc: offer.vpc, vswitch, zone, backends: [backend] })
    resources.push({ balancer, zone })
  }
  stranger = backends.get('eu-central-1c') ?? ''
  const service = await makeService(system, resources, true)
  const network = await makeZones('')
  for (const zone of zones) clients.set(zone, get(network.instances, zone))
  const made = await system.call('Privatelink', 'CreateVpcEndpoint', {
    ServiceId: service,
    VpcId: network.vpc,
    SecurityGroupId: [network.group],
    Zone: zones.map((ZoneId) => ({ ZoneId, VSwitchId: get(network.vswitches, ZoneId) })),
  })
  endpointDomain = String(made['EndpointDomain'])
  await until('both zones to be connected', async () => {
    const EndpointId = String(made['EndpointId'])
    const answer = await system.call('Privatelink', 'ListVpcEndpointZones', { EndpointId })
    const found = answer['Zones'] as { ZoneId: Zone; ZoneStatus: string; ZoneDomain: string; EniIp: string }[]
    for (const zone of found) {
      addresses.set(zone.ZoneId, zone.EniIp)
      zoneDomains.set(zone.ZoneId, zone.ZoneDomain)
    }
    return found.every(({ ZoneStatus }) => ZoneStatus === 'Connected') || undefined
  })
})

afterAll(() => scope.disposeAsync())

/** A VPC with a vSwitch and an instance in each zone. */
async function makeZones(userData: string) {
  const vpc = await makeVpc(system)
  const group = await makeGroup(system, vpc, [{ PortRange: '1/65535' }])
  const vswitches = new Map<Zone, string>()
  const instances = new Map<Zone, string>()
  for (const [index, zone] of zones.entries()) {
    const vswitch = await makeVSwitch(system, vpc, `10.0.${index}.0/24`, zone)
    vswitches.set(zone, vswitch)
    instances.set(zone, await makeInstance(system, vswitch, group, userData))
  }
  return { vpc, group, vswitches, instances }
}

/** Status and addresses of an answer, as `NOERROR 10.0.0.1 10.0.1.1`. */
async function ask(instance: string, name: string, ...options: readonly string[]): Promise<string> {
  const server = options.some((option) => option.startsWith('@')) ? [] : ['@100.100.2.136']
  const words = ['+tries=3', '+time=2', '+noall', '+comments', '+answer', ...server, ...options, name, 'A']
  const text = await inNetns(system.netns(instance), 'dig', ...words)
  const status = /status: (\w+)/.exec(text)?.[1]
  const found = [...text.matchAll(/\sIN\s+A\s+(\S+)/g)].map(([, address]) => address)
  return [status, ...found].join(' ')
}

const inOrder = (first: Zone) =>
  ['NOERROR', ...[first, ...zones.filter((zone) => zone !== first)].map((zone) => get(addresses, zone))].join(
    ' ',
  )

test.each(zones)("a client in %s gets its own zone's address first", async (zone) => {
  const client = get(clients, zone)
  for (const server of ['@100.100.2.136', '@100.100.2.138']) {
    for (const transport of ['+notcp', '+tcp']) {
      // Asked twice: the zones do not take turns.
      for (const turn of [1, 2]) {
        expect([turn, await ask(client, endpointDomain, server, transport)]).toEqual([turn, inOrder(zone)])
      }
    }
  }
})

test.each(zones)("the name of %s is that zone's address for everybody in the VPC", async (zone) => {
  for (const client of clients.values()) {
    expect(await ask(client, get(zoneDomains, zone))).toBe(`NOERROR ${get(addresses, zone)}`)
  }
})

test.each(zones)('a program in %s that uses the name reaches the service in its zone', async (zone) => {
  const { stdout } = await system.run(get(clients, zone), tryCommand([`tcp/${endpointDomain}/80`], 5))
  expect(stdout).toBe(`tcp/${endpointDomain}/80 ${get(backends, zone)}\n`)
})

test("in the provider's VPC the names do not exist", async () => {
  for (const name of [endpointDomain, ...zoneDomains.values()]) {
    expect(await ask(stranger, name)).toBe('NXDOMAIN')
    expect(await ask(stranger, name, '+tcp')).toBe('NXDOMAIN')
  }
})

test('other names are refused, and nothing is looked up elsewhere', async () => {
  for (const client of [...clients.values(), stranger]) {
    for (const name of ['example.com', 'localhost', '.']) expect(await ask(client, name)).toBe('REFUSED')
  }
})
