/** Ports of HTTP listeners: each is served by its balancer's proxy, on the service side of the VPC's leg. */
import type { BalancerPlan } from '../plan/host-plan.ts'
import { proxyPorts } from '../plan/leg-ports.ts'
import type { Index, Report } from './index-world.ts'
import { PortsOfVpcs } from './vpc-ports.ts'

export function compileProxies(
  index: Index,
  balancers: readonly BalancerPlan[],
  report: Report,
): readonly BalancerPlan[] {
  const ports = new PortsOfVpcs(proxyPorts)
  return balancers.map((balancer) => {
    const { id, vpc, listeners } = balancer
    const given = listeners.map(({ http, port }) => http && ports.next(vpc, `${id} ${port}`))
    const wanted = listeners.filter(({ http }) => http).length
    if (wanted === 0) return balancer
    if (given.filter((port) => port !== undefined).length < wanted)
      report(id, 'its VPC has no port left for another HTTP listener')
    return index.memo.of(`proxy of ${id}`, [balancer, ...given], () => ({
      ...balancer,
      listeners: listeners.flatMap((listener, position) => {
        const proxyPort = given[position]
        if (!listener.http) return [listener]
        return proxyPort === undefined ? [] : [{ ...listener, http: { ...listener.http, proxyPort } }]
      }),
    }))
  })
}
