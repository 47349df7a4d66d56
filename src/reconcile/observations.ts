import type {
  BalancerReport,
  HealthReport,
  InstanceReport,
  Problem,
  Report,
  WireReport,
} from '../protocol/messages.ts'
import { difference, type Identified } from '../lists/sorted.ts'
import { allBackends, type HostPlan } from '../plan/host-plan.ts'

/** What the agent has last said about everything in the plan. Volatile: a new hello brings all of it again. */
export interface Observations {
  readonly health: readonly HealthReport[]
  readonly instances: readonly InstanceReport[]
  readonly wires: readonly WireReport[]
  readonly balancers: readonly BalancerReport[]
  readonly problems: readonly Problem[]
}

export const nothingObserved: Observations = {
  health: [],
  instances: [],
  wires: [],
  balancers: [],
  problems: [],
}

/**
 * Reports carry what changed, so each is laid over what was known; problems are always complete. An agent that is behind
 * may report what has left the plan.
 */
export function observe(before: Observations, report: Report, plan: HostPlan | undefined): Observations {
  return {
    health: overlay(before.health, report.health, healthKey),
    instances: overlay(before.instances, report.instances, idOf),
    wires: report.wires.length > 0 ? wiresOf(plan, overlay(before.wires, report.wires, idOf)) : before.wires,
    balancers: overlay(before.balancers, report.balancers, idOf),
    problems: report.problems,
  }
}

/** Forgets what is not in the plan any more. Of wires there may be thousands: only those that the last plan had are looked for. */
export function forgetGone(before: Observations, last: HostPlan | undefined, plan: HostPlan): Observations {
  const instances = new Set(plan.fabric.instances.map(({ id }) => id))
  const balancers = new Set(plan.links.balancers.map(({ id }) => id))
  const backends = new Set(
    plan.links.balancers.flatMap(({ id, listeners }) =>
      listeners.flatMap((listener) =>
        allBackends(listener).map((backend) =>
          healthKey({
            balancer: id,
            protocol: listener.protocol,
            port: listener.port,
            server: backend.server,
            backendPort: backend.port,
          }),
        ),
      ),
    ),
  )
  return {
    health: before.health.filter((report) => backends.has(healthKey(report))),
    instances: before.instances.filter(({ id }) => instances.has(id)),
    wires: withoutGone(before.wires, last?.links.wires ?? [], plan.links.wires),
    balancers: before.balancers.filter(({ id }) => balancers.has(id)),
    problems: before.problems,
  }
}

function wiresOf(plan: HostPlan | undefined, wires: readonly WireReport[]): readonly WireReport[] {
  const wanted = new Set(plan?.links.wires.map(idOf))
  return wires.filter(({ id }) => wanted.has(id))
}

function idOf({ id }: Identified): string {
  return id
}

function withoutGone<Item extends Identified>(
  known: readonly Item[],
  before: readonly Identified[],
  after: readonly Identified[],
): readonly Item[] {
  const { gone, come } = difference(before, after)
  const ids = new Set(gone.map(({ id }) => id))
  for (const { id } of come) ids.delete(id)
  return ids.size === 0 ? known : known.filter(({ id }) => !ids.has(id))
}

function healthKey(report: Omit<HealthReport, 'status'>): string {
  return `${report.balancer} ${report.protocol} ${report.port} ${report.server} ${report.backendPort}`
}

function overlay<Item>(
  before: readonly Item[],
  changed: readonly Item[],
  key: (item: Item) => string,
): readonly Item[] {
  if (changed.length === 0) return before
  return [...new Map([...before, ...changed].map((item) => [key(item), item])).values()]
}
