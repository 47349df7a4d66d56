/**
 * Least connections: the kernel cannot choose by them, so the agent reads how many each backend has, and gives the
 * kernel shares of the next ones instead of weights.
 */
import type { BackendPlan, BalancerPlan, HostPlan, ListenerPlan } from '../plan/host-plan.ts'
import { healthKey } from '../health/with-health.ts'
import type { Connections } from './judge.ts'

/** The plan with shares in place of weights, where the scheduler is `wlc`. What it does not touch stays the same object. */
export function withConnections(plan: HostPlan, connections: Connections): HostPlan {
  if (!plan.links.balancers.some(hasLeastConnections)) return plan
  const balancers = plan.links.balancers.map((balancer) =>
    hasLeastConnections(balancer) ? shared(balancer, connections) : balancer,
  )
  return { ...plan, links: { ...plan.links, balancers } }
}

export function hasLeastConnections({ listeners }: BalancerPlan): boolean {
  return listeners.some(({ scheduler }) => scheduler === 'wlc')
}

function shared(balancer: BalancerPlan, connections: Connections): BalancerPlan {
  const listeners = balancer.listeners.map((listener) => {
    if (listener.scheduler !== 'wlc') return listener
    return { ...listener, backends: sharedBackends(balancer.id, listener, connections) }
  })
  return { ...balancer, listeners }
}

function sharedBackends(
  balancer: string,
  listener: ListenerPlan,
  connections: Connections,
): readonly BackendPlan[] {
  const live = listener.backends.filter(({ weight }) => weight > 0)
  const loads = live.map((backend) => ({
    weight: backend.weight,
    connections: connections.get(healthKey(balancer, listener, backend)) ?? 0,
  }))
  // Who remembers its clients must stay reachable for them.
  const least = listener.persistenceS > 0 ? 1 : 0
  const next = nextShares(loads)
  const shares = new Map(live.map((backend, index) => [backend, next[index] ?? 0]))
  return listener.backends.map((backend) => {
    const share = shares.get(backend)
    return share === undefined ? backend : { ...backend, weight: Math.max(share, least) }
  })
}

export interface Load {
  readonly weight: number
  readonly connections: number
}

/**
 * How the next connections are to be spread: one after the other to whoever has the fewest for its weight. So many that
 * a tenth of what is open, or two for each, are spread before the numbers are read again.
 */
export function nextShares(loads: readonly Load[]): readonly number[] {
  const open = loads.reduce((sum, { connections }) => sum + connections, 0)
  const next = Math.min(Math.max(2 * loads.length, Math.ceil(open / 10)), mostShares)
  const now = loads.map(({ connections }) => connections)
  const shares = loads.map(() => 0)
  for (let turn = 0; turn < next; turn++) {
    let best = 0
    for (const [i, { weight }] of loads.entries()) {
      const load = ((now[i] ?? 0) + 1) / weight
      if (load < ((now[best] ?? 0) + 1) / (loads[best]?.weight ?? 1)) best = i
    }
    now[best] = (now[best] ?? 0) + 1
    shares[best] = (shares[best] ?? 0) + 1
  }
  return shares
}

const mostShares = 400
