/** Datagrams over the link, as a ratio to one veth pair in the same round: there and back, and one way. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { inNetns } from '../test/fixtures/command.ts'
import { datagramPort } from './link.ts'
import { pathKinds, type Path, type PathKind } from './paths.ts'
import { count, median, table } from './statistics.ts'

const script = fileURLToPath(new URL('round-trips.pl', import.meta.url))
const port = `${datagramPort}`
/** HAProxy carries no datagrams. */
const kinds = pathKinds.filter(({ id }) => id !== 'haproxy')
/** Round trips under way at the same time. */
const manyUnderWay = 64

const quantities = [
  { id: 'one', title: 'one under way, round trips/s' },
  { id: 'oneMedian', title: '… median, µs' },
  { id: 'oneP99', title: '… 99 %, µs' },
  { id: 'many', title: `${manyUnderWay} under way, round trips/s` },
  { id: 'manyLost', title: '… lost, %' },
  { id: 'oneWay', title: 'one way, arrived/s' },
  { id: 'oneWayLost', title: '… lost, %' },
] as const
type Quantity = (typeof quantities)[number]['id']

export interface UdpFigure {
  readonly path: PathKind['id']
  readonly quantity: Quantity
  readonly samples: readonly number[]
  readonly median: number
  /** To the direct pair in the same round. */
  readonly ratio: number
}

export async function measureUdp(
  folder: string,
  rounds: number,
  seconds: number,
  progress: (text: string) => void,
): Promise<UdpFigure[]> {
  const found = new Map<PathKind['id'], Record<Quantity, number>[]>(kinds.map(({ id }) => [id, []]))
  for (let round = 1; round <= rounds; round++) {
    for (const kind of kinds) {
      progress(`datagrams, round ${round}/${rounds}: ${kind.title}`)
      await using path = await kind.build(folder)
      found.get(kind.id)?.push(await measure(path, seconds))
    }
  }
  return kinds.flatMap(({ id: path }) =>
    quantities.map(({ id: quantity }) => {
      const samplesOf = (kind: PathKind['id']) => (found.get(kind) ?? []).map((figures) => figures[quantity])
      const samples = samplesOf(path)
      const direct = samplesOf('direct')
      const ratios = samples.map((value, round) => value / (direct[round] ?? Number.NaN))
      return { path, quantity, samples, median: median(samples), ratio: median(ratios) }
    }),
  )
}

async function measure(path: Path, seconds: number): Promise<Record<Quantity, number>> {
  const one = await ask(path, 1, seconds)
  const many = await ask(path, manyUnderWay, seconds)
  const { sent, arrived, lasted } = await flood(path, seconds)
  return {
    one: one.perSecond,
    oneMedian: one.medianMicros,
    oneP99: one.p99Micros,
    many: many.perSecond,
    manyLost: many.lostPercent,
    oneWay: arrived / lasted,
    oneWayLost: (1 - arrived / sent) * 100,
  }
}

async function ask({ client, server, host }: Path, underWay: number, seconds: number) {
  await using _ = await serve(server, 'echo')
  const words = ['ask', host, port, `${underWay}`, `${seconds}`]
  const [came = NaN, lost = NaN, lasted = NaN, medianMicros = NaN, p99Micros = NaN] = numbers(
    await inNetns(client, 'perl', script, ...words),
  )
  return { perSecond: came / lasted, lostPercent: (lost / (came + lost)) * 100, medianMicros, p99Micros }
}

async function flood({ client, server, host }: Path, seconds: number) {
  await using counting = await serve(server, 'count')
  const words = ['flood', host, port, `${seconds}`]
  const [sent = NaN, lasted = NaN] = numbers(await inNetns(client, 'perl', script, ...words))
  const [arrived = NaN] = numbers(await counting.line())
  return { sent, lasted, arrived }
}

const numbers = (text: string) => text.trim().split(' ').map(Number)

/** Started, and bound. */
async function serve(netns: string, role: 'echo' | 'count') {
  const child = spawn('ip', ['netns', 'exec', netns, 'perl', script, role, port], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = async () => (await lines.next()).value ?? ''
  await line()
  return {
    line,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

export function udpTable(figures: readonly UdpFigure[]): string {
  const rows = quantities.map(({ id, title }) => [
    title,
    ...kinds.map((kind) => {
      const figure = figures.find(({ path, quantity }) => path === kind.id && quantity === id)
      if (!figure) return '-'
      const isShare = id === 'manyLost' || id === 'oneWayLost'
      if (isShare) return figure.median.toFixed(2)
      const isTime = id === 'oneMedian' || id === 'oneP99'
      return `${isTime ? figure.median.toFixed(1) : count(figure.median)} (${figure.ratio.toFixed(2)})`
    }),
  ])
  return table([['datagrams of 64 bytes', ...kinds.map(({ title }) => title)], ...rows])
}
