/** The three loads, each from inside a client's namespace. Bounded in time and connections. */
import { inNetns } from '../test/fixtures/command.ts'

export interface Load {
  readonly id: 'keepAlive' | 'close' | 'bulk'
  readonly title: string
  readonly unit: string
  /** Requests/s, connections/s or Gbit/s. */
  readonly run: (netns: string, host: string, seconds: number) => Promise<number>
}

export const httpPort = 80
export const iperfPort = 5201

export const loads: readonly Load[] = [
  {
    id: 'keepAlive',
    title: 'HTTP keep-alive',
    unit: 'requests/s',
    run: (netns, host, seconds) => requestsPerS(netns, `${host}:${httpPort}`, seconds, 32),
  },
  {
    id: 'close',
    title: 'HTTP close',
    unit: 'connections/s',
    run: (netns, host, seconds) => connectionsPerS(netns, `${host}:${httpPort}`, seconds),
  },
  { id: 'bulk', title: 'TCP bulk', unit: 'Gbit/s', run: iperf },
]

/** With one connection: what a round trip takes. */
export function requestsPerS(
  netns: string,
  target: string,
  seconds: number,
  connections: number,
): Promise<number> {
  return wrk(netns, target, seconds, connections)
}

/** One request each. */
export function connectionsPerS(netns: string, target: string, seconds: number): Promise<number> {
  return wrk(netns, target, seconds, 32, '-H', 'Connection: close')
}

async function wrk(
  netns: string,
  target: string,
  seconds: number,
  connections: number,
  ...extra: string[]
): Promise<number> {
  const duration = ['--duration', `${seconds}s`]
  const output = await inNetns(
    netns,
    'wrk',
    '--threads',
    '1',
    '--connections',
    `${connections}`,
    ...duration,
    ...extra,
    `http://${target}/`,
  )
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]
  const errors = /Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1]
  if (!rate || errors) throw new Error(`wrk failed:\n${output}`)
  return Number(rate)
}

async function iperf(netns: string, host: string, seconds: number): Promise<number> {
  const output = await inNetns(
    netns,
    'iperf3',
    '--client',
    host,
    '--port',
    String(iperfPort),
    '--time',
    String(seconds),
    '--json',
  )
  const result = JSON.parse(output) as { end: { sum_received: { bits_per_second: number } } }
  return result.end.sum_received.bits_per_second / 1e9
}
