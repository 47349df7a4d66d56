/**
 * Custom routes. Each vSwitch that has some has a routing table for packets from its block; what a packet is answered by is
 * looked up the same way, so an interface may send from a block that leads to it, and from no other (`rp_filter`). What the
 * VPC knows itself comes first: its interfaces and wires by the main table, the rest of its blocks and the cloud's services
 * by routes to `lo` beside the custom ones, where it is refused.
 */
import type { EniPlan, RoutePlan, VSwitchPlan } from '../../plan/host-plan.ts'
import { knownFirst, route, rule } from '../netns/objects.ts'
import type { VpcSlice } from '../slices.ts'
import type { IpObject } from '../state.ts'

const cloudServices = '100.64.0.0/10'

export function renderRoutes({ vpc, routes, enis }: VpcSlice): readonly IpObject[] {
  const hops = new Map(enis.map((eni) => [eni.id, eni]))
  const objects = vpc.vswitches.flatMap((vswitch) => {
    const own = routes.filter(({ vswitches }) => vswitches.includes(vswitch.id))
    return own.length === 0 ? [] : tableOf(vswitch, own, vpc.blocks, hops)
  })
  return objects.length === 0 ? [] : [knownFirst, ...objects]
}

function tableOf(
  { cidr, table: number }: VSwitchPlan,
  routes: readonly RoutePlan[],
  blocks: readonly string[],
  hops: ReadonlyMap<string, EniPlan>,
): readonly IpObject[] {
  const table = String(number)
  return [
    rule('', cidr, number),
    ...[...blocks, cloudServices].map((to) => route({ to, device: 'lo', table })),
    ...routes.map(({ destination, eni }) => {
      const hop = hops.get(eni ?? '')
      const to = spelling(destination)
      return route({ to, device: hop?.vpcDevice ?? 'lo', via: hop?.address, table })
    }),
  ]
}

/** The interfaces that custom routes lead to. */
export function nextHops({ routes, enis }: VpcSlice): readonly EniPlan[] {
  const hops = new Set(routes.flatMap(({ eni }) => eni ?? []))
  return hops.size === 0 ? [] : enis.filter(({ id }) => hops.has(id))
}

/** A workload may not give itself addresses, so a block that is led to it is its own as a whole. */
export function renderLocalBlocks(routes: readonly RoutePlan[]): readonly IpObject[] {
  return routes
    .filter(({ local }) => local)
    .map(({ destination }) =>
      route({ type: 'local', to: spelling(destination), device: 'lo', table: 'local' }),
    )
}

/** As `ip` prints it. */
function spelling(block: string): string {
  return block === '0.0.0.0/0' ? 'default' : block.replace(/\/32$/, '')
}
