/** `proof`: every pair of client and address, at every port where something could change, against the model and with real packets. */
import { writeFile } from 'node:fs/promises'
import type { Places } from '../explain/places.ts'
import { withApplications } from '../probe/applications.ts'
import { countOf, judgedAs, prove, type Proof } from '../probe/proof.ts'
import type { Run } from '../probe/run.ts'
import { judgeAll } from './ask-explanation.ts'
import { askServer } from './ask-server.ts'
import { isRunning } from './deployment.ts'
import { Failure } from './failure.ts'
import { runInside } from './inside.ts'
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

const batch = 500

/** Exit code 0 when every probe is as the model says, else 1. */
export async function proof(paths: StatePaths, options: ProofOptions, screen: Screen): Promise<number> {
  const { explain: words } = screen.messages
  const query = new URLSearchParams(options.accounts.map((account): [string, string] => ['account', account]))
  const found = (await askServer(paths, 'GET', `/explain/places?${query.toString()}`, screen)) as Places
  if (!isRunning(paths)) throw new Failure(1, screen.messages.notRunning(paths.state))
  const places = { ...found, ports: options.ports ?? found.ports }
  const count = countOf(places)
  if (count > options.limit) throw new Failure(2, words.tooMany(count, options.limit))
  screen.note(words.proofStarts(places.clients.length, places.addresses.length, places.ports, count))
  const run: Run = (instance, command) => runInside(paths.execSocket, instance, command)
  const proved = await prove(places, {
    ...options,
    batch,
    modelOf: judgedAs,
    run,
    judge: async (questions) => withApplications(run, await judgeAll(paths, questions, screen), 'tcp'),
    onProgress: (done) => screen.note(words.proofProgress(done, count)),
  })
  return await tell(proved, options.save, screen)
}

async function tell(result: Proof, save: string | undefined, screen: Screen): Promise<number> {
  const { explain: words } = screen.messages
  const { probes, open, untried, differences, digest } = result
  if (differences.length > 0) {
    const cells = differences.map((row) => [row.client, row.address, String(row.port), row.model, row.probe])
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
