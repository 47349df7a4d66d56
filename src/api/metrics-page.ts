/**
 * `GET /metrics`: the newest readings as Prometheus reads them. It shows what belongs to all tenants, so it is the operator's: a
 * request has to bring the token that lies in the server's state directory, which only the server's user can read.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Hono } from 'hono'
import type { RandomBytes } from '../model/ids.ts'
import type { BalancerReport, HealthReport, WireReport } from '../protocol/messages.ts'
import { ifExists, writeDurableFile } from '../store/durable-file.ts'
import type { Observed } from './action.ts'

export interface MetricsPageOptions {
  readonly token: string
  readonly observed: () => Observed
  readonly agentConnected: () => boolean
}

/** The token in `file`, made at the first start. */
export async function openMetricsToken(file: string, randomBytes: RandomBytes): Promise<string> {
  const stored = await ifExists(readFile(file, 'utf8'))
  if (stored !== undefined) return stored.trim()
  const token = Buffer.from(randomBytes(32)).toString('hex')
  await writeDurableFile(file, `${token}\n`, 0o600)
  return token
}

export function createMetricsPage({ token, observed, agentConnected }: MetricsPageOptions): Hono {
  const app = new Hono()
  app.get('/', (context) => {
    const given = /^Bearer (.+)$/.exec(context.req.header('authorization') ?? '')?.[1] ?? ''
    if (!timingSafeEqual(digest(given), digest(token))) {
      return context.text('the token of the metrics is needed\n', 401, { 'www-authenticate': 'Bearer' })
    }
    const page = printMetrics(observed(), agentConnected())
    return context.text(page, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
  })
  return app
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

interface Family<Item> {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
  readonly samples: (item: Item) => readonly (readonly [labels: Labels, value: number])[]
}

type Labels = Readonly<Record<string, string>>

const endpointLabels = ({ id }: WireReport): Labels => {
  const [endpoint = '', zone = '', side = 'current'] = id.split('/')
  return { endpoint, zone, side }
}

function perWire(
  name: string,
  help: string,
  valuesOf: (wire: WireReport) => readonly (readonly [Labels, number])[],
  type: 'counter' | 'gauge' = 'counter',
): Family<WireReport> {
  const samples = (wire: WireReport) =>
    valuesOf(wire).map(([labels, value]) => [{ ...endpointLabels(wire), ...labels }, value] as const)
  return { name, type, help, samples }
}

const into = { direction: 'in' }
const outOf = { direction: 'out' }

const wireFamilies: readonly Family<WireReport>[] = [
  perWire('postern_endpoint_bytes_total', 'Bytes through an endpoint zone.', (wire) => [
    [into, wire.inBytes],
    [outOf, wire.outBytes],
  ]),
  perWire('postern_endpoint_packets_total', 'Packets through an endpoint zone.', (wire) => [
    [into, wire.inPackets],
    [outOf, wire.outPackets],
  ]),
  perWire(
    'postern_endpoint_dropped_packets_total',
    'Packets of an endpoint zone that were dropped.',
    (wire) => [
      [{ ...into, reason: 'bandwidth' }, wire.inDropped],
      [{ ...outOf, reason: 'bandwidth' }, wire.outDropped],
      [{ ...into, reason: 'security-group' }, wire.denied],
      [{ ...into, reason: 'no-listener' }, wire.unserved],
    ],
  ),
  perWire('postern_endpoint_connections_total', 'Connections that came by an endpoint zone.', (wire) => [
    [{}, wire.newConnections],
  ]),
  perWire(
    'postern_endpoint_dropped_connections_total',
    'Connections of an endpoint zone that a limit of its consumer dropped.',
    ({ overConnections }) => [[{ reason: 'consumer-limit' }, overConnections]],
  ),
  perWire(
    'postern_endpoint_active_connections',
    'Connections that are open through an endpoint zone.',
    (wire) => [[{}, wire.activeConnections]],
    'gauge',
  ),
  perWire(
    'postern_endpoint_source_ports',
    'Source ports of an endpoint zone, towards the listener that takes most.',
    ({ portsUsed, portsInAll }) => [
      [{ state: 'used' }, portsUsed],
      [{ state: 'available' }, portsInAll - portsUsed],
    ],
    'gauge',
  ),
]

type ListenerValues = BalancerReport['listeners'][number]

function perListener(
  name: string,
  help: string,
  valuesOf: (listener: ListenerValues) => readonly (readonly [Labels, number])[],
  type: 'counter' | 'gauge' = 'counter',
): Family<BalancerReport> {
  const samples = ({ id: balancer, listeners }: BalancerReport) =>
    listeners.flatMap((listener) => {
      const { protocol, port } = listener
      const own = { balancer, protocol, port: String(port) }
      return valuesOf(listener).map(([labels, value]) => [{ ...own, ...labels }, value] as const)
    })
  return { name, type, help, samples }
}

const balancerFamilies: readonly Family<BalancerReport>[] = [
  {
    name: 'postern_balancer_dropped_connections_total',
    type: 'counter',
    help: 'Connections that a limit of the balancer dropped.',
    samples: ({ id: balancer, overRate, overConnections }) => [
      [{ balancer, reason: 'new-connections' }, overRate],
      [{ balancer, reason: 'open-connections' }, overConnections],
    ],
  },
  perListener('postern_listener_bytes_total', 'Bytes of a listener.', (listener) => [
    [into, listener.inBytes],
    [outOf, listener.outBytes],
  ]),
  perListener('postern_listener_packets_total', 'Packets of a listener.', (listener) => [
    [into, listener.inPackets],
    [outOf, listener.outPackets],
  ]),
  perListener('postern_listener_connections_total', 'Connections that a listener took.', (listener) => [
    [{}, listener.newConnections],
  ]),
  perListener(
    'postern_listener_dropped_connections_total',
    'Connections that a limit of the listener dropped.',
    (listener) => [[{ reason: 'new-connections' }, listener.overRate]],
  ),
  perListener(
    'postern_listener_dropped_packets_total',
    'Packets that the bandwidth of a listener dropped.',
    (listener) => [
      [into, listener.inDropped],
      [outOf, listener.outDropped],
    ],
  ),
  perListener(
    'postern_listener_active_connections',
    'Connections of a listener that are open.',
    (listener) => [[{}, listener.activeConnections]],
    'gauge',
  ),
]

const serverFamily: Family<HealthReport> = {
  name: 'postern_server_healthy',
  type: 'gauge',
  help: 'Whether a server of a listener passes its health check.',
  samples: ({ balancer, protocol, port, server, backendPort, status }) => [
    [
      { balancer, protocol, port: String(port), server, server_port: String(backendPort) },
      status === 'normal' ? 1 : 0,
    ],
  ],
}

/** Labels name what exists, so there are as many as objects; beyond this many of a kind the rest is left out, and said to be. */
const mostShown = 5000

function printMetrics({ wires, balancers, health }: Observed, agentConnected: boolean): string {
  const checked = health.filter(({ status }) => status !== 'unavailable')
  const omitted = [wires, balancers, checked].reduce(
    (sum, items) => sum + Math.max(0, items.length - mostShown),
    0,
  )
  const lines = [
    ...header('postern_agent_connected', 'gauge', 'Whether the agent is there.'),
    `postern_agent_connected ${agentConnected ? 1 : 0}`,
    ...header('postern_objects_omitted', 'gauge', 'Objects that are not shown because there are too many.'),
    `postern_objects_omitted ${omitted}`,
    ...wireFamilies.flatMap((family) => printFamily(family, wires)),
    ...balancerFamilies.flatMap((family) => printFamily(family, balancers)),
    ...printFamily(serverFamily, checked),
  ]
  return `${lines.join('\n')}\n`
}

function printFamily<Item>({ name, type, help, samples }: Family<Item>, items: readonly Item[]): string[] {
  const shown = items.slice(0, mostShown).flatMap(samples)
  return [...header(name, type, help), ...shown.map(([labels, value]) => `${name}${print(labels)} ${value}`)]
}

function header(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`]
}

/** Values are ids, zones and numbers: nothing in them needs escaping. */
function print(labels: Labels): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}}`
}
