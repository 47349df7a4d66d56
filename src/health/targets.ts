/** Which backends of a plan are probed, and how: pure. */
import type { HealthReport } from '../protocol/messages.ts'
import { allBackends, type BackendPlan, type BalancerPlan, type VpcPlan } from '../plan/host-plan.ts'
import type { Thresholds } from './checker.ts'
import type { ProbeTarget } from './probes.ts'
import { healthKey } from './with-health.ts'

/** One backend of one listener. Two targets with the same key and content are the same. */
export interface Target extends Thresholds, ProbeTarget {
  readonly key: string
  readonly report: Omit<HealthReport, 'status'>
  readonly intervalMs: number
}

/** The balancer with the address from which its VPC is probed. */
export interface ProbedBalancer {
  readonly id: string
  readonly localAddress: string
  readonly balancer: BalancerPlan
}

/** Balancers that have anything to probe. One of an unknown VPC is left out: its VPC's item is the problem. */
export function probedBalancers(
  vpcs: readonly VpcPlan[],
  balancers: readonly BalancerPlan[],
): ProbedBalancer[] {
  const legs = new Map(vpcs.map((vpc) => [vpc.id, vpc.serviceLeg.serviceAddress]))
  return balancers.flatMap((balancer) => {
    const localAddress = legs.get(balancer.vpc)
    const probed = balancer.listeners.some((listener) => listener.healthCheck !== undefined)
    return localAddress !== undefined && probed ? [{ id: balancer.id, localAddress, balancer }] : []
  })
}

/**
 * Backends with weight 0 are not checked (CLB documents it). A timeout longer than the interval counts as the interval.
 */
export function targetsOf({ balancer, localAddress }: ProbedBalancer): Target[] {
  return balancer.listeners.flatMap((listener) => {
    const check = listener.healthCheck
    if (!check) return []
    return onceEach(allBackends(listener).filter(({ weight }) => weight > 0)).map((backend) => ({
      key: healthKey(balancer.id, listener, backend),
      report: {
        balancer: balancer.id,
        protocol: listener.protocol,
        port: listener.port,
        server: backend.server,
        backendPort: backend.port,
      },
      probe: check.probe,
      localAddress,
      address: backend.address,
      port: check.port ?? backend.port,
      intervalMs: check.intervalMs,
      timeoutMs: Math.min(check.timeoutMs, check.intervalMs),
      healthyThreshold: check.healthyThreshold,
      unhealthyThreshold: check.unhealthyThreshold,
    }))
  })
}

function onceEach(backends: readonly BackendPlan[]): readonly BackendPlan[] {
  return [...new Map(backends.map((backend) => [`${backend.server} ${backend.port}`, backend])).values()]
}
