/** Looks after the guards of limits: makes them before a limit begins anew, and looks every second whether they are needed still. */
import type { Logger } from 'pino'
import type { FlowTable } from '../dataplane/end-flows.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import {
  countedFlows,
  firstGuard,
  limitedIn,
  nextGuard,
  restarted,
  type Guard,
  type Guards,
  type Limited,
} from './limit-guards.ts'

export interface LimitKeeper {
  /** What is to be carried out next: limits that begin anew with it get a guard, which is saved before this resolves. */
  prepare(before: HostPlan | undefined, next: HostPlan): Promise<void>
  guards(): Guards
  /** This plan holds now, with its guards. */
  watch(plan: HostPlan): void
  close(): Promise<void>
}

export interface LimitKeeperOptions {
  readonly flows: Pick<FlowTable, 'list'>
  /** From before a restart. */
  readonly guards: Guards
  readonly save: (guards: Guards) => Promise<void>
  /** Guards have changed without a new plan. */
  readonly onGuards: () => void
  readonly now: () => number
  readonly log: Logger
}

const everyMs = 1000

export function createLimitKeeper(options: LimitKeeperOptions): LimitKeeper {
  const { flows, log, now } = options
  let guards = options.guards
  let plan: HostPlan | undefined
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  let closed = false

  async function openFlows(current: HostPlan, { targets }: Limited): Promise<readonly string[]> {
    const lists = [...targets].map(async ([vpc, addresses]) =>
      countedFlows(await flows.list(current, vpc), addresses),
    )
    return (await Promise.all(lists)).flat()
  }

  async function replace(next: Guards): Promise<void> {
    guards = next
    await options.save(next)
  }

  async function look(current: HostPlan): Promise<void> {
    const limits = limitedIn(current)
    const next = new Map<string, Guard>()
    for (const [id, guard] of guards) {
      const limited = limits.get(id)
      if (limited?.connections !== guard.limit) continue
      const after = nextGuard(guard, await openFlows(current, limited), `${now()}`)
      if (after) next.set(id, after)
    }
    // A plan that came meanwhile has guards of its own.
    if (current !== plan || closed) return
    if (next.size === guards.size && [...next].every(([id, guard]) => guards.get(id) === guard)) return
    const same =
      next.size === guards.size && [...next].every(([id, { epoch }]) => guards.get(id)?.epoch === epoch)
    await replace(next)
    if (!same) options.onGuards()
  }

  function schedule(): void {
    clearTimeout(timer)
    if (closed || looking || guards.size === 0) return
    const fresh = [...guards.values()].some((guard) => guard.fresh)
    timer = setTimeout(start, fresh ? 0 : everyMs)
  }

  function start(): void {
    if (!plan) return
    looking = look(plan)
      .catch((error: unknown) => log.warn({ err: error }, 'guards of limits not looked at'))
      .finally(() => {
        looking = undefined
        schedule()
      })
  }

  return {
    async prepare(before, next) {
      const begun = restarted(before, next)
      if (begun.size === 0 && guards.size === 0) return
      const limits = limitedIn(next)
      const made = new Map([...guards].filter(([id, { limit }]) => limits.get(id)?.connections === limit))
      for (const [id, limited] of begun) {
        const guard = firstGuard(limited.connections, await openFlows(next, limited), `${now()}`)
        if (guard) made.set(id, guard)
        else made.delete(id)
      }
      plan = undefined
      await replace(made)
    },
    guards: () => guards,
    watch(next) {
      plan = next
      schedule()
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await looking
    },
  }
}
