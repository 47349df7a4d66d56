import { overlaps, parseCidr } from '../model/ipv4.ts'
import { cloudServices } from '../model/rules.ts'
import type { Eni, Route, Vpc } from '../model/world.ts'
import type { RoutePlan } from '../plan/host-plan.ts'
import type { Index } from './index-world.ts'

/** The custom routes of each VPC that is there. One that no vSwitch uses stays in the plan and carries nothing. */
export function compileRoutes(index: Index): RoutePlan[] {
  return index.world.routes.flatMap((route) => {
    const vpc = index.vpcs.get(route.vpc)
    if (!vpc) return []
    const vswitches = index.vswitchesOfVpc.get(route.vpc) ?? []
    const eni = interfaceOf(index, route)
    return index.memo.of(route.id, [route, vpc, eni, ...vswitches], () => ({
      id: route.id,
      vpc: route.vpc,
      destination: route.destination,
      vswitches: vswitches
        .filter(({ routeTable }) => routeTable === route.table)
        .map(({ id }) => id)
        .sort(),
      eni: eni?.id,
      local: isLocal(route, vpc),
    }))
  })
}

/** The next hop, if packets can be handed to it. */
function interfaceOf(index: Index, { vpc, nextHop }: Route): Eni | undefined {
  const eni = index.primaryEnis.get(nextHop) ?? index.enis.get(nextHop)
  if (eni?.vpc !== vpc || eni.attachment.kind !== 'instance') return undefined
  return index.instances.has(eni.attachment.instance) ? eni : undefined
}

function isLocal({ destination }: Route, { cidr, blocks }: Vpc): boolean {
  const block = parseCidr(destination)
  const others = [cidr, ...blocks].map(parseCidr)
  return block !== undefined && ![...others, cloudServices].some((other) => other && overlaps(block, other))
}
