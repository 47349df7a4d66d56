import { dirname, join } from 'node:path'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { ExecLine } from '../protocol/exec-frames.ts'
import type { LinkCapacity } from '../model/source-ports.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import type { ConsoleAnswer, Problem, Report } from '../protocol/messages.ts'
import { unseal, type SealKey } from '../store/seal.ts'
import type { Tables } from '../store/tables.ts'
import { recordCuts } from '../store/cut-events.ts'
import { createWorldReader } from '../store/world/read-world.ts'
import { listenForAgent } from './agent-link.ts'
import { forgetGone, nothingObserved, observe, type Observations } from './observations.ts'
import { createPlanner } from './planner.ts'
import { settle } from './settle.ts'
import { openShellDoor } from './shell-door.ts'
import { createWaiting } from './waiting.ts'

export interface Reconciler {
  /** A write was committed. */
  readonly changed: () => void
  /** Resolves when the kernel holds the generation and the store says so; see `waiting.ts`. */
  readonly inKernel: (generation: number) => Promise<void>
  readonly observed: () => Observations
  /** The end of an instance's console log; undefined when the agent does not say. */
  readonly console: (instance: string) => Promise<ConsoleAnswer | undefined>
  readonly status: () => ReconcileStatus
  /** A line to the agent, on which a command in an instance can be asked for; undefined when the agent does not answer. */
  readonly openShell: () => Promise<ExecLine | undefined>
  readonly close: () => Promise<void>
}

export interface ReconcileStatus {
  /** The agent is there and has applied what was planned last. */
  readonly ready: boolean
  readonly agentConnected: boolean
  readonly plannedGeneration: number
  readonly appliedGeneration: number
  readonly problems: readonly Problem[]
}

/** Clients wait much longer than this, and an agent that needs more has trouble, which `status` tells. */
const answerWithinMs = 3000

/** The planner with the store on one side and the agent on the other. */
export async function startReconciler(
  db: Kysely<Tables>,
  sealKey: SealKey,
  socketFile: string,
  capacity: LinkCapacity,
  onReport: (report: Report) => void,
  log: Logger,
): Promise<Reconciler> {
  let observations: Observations = nothingObserved
  let plannedGeneration = -1
  let published: HostPlan | undefined
  let appliedGeneration = -1
  let settledGeneration = -1
  const waiting = createWaiting(answerWithinMs)

  const readWorld = createWorldReader((sealed, certificate) => unseal(sealKey, sealed, certificate))
  const planner = createPlanner({
    readWorld: () => db.transaction().execute(readWorld),
    async settle(report) {
      await db.transaction().execute((tx) => settle(tx, report))
      settledGeneration = report.generation
      waiting.reached(settledGeneration)
    },
    publish(plan) {
      plannedGeneration = plan.generation
      observations = forgetGone(observations, published, plan)
      published = plan
      link.publish(plan)
    },
    capacity,
    log,
  })

  const link = await listenForAgent({
    socketFile,
    log,
    onHello() {
      appliedGeneration = -1
      settledGeneration = -1
    },
    // Before the report that follows: what it settles may be gone after that.
    onCuts: (cuts) => db.transaction().execute((tx) => recordCuts(tx, cuts)),
    onReport(report) {
      appliedGeneration = report.generation
      observations = observe(observations, report, published)
      onReport(report)
      planner.reported({ ...report, instances: observations.instances })
    },
  })

  const shells = await openShellDoor(join(dirname(socketFile), 'shell.sock'), log)
  planner.changed()
  return {
    changed: planner.changed,
    inKernel: (generation) =>
      link.connected() && settledGeneration < generation ? waiting.until(generation) : Promise.resolve(),
    observed: () => observations,
    openShell: () => (link.connected() ? shells.ask(link.askForShell) : Promise.resolve(undefined)),
    console: link.console,
    status: () => ({
      ready: link.connected() && plannedGeneration >= 0 && appliedGeneration >= plannedGeneration,
      agentConnected: link.connected(),
      plannedGeneration,
      appliedGeneration,
      problems: observations.problems,
    }),
    async close() {
      await planner.end()
      await shells.close()
      await link.close()
    },
  }
}
