import { overlaps, parseCidr } from '../model/ipv4.ts'
import { cloudServices } from '../model/rules.ts'
import type { Eni, Route, Vpc, VSwitch } from '../model/world.ts'
import type { RoutePlan } from '../plan/host-plan.ts'
import { netnsName } from '../plan/kernel-names.ts'
import type { Index } from './index-world.ts'

/** The custom routes of each VPC that is there. One that no vSwitch uses stays in the plan and carries nothing. */
export function compileRoutes(index: Index): RoutePlan[] {
  const { world, memo } = index
  if (world.routes.length === 0) return []
  const primary = memo.of('index primary ENIs', [world.enis], () => new Map(world.enis.flatMap(asPrimary)))
  return world.routes.flatMap((route) => {
    const vpc = index.vpcs.get(route.vpc)
    if (!vpc) return []
    const vswitches = index.vswitchesOfVpc.get(route.vpc) ?? []
    const hop = hopOf(index, route, primary.get(route.nextHop) ?? index.enis.get(route.nextHop))
    const parts = [route, vpc, hop?.eni, hop?.netns, ...vswitches]
    return memo.of(route.id, parts, () => compileRoute(route, vpc, hop, vswitches))
  })
}

interface Hop {
  readonly eni: string
  readonly netns: string
}

/** The next hop, if packets can be handed to it. */
function hopOf(index: Index, { vpc }: Route, eni: Eni | undefined): Hop | undefined {
  if (eni?.vpc !== vpc || eni.attachment.kind !== 'instance') return undefined
  const { instance } = eni.attachment
  if (!index.instances.has(instance)) return undefined
  return { eni: eni.id, netns: netnsName(index.world.deployment, instance) }
}

function compileRoute(
  route: Route,
  vpc: Vpc,
  hop: Hop | undefined,
  vswitches: readonly VSwitch[],
): RoutePlan {
  return {
    id: route.id,
    vpc: route.vpc,
    destination: route.destination,
    vswitches: vswitches
      .filter(({ routeTable }) => routeTable === route.table)
      .map(({ id }) => id)
      .sort(),
    eni: hop?.eni,
    netns: hop?.netns,
    local: isLocal(route, vpc),
  }
}

function asPrimary(eni: Eni): readonly (readonly [string, Eni])[] {
  const { attachment } = eni
  return attachment.kind === 'instance' && attachment.primary ? [[attachment.instance, eni]] : []
}

function isLocal({ destination }: Route, { cidr, blocks }: Vpc): boolean {
  const block = parseCidr(destination)
  const others = [cidr, ...blocks].map(parseCidr)
  return block !== undefined && ![...others, cloudServices].some((other) => other && overlaps(block, other))
}
