/** What passes through a link, as the public API tells it a minute later: the kernel's own numbers, all of them, once. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inNetns } from '../../fixtures/command.ts'
import { until } from '../../fixtures/deployment.ts'
import { crash, ready } from '../../fixtures/restart.ts'
import {
  makeBalancer,
  makeConsumer,
  makeEndpoint,
  makeInstance,
  makeService,
  zone,
} from '../../fixtures/topology.ts'
import { datagramBurstCommand } from './programs.ts'
import { startSystem, type System } from './system.ts'

const script = fileURLToPath(new URL('../../fixtures/stream.ts', import.meta.url))
const scope = new AsyncDisposableStack()
let system: System
let service: string
let balancer: string
let endpoint: string
let client: string
let address: string

beforeAll(async () => {
  system = scope.use(await startSystem())
  const offer = await makeConsumer(system)
  const backend = await makeInstance(system, offer.vswitch, offer.group, '')
  await nextLine(start(backend, 'serve', '80'))
  balancer = await makeBalancer(system, { ...offer, backends: [backend] })
  const datagrams = { LoadBalancerId: balancer, ListenerPort: 53 }
  await system.call('Slb', 'CreateLoadBalancerUDPListener', {
    ...datagrams,
    BackendServerPort: 53,
    HealthCheckSwitch: 'off',
  })
  await system.call('Slb', 'StartLoadBalancerListener', { ...datagrams, ListenerProtocol: 'udp' })
  service = await makeService(system, [{ balancer, zone }], true)
  const network = await makeConsumer(system)
  await system.call('Ecs', 'AuthorizeSecurityGroup', {
    SecurityGroupId: network.group,
    Permissions: [{ IpProtocol: 'UDP', PortRange: '1/65535', SourceCidrIp: '0.0.0.0/0' }],
  })
  client = await makeInstance(system, network.vswitch, network.group, '')
  ;({ endpoint, address } = await makeEndpoint(system, service, network, ['Connected']))
})

afterAll(() => scope.disposeAsync())

function start(instance: string, ...words: readonly string[]): ChildProcess {
  const args = ['netns', 'exec', system.netns(instance), process.execPath, script, ...words]
  const child = spawn('ip', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  scope.defer(async () => {
    const ended = once(child, 'exit')
    if (child.kill('SIGKILL')) await ended
  })
  return child
}

async function nextLine({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('no output')
  for await (const line of createInterface({ input: stdout })) return line
  throw new Error('it ended')
}

interface Wire {
  readonly InBytes: number
  readonly InPackets: number
  readonly InDroppedPackets: number
  readonly OutBytes: number
  readonly MeasuredAt: string
}

/** The kernel's counters, as the operator sees them; undefined while they were not read. */
async function wire(): Promise<Wire | undefined> {
  const { Wires } = JSON.parse(await system.postern('metrics', '--output', 'json')) as { Wires: Wire[] }
  return Wires[0]
}

const dimensions = (of: object) => ({ Dimensions: JSON.stringify([of]) })

async function values(MetricName: string, of: object): Promise<readonly number[]> {
  const Namespace = MetricName.includes('Endpoint') ? 'acs_privatelink' : 'acs_slb_dashboard'
  const answer = await system.call('Cms', 'DescribeMetricList', { Namespace, MetricName, ...dimensions(of) })
  return (JSON.parse(String(answer['Datapoints'])) as { Average: number }[]).map(({ Average }) => Average)
}

/** Of all minutes, in the unit that is counted. */
async function total(metric: string, of: object): Promise<number> {
  const all = await values(metric, of)
  return Math.round(all.reduce((sum, value) => sum + value * 60, 0))
}

/** Datagrams: some 40 MB. */
const burst = 30_000

/** A minute has to pass, and the one that has begun. */
const minutesMs = 150_000

test(
  'bytes, packets and drops add up to what the kernel counted, also over restarts',
  { timeout: 400_000 },
  async () => {
    const limited = { ServiceId: service, EndpointId: endpoint, Bandwidth: 100 }
    await system.call('Privatelink', 'UpdateVpcEndpointConnectionAttribute', limited)
    const of = { instanceId: endpoint }
    const held = start(client, 'up', address, '80')
    await until('20 MB', async () => ((await wire())?.InBytes ?? 0) > 20e6 || undefined)
    await until(
      'a first minute',
      async () => (await total('VpcEndpointInBps', of)) > 0 || undefined,
      minutesMs,
    )
    expect(await values('ActiveConnection', { instanceId: balancer, port: '80' })).toContain(1)
    expect(await values('VpcEndpointActiveConnection', of)).toContain(1)
    for (const part of ['agent', 'server'] as const) {
      await crash(system, part)
      await system.postern('up')
      await until('everything to be in the kernel', () => ready(system))
    }
    // A burst of datagrams, of which the limit lets a small part through.
    const dropsBefore = (await wire())?.InDroppedPackets ?? 0
    await inNetns(system.netns(client), ...datagramBurstCommand(address, 53, burst))
    held.kill('SIGKILL')
    const end = await until('nothing more to pass', async () => {
      const now = await wire()
      return now && isSettled(now) ? now : undefined
    })
    await until(
      'all of it to be told',
      async () => (await total('VpcEndpointInBps', of)) >= end.InBytes * 8 || undefined,
      minutesMs,
    )
    expect(await total('VpcEndpointInBps', of)).toBe(end.InBytes * 8)
    expect(await total('VpcEndpointOutBps', of)).toBe(end.OutBytes * 8)
    expect(await total('VpcEndpointInPps', of)).toBe(end.InPackets)
    expect(await total('VpcEndpointInDropPps', of)).toBe(end.InDroppedPackets)
    expect(end.InDroppedPackets - dropsBefore).toBeGreaterThan(burst / 2)
    expect(await total('VpcEndpointNewConnection', of)).toBe(2)
    // No minute had more than the limit lets through, so none has what belongs to another one.
    expect(Math.max(...(await values('VpcEndpointInBps', of)))).toBeLessThan(110e6)

    const ofService = { instanceId: service }
    expect(await total('VpcEndpointServiceInBps', ofService)).toBe(end.InBytes * 8)
    const zoneOf = { ...ofService, endpointId: endpoint, zoneId: zone }
    expect(await total('VpcEndpointServiceEndpointZoneInPps', zoneOf)).toBe(end.InPackets)
    const listener = { instanceId: balancer, port: '80' }
    expect(await total('NewConnection', listener)).toBe(1)
    expect((await values('HeathyServerCount', listener)).at(-1)).toBe(1)
    // Beyond the wire there is one packet for each that was let through, but for the last ones of a client that was
    // killed: they may belong to no connection any more.
    const beyond =
      (await total('PacketRX', listener)) + (await total('PacketRX', { ...listener, port: '53' }))
    expect(beyond).toBeLessThanOrEqual(end.InPackets)
    expect(beyond).toBeGreaterThan(end.InPackets - 5)
  },
)

/** The agent reads every few seconds, and says again only what has changed. */
function isSettled({ MeasuredAt }: Wire): boolean {
  return Date.now() - Date.parse(MeasuredAt) > 15_000
}
