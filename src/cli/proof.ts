/** `proof`: every pair of client and address, at every port where something could change, against the model and with real packets. */
import { readFile, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Places } from '../explain/places.ts'
import { withApplications } from '../probe/applications.ts'
import { canonicalJson } from '../probe/canonical.ts'
import { countOf, judgedAs, proofOf, prove, type Proof } from '../probe/proof.ts'
import type { Run } from '../probe/run.ts'
import { judgeAll } from './ask-explanation.ts'
import { askServer } from './ask-server.ts'
import { isRunning } from './deployment.ts'
import { Failure } from './failure.ts'
import { runInside } from './inside.ts'
import { table, type Screen } from './screen.ts'
import type { StatePaths } from './state.ts'

export type PortsAsked = Pick<Places, 'ports' | 'udpPorts'>

export interface ProofOptions {
  readonly accounts: readonly string[]
  /** Undefined for those of listeners, the borders of security-group rules, and a closed one. */
  readonly ports: PortsAsked | undefined
  readonly save: string | undefined
  /** Probes at most. */
  readonly limit: number
  /** Instances that probe at a time. */
  readonly parallel: number
  /** Seconds after which no new probes are sent. */
  readonly seconds: number
}

const batch = 500

/** Exit code 0 when every probe is as the model says, else 1. */
export async function proof(paths: StatePaths, options: ProofOptions, screen: Screen): Promise<number> {
  const { explain: words } = screen.messages
  const query = new URLSearchParams(options.accounts.map((account): [string, string] => ['account', account]))
  const found = (await askServer(paths, 'GET', `/explain/places?${query.toString()}`, screen)) as Places
  if (!isRunning(paths)) throw new Failure(1, screen.messages.notRunning(paths.state))
  const places = { ...found, ...options.ports }
  const count = countOf(places)
  if (count > options.limit) throw new Failure(2, words.tooMany(count, options.limit))
  screen.note(words.proofStarts(places.clients.length, places.addresses.length, portNames(places), count))
  const run: Run = (instance, command) => runInside(paths.execSocket, instance, command)
  const proved = await prove(places, {
    ...options,
    batch,
    modelOf: judgedAs,
    run,
    judge: async (questions, protocol) =>
      withApplications(run, await judgeAll(paths, questions, screen), protocol),
    onProgress: (done) => screen.note(words.proofProgress(done, count)),
  })
  return await tell(proved, options.save, screen)
}

function portNames({ ports, udpPorts }: PortsAsked): readonly string[] {
  return [...ports.map((port) => portName('tcp', port)), ...udpPorts.map((port) => portName('udp', port))]
}

function portName(protocol: 'tcp' | 'udp', port: number): string {
  return protocol === 'tcp' ? String(port) : `udp/${port}`
}

/** Whether a saved proof says what its rows say, and has their digest. Exit code 1 when it was changed. */
export async function checkProof(file: string, screen: Screen): Promise<number> {
  const { explain: words } = screen.messages
  const saved = savedIn(await readFile(file, 'utf8'))
  if (!saved) throw new Failure(2, words.noProof(file))
  const proved = proofOf(saved.rows)
  const isWhole = canonicalJson(proved) === canonicalJson(saved)
  screen.say(isWhole ? words.proofIsWhole(file, proved.digest) : words.proofWasChanged(file, proved.digest))
  screen.result({ Whole: isWhole, Digest: proved.digest })
  return isWhole ? 0 : 1
}

function savedIn(text: string): Proof | undefined {
  try {
    const saved: unknown = JSON.parse(text)
    return proofSchema.safeParse(saved).success ? (saved as Proof) : undefined
  } catch {
    // What is no JSON is no proof.
    return undefined
  }
}

const proofSchema = z.object({ digest: z.string(), rows: z.array(z.looseObject({})) })

async function tell(result: Proof, save: string | undefined, screen: Screen): Promise<number> {
  const { explain: words } = screen.messages
  const { probes, open, untried, differences, digest } = result
  if (differences.length > 0) {
    const cells = differences.map((row) => [
      row.client,
      row.address,
      portName(row.protocol, row.port),
      row.model,
      row.probe,
    ])
    for (const line of table([words.differenceColumns, ...cells])) screen.say(line)
  }
  screen.say(words.proofEnds(probes, open, differences.length, untried))
  if (save === undefined) screen.say(`SHA-256 ${digest}`)
  else {
    await writeFile(save, `${JSON.stringify(result, undefined, 1)}\n`)
    screen.say(words.saved(save, digest))
  }
  screen.result(result)
  return differences.length === 0 && untried === 0 ? 0 : 1
}
