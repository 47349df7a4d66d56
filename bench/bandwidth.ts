/**
 * How exact the bandwidth of a connection is: one flow at a time, TCP and UDP, in each direction. It stays open while the limit is changed
 * under it, from none to each of the rates.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { setTimeout } from 'node:timers/promises'
import { datagramPort, makeLink, type Link } from './link.ts'
import { httpPort } from './load.ts'
import { count, table } from './statistics.ts'

const stream = [process.execPath, fileURLToPath(new URL('../test/fixtures/stream.ts', import.meta.url))]
const datagrams = ['perl', fileURLToPath(new URL('datagrams.pl', import.meta.url))]

/** Mbit/s; more than a connection gets by itself would show nothing. */
const limits = [undefined, 100, 1000, 3072] as const
/** What the datagrams' sender gives, whatever the limit is. */
const offeredMbps = 4000
/** Queues of the limit before drain, and a TCP sender finds the new one. */
const settleMs = 2000

const flows = [
  { title: 'TCP, to the service', protocol: 'tcp', direction: 'up' },
  { title: 'TCP, to the client', protocol: 'tcp', direction: 'down' },
  { title: 'UDP, to the service', protocol: 'udp', direction: 'up' },
  { title: 'UDP, to the client', protocol: 'udp', direction: 'down' },
] as const
type FlowKind = (typeof flows)[number]

export interface BandwidthFigure {
  readonly flow: FlowKind['title']
  /** Undefined: what the machine carries without a limit. */
  readonly limitMbps: number | undefined
  /** Payload, as its receiver counts it. */
  readonly measuredMbps: number
}

export async function measureBandwidth(
  seconds: number,
  progress: (text: string) => void,
): Promise<BandwidthFigure[]> {
  const figures: BandwidthFigure[] = []
  for (const kind of flows) {
    await using scope = new AsyncDisposableStack()
    const link = scope.use(await makeLink(undefined, 900))
    const flow = await open(scope, link, kind)
    for (const limitMbps of limits) {
      progress(`${kind.title}, ${limitMbps === undefined ? 'no limit' : `${limitMbps} Mbit/s`}`)
      await link.limit(limitMbps)
      await setTimeout(settleMs)
      figures.push({ flow: kind.title, limitMbps, measuredMbps: await flow.rate(seconds) })
    }
  }
  return figures
}

interface Flow {
  /** Mbit/s over the next seconds. */
  readonly rate: (seconds: number) => Promise<number>
}

async function open(
  scope: AsyncDisposableStack,
  { client, server, host }: Link,
  { protocol, direction }: FlowKind,
): Promise<Flow> {
  const [near, far] = programs(protocol, direction, host)
  const serving = run(scope, server, far)
  const lines = createInterface({ input: outputOf(serving) })
  await once(lines, 'line')
  const calling = run(scope, client, near)
  // Of datagrams to the service only the server knows what arrived.
  const counted =
    protocol === 'udp' && direction === 'up' ? lines : createInterface({ input: outputOf(calling) })
  let last: readonly [number, number] | undefined
  counted.on('line', (line) => {
    const [bytes = NaN, ms = NaN] = line.split(' ').map(Number)
    last = [bytes, ms]
  })
  const sample = async () => {
    await once(counted, 'line', { signal: AbortSignal.timeout(5000) })
    if (!last) throw new Error('nothing was counted')
    return last
  }
  return {
    async rate(seconds) {
      const [bytes, ms] = await sample()
      await setTimeout(seconds * 1000)
      const [later, laterMs] = await sample()
      return ((later - bytes) * 8) / 1000 / (laterMs - ms)
    },
  }
}

/** At the client, and at the server. */
function programs(
  protocol: FlowKind['protocol'],
  direction: FlowKind['direction'],
  host: string,
): readonly [readonly string[], readonly string[]] {
  if (protocol === 'tcp')
    return [
      [...stream, direction, host, `${httpPort}`],
      [...stream, 'serve', `${httpPort}`],
    ]
  const [port, offered] = [`${datagramPort}`, `${offeredMbps}`]
  return direction === 'up'
    ? [
        [...datagrams, 'send', host, port, offered],
        [...datagrams, 'receive', port],
      ]
    : [
        [...datagrams, 'ask', host, port],
        [...datagrams, 'answer', port, offered],
      ]
}

function run(scope: AsyncDisposableStack, netns: string, program: readonly string[]): ChildProcess {
  const child = spawn('ip', ['netns', 'exec', netns, ...program], { stdio: ['ignore', 'pipe', 'inherit'] })
  scope.defer(async () => {
    const ended = once(child, 'exit')
    if (child.kill('SIGKILL')) await ended
  })
  return child
}

function outputOf({ stdout }: ChildProcess): NodeJS.ReadableStream {
  if (!stdout) throw new Error('no output')
  return stdout
}

export function bandwidthTable(figures: readonly BandwidthFigure[]): string {
  const cell = ({ limitMbps, measuredMbps }: BandwidthFigure) =>
    limitMbps === undefined
      ? count(measuredMbps)
      : `${count(measuredMbps)} (${errorOf(limitMbps, measuredMbps)})`
  const head = limits.map((limit) => (limit === undefined ? 'no limit' : count(limit)))
  const rows = flows.map(({ title }) => [title, ...figures.filter(({ flow }) => flow === title).map(cell)])
  return table([['payload at a limit of, Mbit/s', ...head], ...rows])
}

function errorOf(limit: number, measured: number): string {
  const percent = ((measured - limit) / limit) * 100
  return `${percent < 0 ? '' : '+'}${percent.toFixed(1)} %`
}
