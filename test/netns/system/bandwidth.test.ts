/** The bandwidth of a connection, changed while it is used, and its counters. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../fixtures/deployment.ts'
import {
  makeBalancer,
  makeConsumer,
  makeEndpoint,
  makeInstance,
  makeService,
  zone,
} from '../../fixtures/topology.ts'
import { connectionStatus, startSystem, type System } from './system.ts'

const script = fileURLToPath(new URL('stream.ts', import.meta.url))
const scope = new AsyncDisposableStack()
let system: System
let service: string
let endpoint: string
let down: Stream
let up: Stream

interface Sample {
  readonly bytes: number
  readonly ms: number
}

/** What a stream has carried, as its receiving end counts it. */
interface Stream {
  readonly samples: readonly Sample[]
}

beforeAll(async () => {
  system = scope.use(await startSystem())
  const offer = await makeConsumer(system)
  const backend = await makeInstance(system, offer.vswitch, offer.group, '')
  await once(createInterface({ input: output(start(backend, 'serve', '80')) }), 'line')
  const balancer = await makeBalancer(system, { ...offer, backends: [backend] })
  service = await makeService(system, [{ balancer, zone }], true)
  const network = await makeConsumer(system)
  const client = await makeInstance(system, network.vswitch, network.group, '')
  const made = await makeEndpoint(system, service, network, ['Connected'])
  endpoint = made.endpoint
  await limit(100)
  down = follow(start(client, 'down', made.address, '80'))
  up = follow(start(client, 'up', made.address, '80'))
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

function output({ stdout }: ChildProcess): NodeJS.ReadableStream {
  if (!stdout) throw new Error('no output')
  return stdout
}

function follow(child: ChildProcess): Stream {
  const samples: Sample[] = []
  createInterface({ input: output(child) }).on('line', (line) => {
    const [bytes, ms] = line.split(' ').map(Number)
    samples.push({ bytes: bytes ?? NaN, ms: ms ?? NaN })
  })
  return { samples }
}

async function limit(Bandwidth: number): Promise<void> {
  const which = { ServiceId: service, EndpointId: endpoint }
  await system.call('Privatelink', 'UpdateVpcEndpointConnectionAttribute', { ...which, Bandwidth })
  await until(
    'the new bandwidth',
    async () => (await connectionStatus(system, service, endpoint)) === 'Connected' || undefined,
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

test.each([100, 300])(
  '%i Mbit/s are carried in each direction, on connections that stay open',
  async (mbit) => {
    await limit(mbit)
    // Queues of the rate before drain first, and the senders have to find the new one.
    await Promise.all([rate(down), rate(up)])
    for (const found of await Promise.all([rate(down), rate(up)])) {
      // Headers take 4.4 %.
      expect(found).toBeGreaterThan(mbit * 0.85)
      expect(found).toBeLessThan(mbit * 1.15)
    }
  },
)

test('the counters of the connection have grown by what was carried', async () => {
  const read = async () => {
    const { Wires } = JSON.parse(await system.postern('metrics', '--output', 'json')) as {
      Wires: { EndpointId: string; ZoneId: string; InBytes: number; OutBytes: number; InPackets: number }[]
    }
    expect(Wires.map(({ EndpointId, ZoneId }) => [EndpointId, ZoneId])).toEqual([[endpoint, zone]])
    return Wires[0]
  }
  const carried = { in: up.samples.at(-1)?.bytes ?? NaN, out: down.samples.at(-1)?.bytes ?? NaN }
  expect(carried.in).toBeGreaterThan(50e6)
  const wire = await until('counters that are not older', async () => {
    const found = await read()
    return found && found.InBytes >= carried.in && found.OutBytes >= carried.out ? found : undefined
  })
  const later = { in: up.samples.at(-1)?.bytes ?? NaN, out: down.samples.at(-1)?.bytes ?? NaN }
  // What waits in queues and buffers was counted already; headers and acknowledgements come on top.
  expect(wire.InBytes).toBeLessThan(later.in * 1.2)
  expect(wire.OutBytes).toBeLessThan(later.out * 1.2)
  expect(await system.postern('metrics')).toContain(endpoint)
})
