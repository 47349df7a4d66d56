/**
 * Looks at the open flows of the VPCs whose balancers depend on them: every second for least connections, otherwise when
 * the next flow can have been idle for too long or has drained for its time. Ends what has to end.
 */
import type { Logger } from 'pino'
import type { FlowTable } from '../dataplane/end-flows.ts'
import type { HealthMap } from '../health/with-health.ts'
import type { BalancerPlan, HostPlan } from '../plan/host-plan.ts'
import { judgeFlows, type Connections, type Leaving } from './judge.ts'
import { hasLeastConnections } from './least-connections.ts'

export interface FlowKeeper {
  /** What holds from now on. */
  watch(plan: HostPlan, health: HealthMap): void
  /** As they were read last. */
  connections(): Connections
  close(): Promise<void>
}

export interface KeeperOptions {
  readonly flows: FlowTable
  /** Since when which backends are leaving, from before a restart. */
  readonly leaving: Leaving
  readonly onLeaving: (leaving: Leaving) => void
  /** The numbers of connections have changed where the choice of a backend depends on them. */
  readonly onConnections: () => void
  readonly now: () => number
  readonly log: Logger
}

/** How often connections are counted for `wlc`, and how often at most flows are looked at for other reasons. */
const everyMs = 1000

interface Watched {
  readonly balancers: readonly BalancerPlan[]
  readonly health: HealthMap
  dueMs: number
  connections: Connections
}

export function createFlowKeeper(options: KeeperOptions): FlowKeeper {
  const { flows, now, log } = options
  const watched = new Map<string, Watched>()
  let leaving = options.leaving
  let plan: HostPlan | undefined
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  let closed = false

  function schedule(): void {
    clearTimeout(timer)
    if (closed || looking || watched.size === 0) return
    const due = Math.min(...[...watched.values()].map(({ dueMs }) => dueMs))
    timer = setTimeout(start, Math.max(0, due - now()))
  }

  function start(): void {
    looking = look().finally(() => {
      looking = undefined
      schedule()
    })
  }

  async function look(): Promise<void> {
    let counted = false
    for (const [vpc, one] of watched) {
      if (!plan || one.dueMs > now()) continue
      one.dueMs = now() + everyMs
      try {
        counted = (await lookAt(plan, vpc, one)) || counted
      } catch (error) {
        log.warn({ err: error, vpc }, 'flows not read')
      }
    }
    if (counted) options.onConnections()
  }

  async function lookAt(current: HostPlan, vpc: string, one: Watched): Promise<boolean> {
    const list = await flows.list(current, vpc)
    const mine = new Set(one.balancers.map(({ id }) => id))
    const judged = judgeFlows(current, vpc, list, one.health, leaving, now())
    const others = [...leaving].filter(([place]) => !mine.has(place.split(' ')[0] ?? ''))
    const next = new Map([...others, ...judged.leaving])
    if (next.size + leaving.size > 0) options.onLeaving(next)
    leaving = next
    if (judged.ended.length > 0) await flows.end(current, vpc, judged.ended)
    const counts = one.balancers.some(hasLeastConnections)
    one.dueMs = now() + (counts ? everyMs : Math.max(everyMs, judged.againMs))
    const changed = counts && !sameNumbers(one.connections, judged.connections)
    one.connections = judged.connections
    return changed
  }

  return {
    watch(next, health) {
      plan = next
      const byVpc = Map.groupBy(
        next.links.balancers.filter(({ listeners }) => listeners.length > 0),
        ({ vpc }) => vpc,
      )
      for (const vpc of watched.keys()) if (!byVpc.has(vpc)) watched.delete(vpc)
      for (const [vpc, balancers] of byVpc) {
        const old = watched.get(vpc)
        const same = old?.health === health && old.balancers.every((balancer, i) => balancer === balancers[i])
        if (old && same && old.balancers.length === balancers.length) continue
        const drains = balancers.some(({ listeners }) => listeners.some(({ drainS }) => drainS !== undefined))
        const dueMs = Math.min(old?.dueMs ?? Infinity, now() + (drains ? 0 : everyMs))
        watched.set(vpc, { balancers, health, dueMs, connections: old?.connections ?? new Map() })
      }
      schedule()
    },
    connections: () => new Map([...watched.values()].flatMap(({ connections }) => [...connections])),
    async close() {
      closed = true
      clearTimeout(timer)
      await looking
    },
  }
}

function sameNumbers(a: Connections, b: Connections): boolean {
  return a.size === b.size && [...a].every(([key, count]) => b.get(key) === count)
}
