/**
 * `POST /console/explain`: why a packet of one of the account's instances passes or not, or what comes by a connection to one of
 * its services, with a real packet where one can be sent. What belongs to others is not told (`explain/view.ts`).
 */
import { z } from 'zod'
import { calledAs, judgeConnection } from '../../explain/judge.ts'
import type { Judgement, Question } from '../../explain/judgement.ts'
import type { Scene } from '../../explain/scene.ts'
import { judgeFor, ownerOf, viewOf, withAnswer, type View } from '../../explain/view.ts'
import { withApplications } from '../../probe/applications.ts'
import { areEqual, probeOf, type Probed } from '../../probe/single.ts'
import { ExecError } from '../../protocol/exec-error.ts'
import type { Tx } from '../../store/page.ts'
import { hashToken } from '../../store/sessions.ts'
import type { Origin } from '../audit.ts'
import { ApiError } from '../errors.ts'
import { httpRequest, requestTo } from '../http-request.ts'
import { readJsonBody } from '../request.ts'
import { refusalOf, seeConnections } from './admit.ts'
import { check, requireToken, respond } from './answering.ts'
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

const port = z.int().min(1).max(65_535)
const protocol = z.enum(['tcp', 'udp'])

const asked = z.union([
  z.strictObject({
    instance: z.string().max(64),
    target: z.string().min(1).max(253),
    port,
    protocol,
    /** Whether a real packet is wanted. */
    probe: z.boolean(),
    request: httpRequest.optional(),
  }),
  /** An endpoint whose connection leads to a service of the account. */
  z.strictObject({
    connection: z.string().max(64),
    port,
    protocol,
    /** Of a connection nobody here knows what the client calls. */
    request: httpRequest.required({ host: true }).optional(),
  }),
])
type Asked = z.infer<typeof asked>

export interface Explanation extends Omit<View, 'beyond'> {
  /** The name or the address that the client calls. */
  readonly called?: string
  readonly probe?: Probed | { readonly outcome: 'denied' | 'unavailable' }
  /** Undefined when no packet was sent. */
  readonly agrees?: boolean
}

export interface ExplainOptions extends ViewerOptions {
  readonly turns: Turns
}

export async function explain(options: ExplainOptions, request: Request, origin: Origin): Promise<Response> {
  const token = requireToken(options, request, origin)
  checkCsrf(request.headers, token)
  const question = check(asked, await readJsonBody(request))
  const prepared = await options.commits.run(async (tx) => {
    const viewer = await viewerOf(tx, hashToken(token), origin)
    const scene = await readScene(options, tx)
    return 'instance' in question
      ? await prepare(options, tx, viewer, scene, question)
      : await prepareConnection(options, tx, viewer, scene, question)
  })
  // A transaction that only reads and records is committed whatever the answer is.
  if (prepared instanceof ApiError) throw prepared
  const giveBack = options.turns.take(prepared.viewer.caller.account)
  try {
    await options.inKernel(prepared.scene.world.generation)
    return respond(await finish(options, prepared, question))
  } finally {
    giveBack()
  }
}

interface Prepared {
  readonly viewer: Viewer
  readonly scene: Scene
  readonly judgement: Judgement
  readonly called?: string
  readonly mayEnter: ReadonlySet<string>
  readonly sending: 'unasked' | 'denied' | Question
}

async function prepare(
  options: ExplainOptions,
  tx: Tx,
  viewer: Viewer,
  scene: Scene,
  {
    instance: client,
    target,
    port: at,
    protocol: of,
    probe,
    request: given,
  }: Extract<Asked, { target: string }>,
): Promise<Prepared | ApiError> {
  const { account } = viewer.caller
  const refusal = await refusalToSee(options, tx, viewer, scene, client)
  if (refusal) return refusal
  if (ownerOf(scene.world, client) !== account) return new ApiError('InvalidInstanceId.NotFound')
  const called = ownerOf(scene.world, target) === account ? calledAs(scene.world, target) : target
  const question = { client, target, port: at, protocol: of, request: requestTo(called, given) }
  const judgement = judgeFor(scene, account, question)
  const sends = probe && (await maySendFrom(options, tx, viewer, scene, client))
  return {
    viewer,
    scene,
    judgement,
    called,
    mayEnter: await enterable(options, tx, viewer, scene, [judgement]),
    sending: sends ? question : probe ? 'denied' : 'unasked',
  }
}

async function prepareConnection(
  options: ExplainOptions,
  tx: Tx,
  viewer: Viewer,
  scene: Scene,
  question: Extract<Asked, { connection: string }>,
): Promise<Prepared | ApiError> {
  const { world } = scene
  const { caller, origin } = viewer
  const endpoint = world.endpoints.find(({ id }) => id === question.connection)
  const service = world.services.find(({ id, owner }) => id === endpoint?.service && owner === caller.account)
  const region = service?.region ?? options.regions.defaultRegion
  const params = new Map([['ServiceId', service?.id ?? '']])
  const refusal = await refusalOf(options, tx, { action: seeConnections, params, caller, region, origin })
  if (refusal) return refusal
  if (!endpoint || !service) return new ApiError('EndpointNotFound')
  const judgement = judgeConnection(scene, endpoint, question)
  const mayEnter = await enterable(options, tx, viewer, scene, [judgement])
  return { viewer, scene, judgement, mayEnter, sending: 'unasked' }
}

async function finish(
  options: ExplainOptions,
  { viewer, scene, judgement, called, mayEnter, sending }: Prepared,
  { protocol: of }: Asked,
): Promise<Explanation> {
  const { account } = viewer.caller
  const run = runFor(options)
  const [known = judgement] = await withApplications(run, [judgement], of, (id) => mayEnter.has(id))
  const view = viewOf(scene.world, account, known)
  const told = (shown: View) => ({
    passes: shown.passes,
    steps: shown.steps,
    ...(called === undefined ? {} : { called }),
  })
  if (typeof sending === 'string' || called === undefined) {
    return { ...told(view), ...(sending === 'denied' ? { probe: { outcome: 'denied' } } : {}) }
  }
  try {
    const probe = await probeOf(run, sending, { ...known, called, request: sending.request })
    if (!probe) return told(view)
    const answered = probe.outcome === 'open' || (of === 'udp' && probe.outcome === 'silent')
    // Of the other side's programs nothing is known here: that they do not answer contradicts nothing.
    if (view.beyond && view.passes) return { ...told(withAnswer(view, answered)), probe, agrees: true }
    return { ...told(view), probe, agrees: areEqual(known, probe, of) }
  } catch (error) {
    if (!(error instanceof ExecError)) throw error
    return { ...told(view), probe: { outcome: 'unavailable' } }
  }
}
