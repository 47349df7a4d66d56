/** Which proxies a plan wants: one for each balancer with HTTP listeners. Pure. */
import type { BalancerPlan, HttpPlan, ListenerPlan, VpcPlan } from '../plan/host-plan.ts'

export interface Proxied {
  /** The balancer's. */
  readonly id: string
  readonly address: string
  /** Service side of the VPC's leg: where it listens, and from where it connects to backends. */
  readonly localAddress: string
  readonly listeners: readonly (ListenerPlan & { readonly http: HttpPlan })[]
}

/** One of an unknown VPC is left out: its VPC's item is the problem. */
export function proxiedBalancers(vpcs: readonly VpcPlan[], balancers: readonly BalancerPlan[]): Proxied[] {
  const proxied = balancers.flatMap((balancer) => {
    const listeners = balancer.listeners.flatMap((listener) =>
      listener.http ? [{ ...listener, http: listener.http }] : [],
    )
    return listeners.length > 0 ? [{ balancer, listeners }] : []
  })
  if (proxied.length === 0) return []
  const legs = new Map(vpcs.map((vpc) => [vpc.id, vpc.serviceLeg.serviceAddress]))
  return proxied.flatMap(({ balancer, listeners }) => {
    const localAddress = legs.get(balancer.vpc)
    const [address] = balancer.addresses
    if (localAddress === undefined || address === undefined) return []
    return [{ id: balancer.id, address, localAddress, listeners }]
  })
}
