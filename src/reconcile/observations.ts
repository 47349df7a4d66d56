import type {
  BalancerReport,
  HealthReport,
  InstanceReport,
  Problem,
  Report,
  WireReport,
} from '../protocol/messages.ts'
import type { HostPlan } from '../plan/host-plan.ts'

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

/** Reports carry what changed, so each is laid over what was known; problems are always complete. */
export function observe(before: Observations, report: Report): Observations {
  return {
    health: overlay(before.health, report.health, healthKey),
    instances: overlay(before.instances, report.instances, ({ id }) => id),
    wires: overlay(before.wires, report.wires, ({ id }) => id),
    balancers: overlay(before.balancers, report.balancers, ({ id }) => id),
    problems: report.problems,
  }
}

/** Forgets what is not in the plan any more. */
export function forgetGone(before: Observations, plan: HostPlan): Observations {
  const instances = new Set(plan.fabric.instances.map(({ id }) => id))
  const wires = new Set(plan.links.wires.map(({ id }) => id))
  const balancers = new Set(plan.links.balancers.map(({ id }) => id))
  const backends = new Set(
    plan.links.balancers.flatMap(({ id, listeners }) =>
      listeners.flatMap(({ protocol, port, backends: servers }) =>
        servers.map((backend) =>
          healthKey({ balancer: id, protocol, port, server: backend.server, backendPort: backend.port }),
        ),
      ),
    ),
  )
  return {
    health: before.health.filter((report) => backends.has(healthKey(report))),
    instances: before.instances.filter(({ id }) => instances.has(id)),
    wires: before.wires.filter(({ id }) => wires.has(id)),
    balancers: before.balancers.filter(({ id }) => balancers.has(id)),
    problems: before.problems,
  }
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
