import { Grouping } from '../lists/grouping.ts'
import { sortById, type Identified } from '../lists/sorted.ts'
import type {
  BalancerPlan,
  EndpointEniPlan,
  EniPlan,
  HostPlan,
  RoutePlan,
  SecurityGroupPlan,
  WirePlan,
} from '../plan/host-plan.ts'
import type { Problem } from '../protocol/messages.ts'
import type { Slice } from './slices.ts'

export interface Sliced {
  /** By namespace. */
  readonly slices: ReadonlyMap<string, Slice>
  /** Items that lead to what the plan does not have. They are in no slice. */
  readonly problems: readonly Problem[]
}

export function slicePlan(plan: HostPlan): Sliced {
  return createSlicer()(plan)
}

/** Cuts one plan after the other: a slice that did not change is the same object, and only the others cost anything. */
export function createSlicer(): (plan: HostPlan) => Sliced {
  const ofVpc = {
    routes: new Grouping<RoutePlan>(vpcOf),
    enis: new Grouping<EniPlan>(vpcOf),
    securityGroups: new Grouping<SecurityGroupPlan>(vpcOf),
    endpointEnis: new Grouping<EndpointEniPlan>(vpcOf),
    consumed: new Grouping<WirePlan>((wire) => (isLoop(wire) ? [] : [wire.consumerVpc])),
    provided: new Grouping<WirePlan>((wire) => (isLoop(wire) ? [] : [wire.providerVpc])),
    balancers: new Grouping<BalancerPlan>(vpcOf),
  }
  const enisOfInstance = new Grouping<EniPlan>(({ netns }) => [netns])
  const routesToInstance = new Grouping<RoutePlan>(({ netns }) => (netns === undefined ? [] : [netns]))
  const loops = new Grouping<WirePlan>((wire) => (isLoop(wire) ? ['all'] : []))
  let last: ReadonlyMap<string, Slice> = new Map()

  return (plan) => {
    const { deployment, serviceNetns, fabric, links } = plan
    const { routes, enis, securityGroups, endpointEnis, consumed, provided, balancers } = ofVpc
    routes.update(fabric.routes)
    enis.update(fabric.enis)
    securityGroups.update(fabric.securityGroups)
    endpointEnis.update(links.endpointEnis)
    consumed.update(links.wires)
    provided.update(links.wires)
    balancers.update(links.balancers)
    enisOfInstance.update(fabric.enis)
    routesToInstance.update(fabric.routes)
    loops.update(links.wires)

    const vpcs = new Set(fabric.vpcs.map(({ id }) => id))
    const instances = new Set(fabric.instances.map(({ netns }) => netns))
    const problems = new Map<string, string>()
    const without = (
      groups: ReadonlyMap<string, readonly Identified[]>,
      known: ReadonlySet<string>,
      message: (key: string) => string,
    ) => {
      for (const [key, items] of groups) {
        if (!known.has(key)) for (const { id } of items) problems.set(id, message(key))
      }
    }
    for (const { groups } of Object.values(ofVpc)) without(groups, vpcs, notInPlan)
    without(enisOfInstance.groups, instances, (netns) => `no instance has the namespace ${netns}`)
    for (const { id } of loops.get('all')) problems.set(id, 'endpoint and service are in the same VPC')

    /** Almost always the very list, so that it is known again the next time. */
    const sound = <Item extends Identified>(items: readonly Item[]): readonly Item[] =>
      problems.size === 0 || !items.some(({ id }) => problems.has(id))
        ? items
        : items.filter(({ id }) => !problems.has(id))

    const slices = new Map<string, Slice>()
    const add = (slice: Slice) => void slices.set(slice.netns, sameOr(last.get(slice.netns), slice))
    add({ kind: 'service', netns: serviceNetns, vpcs: fabric.vpcs })
    for (const vpc of fabric.vpcs) {
      add({
        kind: 'vpc',
        netns: vpc.netns,
        deployment,
        serviceNetns,
        vpc,
        routes: sound(routes.get(vpc.id)),
        enis: sound(enis.get(vpc.id)),
        securityGroups: sound(securityGroups.get(vpc.id)),
        endpointEnis: sound(endpointEnis.get(vpc.id)),
        consumed: sound(consumed.get(vpc.id)),
        provided: sound(provided.get(vpc.id)),
        balancers: sound(balancers.get(vpc.id)),
      })
    }
    for (const instance of fabric.instances) {
      const { netns } = instance
      add({
        kind: 'instance',
        netns,
        deployment,
        instance,
        enis: sound(enisOfInstance.get(netns)),
        routes: sound(routesToInstance.get(netns)),
      })
    }
    last = slices
    return { slices, problems: sortById([...problems].map(([id, message]) => ({ id, message }))) }
  }
}

function vpcOf({ vpc }: { readonly vpc: string }): readonly string[] {
  return [vpc]
}

function isLoop({ consumerVpc, providerVpc }: WirePlan): boolean {
  return consumerVpc === providerVpc
}

function notInPlan(vpc: string): string {
  return `${vpc} is not in the plan`
}

function sameOr(before: Slice | undefined, after: Slice): Slice {
  if (!before) return after
  const old: Readonly<Record<string, unknown>> = { ...before }
  return Object.entries(after).every(([name, value]) => old[name] === value) ? before : after
}
