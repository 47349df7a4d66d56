/**
 * `POST /console/proof`: what of the account's own workloads reaches which of its addresses, by the model and with real packets.
 * The answer is a line of JSON after the other: what is tried, how far it is, and the result. It ends with its reader.
 */
import { z } from 'zod'
import type { Judgement, Question } from '../../explain/judgement.ts'
import { placesOf, type Places } from '../../explain/places.ts'
import { judgeFor, viewOf } from '../../explain/view.ts'
import { withApplications } from '../../probe/applications.ts'
import { countOf, judgedAs, prove, type Proof, type Row } from '../../probe/proof.ts'
import type { Tx } from '../../store/page.ts'
import { findSession, hashToken } from '../../store/sessions.ts'
import type { Origin } from '../audit.ts'
import { ApiError } from '../errors.ts'
import { readJsonBody } from '../request.ts'
import { check, requireToken } from './answering.ts'
import { checkCsrf } from './same-origin.ts'
import type { Turns } from './turns.ts'
import {
  enterable,
  maySendFrom,
  readScene,
  refusalToSee,
  runFor,
  viewerOf,
  type Viewer,
  type ViewerOptions,
} from './viewer.ts'

/** Probes at most. */
const limit = 5000
const parallel = 2
const seconds = 180
/** Small, so that progress is seen and nobody waits long for an end. */
const batch = 100

const asked = z.strictObject({
  /** Instead of those at which something could change. */
  ports: z.array(z.int().min(1).max(65_535)).min(1).max(100).optional(),
  /** Of the account's own instances; all that run when left out. */
  clients: z.array(z.string().max(64)).min(1).max(200).optional(),
})

export type ProofLine =
  | ({ readonly kind: 'places'; readonly probes: number; readonly limit: number } & Places)
  | { readonly kind: 'progress'; readonly done: number }
  | ({ readonly kind: 'result'; readonly generation: number; readonly at: string } & Proof)
  | { readonly kind: 'failure'; readonly code: string }

export interface ProofOptions extends ViewerOptions {
  readonly turns: Turns
}

export async function proof(options: ProofOptions, request: Request, origin: Origin): Promise<Response> {
  const token = requireToken(options, request, origin)
  checkCsrf(request.headers, token)
  const given = check(asked, await readJsonBody(request))
  const session = hashToken(token)
  const found = await options.commits.run((tx) => find(options, tx, session, origin, given))
  const giveBack = options.turns.take(found.viewer.caller.account)
  const stream = lines(options.log, async (say, signal) => {
    try {
      await tell(options, session, found, say, signal)
    } finally {
      giveBack()
    }
  })
  const headers = {
    'content-type': 'application/x-ndjson; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  }
  return new Response(stream, { headers })
}

interface Found {
  readonly viewer: Viewer
  readonly places: Places
  readonly generation: number
}

async function find(
  options: ProofOptions,
  tx: Tx,
  session: string,
  origin: Origin,
  { ports, clients: only }: z.infer<typeof asked>,
): Promise<Found> {
  const viewer = await viewerOf(tx, session, origin)
  const scene = await readScene(options, tx)
  const all = placesOf(scene, [viewer.caller.account])
  const clients: string[] = []
  for (const id of all.clients.filter((client) => only?.includes(client) ?? true)) {
    if (await refusalToSee(options, tx, viewer, scene, id)) continue
    if (await maySendFrom(options, tx, viewer, scene, id)) clients.push(id)
  }
  // The page's table has one column for a port, and what is silent says nothing.
  const places = { ...all, clients, ports: ports ?? all.ports, udpPorts: [] }
  return { viewer, places, generation: scene.world.generation }
}

type Say = (line: ProofLine) => void

async function tell(
  options: ProofOptions,
  session: string,
  { viewer, places, generation }: Found,
  say: Say,
  signal: AbortSignal,
): Promise<void> {
  const probes = countOf(places)
  say({ kind: 'places', probes, limit, ...places })
  if (probes > limit) return
  const proved = await prove(places, {
    run: runFor(options),
    batch,
    parallel,
    seconds,
    signal,
    onProgress: (done) => say({ kind: 'progress', done }),
    judge: (questions) => judgeAll(options, session, viewer, questions),
    modelOf: seenAs,
  })
  say({ kind: 'result', generation, at: options.clock().toISOString(), ...proved })
}

/** Behind the border no more is told than the packet itself tells. */
function seenAs(judged: Judged | undefined, outcome: Row['probe']): Row['model'] {
  return judged?.beyond && outcome !== 'open' ? 'either' : judgedAs(judged)
}

type Judged = Judgement & { readonly beyond: boolean }

/** By the world as it is now; who has signed out meanwhile is told nothing more. */
async function judgeAll(
  options: ProofOptions,
  session: string,
  viewer: Viewer,
  questions: readonly Question[],
): Promise<readonly Judged[]> {
  const { account } = viewer.caller
  const { judged, mayEnter, generation } = await options.commits.run(async (tx) => {
    if (!(await findSession(tx, session, options.clock()))) throw new ApiError('ConsoleNeedLogin')
    const scene = await readScene(options, tx)
    const answers = questions.map((question): Judged => {
      const judgement = judgeFor(scene, account, question)
      return { ...judgement, beyond: viewOf(scene.world, account, judgement).beyond }
    })
    return {
      judged: answers,
      mayEnter: await enterable(options, tx, viewer, scene, answers),
      generation: scene.world.generation,
    }
  })
  await options.inKernel(generation)
  return await withApplications(runFor(options), judged, 'tcp', (id) => mayEnter.has(id))
}

/** What `tell` says, as lines; a reader that goes away ends it. */
function lines(
  log: ProofOptions['log'],
  work: (say: Say, signal: AbortSignal) => Promise<void>,
): ReadableStream<Uint8Array> {
  const ending = new AbortController()
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const say: Say = (line) => {
        if (!ending.signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`))
      }
      work(say, ending.signal)
        .catch((thrown: unknown) => {
          if (ending.signal.aborted) return
          if (!(thrown instanceof ApiError)) log.error({ err: thrown }, 'proof failed')
          say({ kind: 'failure', code: thrown instanceof ApiError ? thrown.code : 'InternalError' })
        })
        .finally(() => {
          if (!ending.signal.aborted) controller.close()
        })
        .catch((error: unknown) => log.error({ err: error }, 'proof not ended'))
    },
    cancel: () => ending.abort(new Error('nobody reads any more')),
  })
}
