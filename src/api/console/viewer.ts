/** Who asks for explanations and proofs with a session, what it may look at, and where packets may be sent from. */
import { isOwnInstance } from '../../explain/view.ts'
import type { Scene } from '../../explain/scene.ts'
import type { Judgement } from '../../explain/judgement.ts'
import type { RegionId } from '../../model/ids.ts'
import type { ExecLine } from '../../protocol/exec-frames.ts'
import { runOnLine } from '../../probe/run-on-line.ts'
import type { Run } from '../../probe/run.ts'
import { listServiceUsers } from '../../store/endpoint-services.ts'
import type { Tx } from '../../store/page.ts'
import { resumeSession } from '../../store/sessions.ts'
import { readWorld } from '../../store/world/read-world.ts'
import type { Caller } from '../action.ts'
import type { AppOptions } from '../app.ts'
import type { Origin } from '../audit.ts'
import { ApiError } from '../errors.ts'
import { admitAndRecord, refusalOf, runCommand, seeInstance } from './admit.ts'
import type { AnswerOptions } from './answering.ts'
import { callerOfSession } from './caller.ts'

export interface ViewerOptions
  extends AnswerOptions, Pick<AppOptions, 'commits' | 'inKernel' | 'observed' | 'regions'> {
  /** A line to the agent, which alone can enter an instance. */
  readonly openLine: () => Promise<ExecLine | undefined>
}

export interface Viewer {
  readonly caller: Caller
  readonly origin: Origin
}

/** Longer than any probe that is sent. */
const commandSeconds = 30

export function runFor({ openLine }: ViewerOptions): Run {
  return runOnLine({ openLine, seconds: commandSeconds })
}

/** @throws ApiError when the session is over. */
export async function viewerOf(tx: Tx, session: string, origin: Origin): Promise<Viewer> {
  const found = await resumeSession(tx, session, origin.at)
  if (!found) throw new ApiError('ConsoleNeedLogin')
  return { caller: callerOfSession(found), origin }
}

export async function readScene({ observed }: ViewerOptions, tx: Tx): Promise<Scene> {
  return { world: await readWorld(tx), health: observed().health, whitelist: await listServiceUsers(tx) }
}

/** Undefined when the viewer may see the instance, which may be nobody's. */
export async function refusalToSee(
  options: ViewerOptions,
  tx: Tx,
  viewer: Viewer,
  { world }: Scene,
  instance: string,
): Promise<ApiError | undefined> {
  return await refusalOf(options, tx, wanted(options, viewer, world, seeInstance, instance))
}

/** Whether packets may be sent from the instance: asked and recorded as running a command in it. */
export async function maySendFrom(
  options: ViewerOptions,
  tx: Tx,
  viewer: Viewer,
  { world }: Scene,
  instance: string,
): Promise<boolean> {
  const { caller } = viewer
  if (!isOwnInstance(world, caller.account)(instance)) return false
  const refusal = await admitAndRecord(options, tx, wanted(options, viewer, world, runCommand, instance))
  return refusal === undefined
}

/** Those of the destinations that the viewer may look into. */
export async function enterable(
  options: ViewerOptions,
  tx: Tx,
  viewer: Viewer,
  { world }: Scene,
  judgements: readonly Judgement[],
): Promise<ReadonlySet<string>> {
  const isOwn = isOwnInstance(world, viewer.caller.account)
  const ids = new Set(
    judgements.flatMap(({ destinations }) => destinations.flatMap(({ instance }) => instance ?? [])),
  )
  const may = new Set<string>()
  for (const id of ids) {
    if (!isOwn(id)) continue
    const refusal = await refusalOf(options, tx, wanted(options, viewer, world, runCommand, id))
    if (!refusal) may.add(id)
  }
  return may
}

function wanted(
  { regions }: ViewerOptions,
  { caller, origin }: Viewer,
  { instances, vpcs }: Scene['world'],
  action: typeof seeInstance,
  instance: string,
) {
  const vpc = instances.find(({ id, owner }) => id === instance && owner === caller.account)?.vpc
  const region: RegionId = vpcs.find(({ id }) => id === vpc)?.region ?? regions.defaultRegion
  return { action, params: new Map([['InstanceId', instance]]), caller, region, origin }
}
