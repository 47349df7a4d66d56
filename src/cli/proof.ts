/** `proof`: every pair of client and address, at every port where something could change, against the model and with real packets. */
import { writeFile } from 'node:fs/promises'
import { isUncertain, type Judgement } from '../explain/judgement.ts'
import type { Places } from '../explain/places.ts'
import { judgeAll, withApplications } from './ask-explanation.ts'
import { askServer } from './ask-server.ts'
import { digestOf } from './canonical.ts'
import { isRunning } from './deployment.ts'
import { Failure } from './failure.ts'
import { probe, type Outcome, type ProbeTarget } from './probe.ts'
import { table, type Screen } from './screen.ts'
import type { StatePaths } from './state.ts'

export interface ProofOptions {
  readonly accounts: readonly string[]
  /** Undefined for those of listeners, the borders of security-group rules, and a closed one. */
  readonly ports: readonly number[] | undefined
  readonly save: string | undefined
  /** Probes at most. */
  readonly limit: number
  /** Instances that probe at a time. */
  readonly parallel: number
  /** Seconds after which no new probes are sent. */
  readonly seconds: number
}

export interface Row {
  readonly client: string
  readonly address: string
  readonly port: number
  /** `either` when a new connection may meet a server that answers or one that does not. */
  readonly model: 'open' | 'closed' | 'either'
  readonly probe: Outcome | 'untried'
}

const probeSeconds = 2
/** Probes of one client that go into one command, and into one question to the server. */
const batch = 500

/** Exit code 0 when every probe is as the model says, else 1. */
export async function proof(paths: StatePaths, options: ProofOptions, screen: Screen): Promise<number> {
  const { explain: words } = screen.messages
  const query = new URLSearchParams(options.accounts.map((account): [string, string] => ['account', account]))
  const found = (await askServer(paths, 'GET', `/explain/places?${query.toString()}`, screen)) as Places
  if (!isRunning(paths)) throw new Failure(1, screen.messages.notRunning(paths.state))
  const { clients, addresses } = found
  const ports = options.ports ?? found.ports
  const targets = addresses.flatMap((address) => ports.map((port) => ({ address, port })))
  const count = clients.length * targets.length
  if (count > options.limit) throw new Failure(2, words.tooMany(count, options.limit))
  screen.note(words.proofStarts(clients.length, addresses.length, ports, count))

  const tasks = clients.flatMap((client) => batches(targets).map((some) => ({ client, targets: some })))
  const end = performance.now() + options.seconds * 1000
  const rows: Row[] = []
  let next = 0
  async function work(): Promise<void> {
    for (let task = tasks[next++]; task; task = tasks[next++]) {
      const late = performance.now() > end
      rows.push(...(await tryAll(paths, task.client, task.targets, late, screen)))
      screen.note(words.proofProgress(rows.length, count))
    }
  }
  await Promise.all(Array.from({ length: options.parallel }, work))
  return await tell(rows.toSorted(byPlace), options.save, screen)
}

/** What differs is asked and tried once more: the world may have changed between the two. */
async function tryAll(
  paths: StatePaths,
  client: string,
  targets: readonly ProbeTarget[],
  late: boolean,
  screen: Screen,
): Promise<readonly Row[]> {
  const rows = await compare(paths, client, targets, late, screen)
  const odd = rows.filter(differs)
  if (late || odd.length === 0) return rows
  const again = await compare(paths, client, odd, late, screen)
  return rows.map((row) => again.find((one) => byPlace(one, row) === 0) ?? row)
}

async function compare(
  paths: StatePaths,
  client: string,
  targets: readonly ProbeTarget[],
  late: boolean,
  screen: Screen,
): Promise<readonly Row[]> {
  const questions = targets.map(({ address, port }) => ({
    client,
    target: address,
    port,
    protocol: 'tcp' as const,
  }))
  const judged = await judgeAll(paths, questions, screen)
  const judgements = await withApplications(paths.execSocket, judged, 'tcp')
  const probing = {
    socket: paths.execSocket,
    instance: client,
    protocol: 'tcp',
    seconds: probeSeconds,
  } as const
  const outcomes = late ? [] : await probe(probing, targets)
  return targets.map(({ address, port }, place) => ({
    client,
    address,
    port,
    model: modelOf(judgements[place]),
    probe: outcomes[place] ?? ('untried' as const),
  }))
}

function modelOf(judged: Judgement | undefined): Row['model'] {
  if (judged && isUncertain(judged)) return 'either'
  return judged?.passes ? 'open' : 'closed'
}

export function differs({ model, probe: seen }: Row): boolean {
  return seen !== 'untried' && model !== 'either' && (model === 'open') !== (seen === 'open')
}

function batches(targets: readonly ProbeTarget[]): readonly (readonly ProbeTarget[])[] {
  return Array.from({ length: Math.ceil(targets.length / batch) }, (_, index) =>
    targets.slice(index * batch, (index + 1) * batch),
  )
}

function byPlace(a: Row, b: Row): number {
  const place = ({ client, address }: Row) => `${client} ${address}`
  return place(a) === place(b) ? a.port - b.port : place(a) < place(b) ? -1 : 1
}

async function tell(rows: readonly Row[], save: string | undefined, screen: Screen): Promise<number> {
  const { explain: words } = screen.messages
  const differences = rows.filter(differs)
  const untried = rows.filter((row) => row.probe === 'untried').length
  const open = rows.filter((row) => row.probe === 'open').length
  const digest = digestOf(rows)
  const result = { probes: rows.length - untried, open, untried, differences, digest, rows }
  if (differences.length > 0) {
    const cells = differences.map((row) => [row.client, row.address, String(row.port), row.model, row.probe])
    for (const line of table([words.differenceColumns, ...cells])) screen.say(line)
  }
  screen.say(words.proofEnds(rows.length - untried, open, differences.length, untried))
  if (save === undefined) screen.say(`SHA-256 ${digest}`)
  else {
    await writeFile(save, `${JSON.stringify(result, undefined, 1)}\n`)
    screen.say(words.saved(save, digest))
  }
  screen.result(result)
  return differences.length === 0 && untried === 0 ? 0 : 1
}
