/** Every client at every address and port, judged and tried with real packets: what the judgement says, and what came of it. */
import { isUncertain, type Judgement, type Question } from '../explain/judgement.ts'
import type { Places } from '../explain/places.ts'
import { digestOf } from './canonical.ts'
import { probe, type Outcome, type ProbeTarget } from './packets.ts'
import type { Run } from './run.ts'

type Protocol = Question['protocol']

export interface Row {
  readonly client: string
  readonly address: string
  readonly protocol: Protocol
  readonly port: number
  /** `either` when a new connection may meet a server that answers or one that does not. */
  readonly model: 'open' | 'closed' | 'either'
  readonly probe: Outcome | 'untried'
}

export interface Proving<Judged extends Judgement = Judgement> {
  readonly run: Run
  /** Judgements in the order of the questions, with what programs listen. */
  readonly judge: (questions: readonly Question[], protocol: Protocol) => Promise<readonly Judged[]>
  /** What a row says of a judgement and what came of it: of what is not everybody's to know it may say less. */
  readonly modelOf: (judged: Judged | undefined, outcome: Row['probe']) => Row['model']
  /** Probes of one client that go into one command, and into one question. */
  readonly batch: number
  /** Instances that probe at a time. */
  readonly parallel: number
  /** Seconds after which no new probes are sent. */
  readonly seconds: number
  readonly onProgress: (done: number) => void
  readonly signal?: AbortSignal
}

export interface Proof {
  readonly probes: number
  readonly open: number
  readonly untried: number
  readonly differences: readonly Row[]
  /** SHA-256 over the rows in order. */
  readonly digest: string
  readonly rows: readonly Row[]
}

const probeSeconds = 2

export function countOf({ clients, addresses, ports, udpPorts }: Places): number {
  return clients.length * addresses.length * (ports.length + udpPorts.length)
}

/** @throws what `judge` and `run` throw, and the signal's reason. */
export async function prove<Judged extends Judgement>(
  { clients, addresses, ports, udpPorts }: Places,
  proving: Proving<Judged>,
): Promise<Proof> {
  const targetsAt = (some: readonly number[]) =>
    addresses.flatMap((address) => some.map((port) => ({ address, port })))
  const trips = [
    ...batches(targetsAt(ports), proving.batch).map((targets) => ({ protocol: 'tcp', targets }) as const),
    ...batches(targetsAt(udpPorts), proving.batch).map((targets) => ({ protocol: 'udp', targets }) as const),
  ]
  const tasks = clients.flatMap((client) => trips.map((trip) => ({ client, ...trip })))
  const end = performance.now() + proving.seconds * 1000
  const rows: Row[] = []
  let next = 0
  async function work(): Promise<void> {
    for (let task = tasks[next++]; task; task = tasks[next++]) {
      proving.signal?.throwIfAborted()
      const late = performance.now() > end
      rows.push(...(await tryAll(proving, task, late)))
      proving.onProgress(rows.length)
    }
  }
  await Promise.all(Array.from({ length: proving.parallel }, work))
  return proofOf(rows.toSorted(byPlace))
}

/** What rows say, whoever has them. */
export function proofOf(rows: readonly Row[]): Proof {
  const untried = rows.filter((row) => row.probe === 'untried').length
  return {
    probes: rows.length - untried,
    open: rows.filter((row) => row.probe === 'open').length,
    untried,
    differences: rows.filter(differs),
    digest: digestOf(rows),
    rows,
  }
}

interface Task {
  readonly client: string
  readonly protocol: Protocol
  readonly targets: readonly ProbeTarget[]
}

/** What differs is asked and tried once more: the world may have changed between the two. */
async function tryAll<Judged extends Judgement>(
  proving: Proving<Judged>,
  task: Task,
  late: boolean,
): Promise<readonly Row[]> {
  const rows = await compare(proving, task, late)
  const odd = rows.filter(differs)
  if (late || odd.length === 0) return rows
  const again = await compare(proving, { ...task, targets: odd }, late)
  return rows.map((row) => again.find((one) => byPlace(one, row) === 0) ?? row)
}

async function compare<Judged extends Judgement>(
  { run, judge, modelOf }: Proving<Judged>,
  { client, protocol, targets }: Task,
  late: boolean,
): Promise<readonly Row[]> {
  const questions = targets.map(({ address, port }) => ({ client, target: address, port, protocol }))
  const judgements = await judge(questions, protocol)
  const outcomes = late
    ? []
    : await probe({ run, instance: client, protocol, seconds: probeSeconds }, targets)
  return targets.map(({ address, port }, place) => {
    const seen = outcomes[place] ?? 'untried'
    return { client, address, protocol, port, model: modelOf(judgements[place], seen), probe: seen }
  })
}

export function judgedAs(judged: Judgement | undefined): Row['model'] {
  if (judged && isUncertain(judged)) return 'either'
  return judged?.passes ? 'open' : 'closed'
}

/** A datagram that nobody answers says nothing: a program need not answer. */
export function differs({ protocol, model, probe: seen }: Row): boolean {
  if (seen === 'untried' || model === 'either' || (protocol === 'udp' && seen === 'silent')) return false
  return (model === 'open') !== (seen === 'open')
}

function batches(targets: readonly ProbeTarget[], batch: number): readonly (readonly ProbeTarget[])[] {
  return Array.from({ length: Math.ceil(targets.length / batch) }, (_, index) =>
    targets.slice(index * batch, (index + 1) * batch),
  )
}

function byPlace(a: Row, b: Row): number {
  const place = ({ client, address, protocol }: Row) => `${client} ${address} ${protocol}`
  return place(a) === place(b) ? a.port - b.port : place(a) < place(b) ? -1 : 1
}
