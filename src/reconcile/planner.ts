/**
 * Store → plan → agent, and back: a committed change is planned at once, and what the agent then reports moves
 * statuses on. One loop does both, so no two of them ever run at the same time; changes that arrive while it works
 * are planned together in the next round.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Problem, Report } from '../protocol/messages.ts'
import { createChecker } from '../compile/check.ts'
import { compileHost } from '../compile/compile-host.ts'
import { createMemo } from '../compile/memo.ts'
import type { LinkCapacity } from '../model/source-ports.ts'
import type { World } from '../model/world.ts'
import type { HostPlan } from '../plan/host-plan.ts'

export interface PlannerParts {
  /** A consistent snapshot, read in one transaction. */
  readonly readWorld: () => Promise<World>
  /** Moves statuses in one transaction. */
  readonly settle: (report: Report) => Promise<void>
  readonly publish: (plan: HostPlan) => void
  /** Undefined for what the kernel has. */
  readonly capacity?: LinkCapacity
  readonly log: Logger
}

export interface Planner {
  /** The world may have changed; plans it soon. */
  readonly changed: () => void
  /** Takes what the agent reports. */
  readonly reported: (report: Report) => void
  /** Resolves when nothing is left to do. */
  readonly idle: () => Promise<void>
  /** Finishes what is left, but does not try again what fails: the next start does. */
  readonly end: () => Promise<void>
}

const retryAfterMs = 1000

export function createPlanner({ readWorld, settle, publish, capacity, log }: PlannerParts): Planner {
  let wanted = 0
  let done = 0
  const reports: Report[] = []
  let planned = -1
  let problems: readonly Problem[] = []
  let running: Promise<void> | undefined
  let ending = false
  const memo = createMemo()
  const judge = createChecker()

  async function plan(): Promise<void> {
    const world = await readWorld()
    if (world.generation === planned) return
    const compiled = compileHost(world, memo.round(), capacity)
    const findings = judge(compiled.plan)
    if (findings.length > 0) {
      log.error({ generation: world.generation, findings }, 'plan refused by its check')
      return
    }
    problems = compiled.problems
    planned = world.generation
    publish(compiled.plan)
  }

  function pending(): boolean {
    return reports.length > 0 || done < wanted
  }

  /** A report is dropped only after it was settled, a change only after it was planned: a failing store loses none. */
  async function step(): Promise<void> {
    const report = reports[0]
    if (report) {
      await settle({ ...report, problems: [...report.problems, ...problems] })
      reports.shift()
      wanted += 1
    } else {
      const now = wanted
      await plan()
      done = now
    }
  }

  async function work(): Promise<void> {
    while (pending()) {
      try {
        await step()
      } catch (error) {
        log.error({ err: error }, 'planning failed, it is tried again')
        if (ending) return
        await sleep(retryAfterMs, undefined, { ref: false })
      }
    }
  }

  function start(): void {
    running ??= work().finally(() => {
      running = undefined
      if (pending() && !ending) start()
    })
  }

  async function idle(): Promise<void> {
    while (running) await running
  }

  return {
    changed() {
      wanted += 1
      start()
    },
    reported(report) {
      reports.push(report)
      start()
    },
    idle,
    async end() {
      ending = true
      await idle()
    },
  }
}
