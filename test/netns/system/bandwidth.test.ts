/** The bandwidth of a connection, changed while it is used, and its counters. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ParamValues } from '../../../src/cli/client.ts'
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
  type Consumer,
} from '../../fixtures/topology.ts'
import { datagramStream } from '../../fixtures/datagram-stream.ts'
import { connectionStatus, startSystem, type System } from './system.ts'

const script = fileURLToPath(new URL('../../fixtures/stream.ts', import.meta.url))
const scope = new AsyncDisposableStack()
let system: System
let offer: Consumer
let backend: string
let network: Consumer
let service: string
let endpoint: string
let balancer: string
let client: string
let address: string
const carried = new Map<'down' | 'up', number>()

interface Sample {
  readonly bytes: number
  readonly ms: number
  /** Of datagrams: from how many they came. */
  readonly senders: number | undefined
}

/** What a stream has carried, as its receiving end counts it. */
interface Stream {
  readonly samples: readonly Sample[]
}

beforeAll(async () => {
  system = scope.use(await startSystem())
  offer = await makeConsumer(system)
  backend = await makeInstance(system, offer.vswitch, offer.group, '')
  await once(createInterface({ input: output(start(backend, 'serve', '80')) }), 'line')
  balancer = await makeBalancer(system, { ...offer, backends: [backend] })
  service = await makeService(system, [{ balancer, zone }], true)
  network = await makeConsumer(system)
  client = await makeInstance(system, network.vswitch, network.group, '')
  ;({ endpoint, address } = await makeEndpoint(system, service, network, ['Connected']))
})

afterAll(() => scope.disposeAsync())

function start(instance: string, ...words: readonly string[]): ChildProcess {
  return startProgram(instance, [process.execPath, script, ...words])
}

function startProgram(instance: string, program: readonly string[]): ChildProcess {
  const args = ['netns', 'exec', system.netns(instance), ...program]
  const child = spawn('ip', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  scope.defer(async () => {
    const ended = once(child, 'exit')
    if (child.kill('SIGKILL')) await ended
  })
  return child
}

function output({ stdout }: ChildProcess): NodeJS.ReadableStream {
  if (!stdout) throw new Error('no output')
  return stdout
}

function follow(child: ChildProcess): Stream {
  const samples: Sample[] = []
  createInterface({ input: output(child) }).on('line', (line) => {
    const [bytes, ms, senders] = line.split(' ').map(Number)
    samples.push({ bytes: bytes ?? NaN, ms: ms ?? NaN, senders })
  })
  return { samples }
}

async function limit(Bandwidth: number): Promise<void> {
  await change(service, endpoint, { Bandwidth })
}

async function change(ServiceId: string, EndpointId: string, limits: ParamValues): Promise<void> {
  const connection = { ServiceId, EndpointId }
  await system.call('Privatelink', 'UpdateVpcEndpointConnectionAttribute', { ...connection, ...limits })
  await until(
    'the new bandwidth',
    async () => (await connectionStatus(system, ServiceId, EndpointId)) === 'Connected' || undefined,
  )
}

/** Mbit/s of payload over the next two seconds of a stream. */
async function rate({ samples }: Stream): Promise<number> {
  const first = samples.length
  const [from, to] = await until('two seconds of samples', async () => {
    const [earlier, later] = [samples[first], samples.at(-1)]
    return earlier && later && later.ms - earlier.ms >= 2000 ? ([earlier, later] as const) : undefined
  })
  return ((to.bytes - from.bytes) * 8) / 1000 / (to.ms - from.ms)
}

/** One direction at a time: acknowledgements that wait in a full queue of the other would be measured as well. */
test.each(['down', 'up'] as const)(
  'the bandwidth holds for a stream %s, and changes under it while it stays open',
  async (direction) => {
    await limit(100)
    const child = start(client, direction, address, '80')
    const stream = follow(child)
    for (const mbit of [100, 300]) {
      await limit(mbit)
      // Queues of the rate before drain first, and the sender has to find the new one.
      await rate(stream)
      const found = await rate(stream)
      // Headers take 4.4 %.
      expect(found).toBeGreaterThan(mbit * 0.85)
      expect(found).toBeLessThan(mbit * 1.15)
    }
    child.kill('SIGKILL')
    carried.set(direction, stream.samples.at(-1)?.bytes ?? NaN)
  },
)

test('the counters of the connection have grown by what was carried', async () => {
  const read = async () => {
    const { Wires } = JSON.parse(await system.postern('metrics', '--output', 'json')) as {
      Wires: { EndpointId: string; ZoneId: string; InBytes: number; OutBytes: number }[]
    }
    expect(Wires.map(({ EndpointId, ZoneId }) => [EndpointId, ZoneId])).toEqual([[endpoint, zone]])
    return Wires[0]
  }
  const [sent = NaN, received = NaN] = [carried.get('up'), carried.get('down')]
  expect(sent).toBeGreaterThan(50e6)
  const wire = await until('counters that are not older', async () => {
    const found = await read()
    return found && found.InBytes >= sent && found.OutBytes >= received ? found : undefined
  })
  // Headers, acknowledgements, and what was under way when the stream ended.
  expect(wire.InBytes).toBeLessThan(sent * 1.2)
  expect(wire.OutBytes).toBeLessThan(received * 1.2)
  expect(await system.postern('metrics')).toContain(endpoint)
})

test('the bandwidth holds for datagrams both ways, and changes under a flow that stays the same one', async () => {
  const listener = { LoadBalancerId: balancer, ListenerPort: 5000 }
  const datagrams = { ...listener, BackendServerPort: 5000, HealthCheckSwitch: 'off' }
  await system.call('Slb', 'CreateLoadBalancerUDPListener', datagrams)
  await system.call('Slb', 'StartLoadBalancerListener', listener)
  const server = follow(startProgram(backend, datagramStream('serve', '5000')))
  await until('the server', async () => server.samples.length > 0 || undefined)
  for (const direction of ['up', 'down'] as const) {
    await limit(100)
    const child = startProgram(client, datagramStream(direction, address, '5000'))
    const stream = direction === 'up' ? server : follow(child)
    await until('datagrams', async () => (stream.samples.at(-1)?.bytes ?? 0) > 1e6 || undefined)
    for (const mbit of [100, 300]) {
      await limit(mbit)
      const found = await rate(stream)
      // Headers take 3 %.
      expect(found, `${direction}, ${mbit} Mbit/s`).toBeGreaterThan(mbit * 0.9)
      expect(found, `${direction}, ${mbit} Mbit/s`).toBeLessThan(mbit * 1.05)
    }
    expect(stream.samples.at(-1)?.senders).toBe(1)
    child.kill('SIGKILL')
  }
})

test('a connection to an NLB is limited when its owner wants it, while a stream goes on', async () => {
  const other = 'eu-central-1a'
  const places = [
    { zone, vswitch: offer.vswitch },
    { zone: other, vswitch: await makeVSwitch(system, offer.vpc, '10.0.9.0/24', other) },
  ]
  const { nlb } = await makeNlb(system, { ...offer, places, backends: [backend] })
  const scaling = await makeService(system, [{ balancer: nlb, zone }], true, 'nlb')
  const made = await makeEndpoint(system, scaling, network, ['Connected'])
  await change(scaling, made.endpoint, { Bandwidth: 100 })
  const child = start(client, 'up', made.address, '80')
  const stream = follow(child)
  expect(await rate(stream)).toBeGreaterThan(200)
  for (const [mode, fits] of [
    ['BandwidthLimit', (mbit: number) => mbit > 85 && mbit < 115],
    ['Scalability', (mbit: number) => mbit > 200],
  ] as const) {
    await change(scaling, made.endpoint, { TrafficControlMode: mode })
    await rate(stream)
    expect(await rate(stream), mode).toSatisfy(fits)
  }
  child.kill('SIGKILL')
})
