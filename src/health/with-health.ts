import type { BackendPlan, BalancerPlan, HostPlan, HttpPlan, ListenerPlan } from '../plan/host-plan.ts'
import type { HealthReport } from '../protocol/messages.ts'

type Status = HealthReport['status']

/** Last known status of each backend that is checked, by `healthKey`. */
export type HealthMap = ReadonlyMap<string, Status>

export function healthKey(balancer: string, listener: ListenerPlan, backend: BackendPlan): string {
  return `${balancer} ${listener.protocol} ${listener.port} ${backend.server} ${backend.port}`
}

export function reportKey(report: HealthReport): string {
  return `${report.balancer} ${report.protocol} ${report.port} ${report.server} ${report.backendPort}`
}

/**
 * The plan as it has to be carried out now: an abnormal backend has weight 0. When all are abnormal all have
 * weight 0, and the balancer refuses (CLB, layer 4). A backend without a result yet takes traffic: a listener
 * works from its first moment. What health does not touch stays the same object, so that comparing stays cheap.
 */
export function withHealth(plan: HostPlan, health: HealthMap): HostPlan {
  const balancers = mapSame(plan.links.balancers, (balancer) => balancerWithHealth(balancer, health))
  return balancers === plan.links.balancers ? plan : { ...plan, links: { ...plan.links, balancers } }
}

function balancerWithHealth(balancer: BalancerPlan, health: HealthMap): BalancerPlan {
  const listeners = mapSame(balancer.listeners, (listener) => {
    if (!listener.healthCheck) return listener
    const living = (all: readonly BackendPlan[]) =>
      mapSame(all, (backend) => {
        const out = backend.weight > 0 && health.get(healthKey(balancer.id, listener, backend)) === 'abnormal'
        return out ? { ...backend, weight: 0 } : backend
      })
    const backends = living(listener.backends)
    const http = listener.http && httpWithHealth(listener.http, living)
    return backends === listener.backends && http === listener.http
      ? listener
      : { ...listener, backends, http }
  })
  return listeners === balancer.listeners ? balancer : { ...balancer, listeners }
}

function httpWithHealth(
  http: HttpPlan,
  living: (all: readonly BackendPlan[]) => readonly BackendPlan[],
): HttpPlan {
  const rules = mapSame(http.rules, (rule) => {
    const backends = rule.backends && living(rule.backends)
    return backends === rule.backends ? rule : { ...rule, backends }
  })
  return rules === http.rules ? http : { ...http, rules }
}

/** As `map`, but gives back the same array when no item changed. */
function mapSame<Item>(items: readonly Item[], change: (item: Item) => Item): readonly Item[] {
  const changed = items.map(change)
  return changed.some((item, index) => item !== items[index]) ? changed : items
}
