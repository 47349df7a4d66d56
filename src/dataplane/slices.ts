/**
 * A plan, cut into what concerns each namespace. A namespace whose slice did not change is left alone, so the cost of
 * a change follows the change.
 */
import type { Problem } from '../protocol/messages.ts'
import type {
  BalancerPlan,
  EndpointEniPlan,
  EniPlan,
  HostPlan,
  InstancePlan,
  RoutePlan,
  SecurityGroupPlan,
  VpcPlan,
  WirePlan,
} from '../plan/host-plan.ts'

export interface VpcSlice {
  readonly kind: 'vpc'
  readonly netns: string
  readonly serviceNetns: string
  readonly vpc: VpcPlan
  readonly routes: readonly RoutePlan[]
  readonly enis: readonly EniPlan[]
  readonly securityGroups: readonly SecurityGroupPlan[]
  readonly endpointEnis: readonly EndpointEniPlan[]
  readonly consumed: readonly Wire[]
  readonly provided: readonly Wire[]
  readonly balancers: readonly BalancerPlan[]
}

export interface InstanceSlice {
  readonly kind: 'instance'
  readonly netns: string
  readonly instance: InstancePlan
  readonly enis: readonly { readonly eni: EniPlan; readonly vpcNetns: string }[]
  /** Those that lead to it. */
  readonly routes: readonly RoutePlan[]
}

export interface ServiceSlice {
  readonly kind: 'service'
  readonly netns: string
  readonly vpcs: readonly VpcPlan[]
}

export type Slice = VpcSlice | InstanceSlice | ServiceSlice

/** A wire and the namespace at its other end. */
export interface Wire {
  readonly wire: WirePlan
  readonly peerNetns: string
}

export interface Sliced {
  readonly slices: ReadonlyMap<string, Slice>
  /** Items that lead into a VPC the plan does not have. */
  readonly problems: readonly Problem[]
}

export function slicePlan(plan: HostPlan): Sliced {
  const { vpcs, routes, enis, securityGroups, instances } = plan.fabric
  const { endpointEnis, wires, balancers } = plan.links
  const problems: Problem[] = []
  const byVpc = new Map(vpcs.map((vpc) => [vpc.id, emptyVpc(plan, vpc)]))
  const byInstance = new Map(instances.map((instance) => [instance.netns, emptyInstance(instance)]))

  /** Puts an item where it belongs, or says that there is no such place. */
  function inVpc(id: string, vpc: string, put: (slice: MutableVpc) => void): void {
    const slice = byVpc.get(vpc)
    if (slice) put(slice)
    else problems.push({ id, message: `${vpc} is not in the plan` })
  }

  for (const group of securityGroups) inVpc(group.id, group.vpc, (vpc) => vpc.securityGroups.push(group))
  for (const eni of endpointEnis) inVpc(eni.id, eni.vpc, (vpc) => vpc.endpointEnis.push(eni))
  for (const balancer of balancers) inVpc(balancer.id, balancer.vpc, (vpc) => vpc.balancers.push(balancer))
  for (const eni of enis) {
    const instance = byInstance.get(eni.netns)
    if (!instance) {
      problems.push({ id: eni.id, message: `no instance has the namespace ${eni.netns}` })
      continue
    }
    inVpc(eni.id, eni.vpc, (vpc) => {
      vpc.enis.push(eni)
      instance.enis.push({ eni, vpcNetns: vpc.netns })
    })
  }
  const netnsOf = new Map(routes.length > 0 ? enis.map((eni) => [eni.id, eni.netns]) : [])
  for (const route of routes) {
    inVpc(route.id, route.vpc, (vpc) => vpc.routes.push(route))
    byInstance.get(netnsOf.get(route.eni ?? '') ?? '')?.routes.push(route)
  }
  for (const wire of wires) {
    if (wire.consumerVpc === wire.providerVpc) {
      problems.push({ id: wire.id, message: 'endpoint and service are in the same VPC' })
      continue
    }
    inVpc(wire.id, wire.consumerVpc, (consumer) =>
      inVpc(wire.id, wire.providerVpc, (provider) => {
        consumer.consumed.push({ wire, peerNetns: provider.netns })
        provider.provided.push({ wire, peerNetns: consumer.netns })
      }),
    )
  }

  const service: ServiceSlice = { kind: 'service', netns: plan.serviceNetns, vpcs }
  const all: Slice[] = [service, ...byVpc.values(), ...byInstance.values()]
  return { slices: new Map(all.map((slice) => [slice.netns, slice])), problems }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Element)[] ? Element[] : T[K] }
type MutableVpc = Mutable<VpcSlice>
type MutableInstance = Mutable<InstanceSlice>

function emptyVpc({ serviceNetns }: HostPlan, vpc: VpcPlan): MutableVpc {
  return {
    kind: 'vpc',
    netns: vpc.netns,
    serviceNetns,
    vpc,
    routes: [],
    enis: [],
    securityGroups: [],
    endpointEnis: [],
    consumed: [],
    provided: [],
    balancers: [],
  }
}

function emptyInstance(instance: InstancePlan): MutableInstance {
  return { kind: 'instance', netns: instance.netns, instance, enis: [], routes: [] }
}

interface Item {
  readonly id: string
}

interface Entry {
  readonly item: Item
  /** What else the slice knows of it: where its other end is. */
  readonly at: string
}

function entriesOf(slice: Slice): readonly Entry[] {
  const plain = (items: readonly Item[]) => items.map((item): Entry => ({ item, at: '' }))
  switch (slice.kind) {
    case 'vpc':
      return [
        ...plain([
          slice.vpc,
          ...slice.routes,
          ...slice.enis,
          ...slice.securityGroups,
          ...slice.endpointEnis,
          ...slice.balancers,
        ]),
        ...slice.consumed.map(({ wire, peerNetns }): Entry => ({ item: wire, at: `to ${peerNetns}` })),
        ...slice.provided.map(({ wire, peerNetns }): Entry => ({ item: wire, at: `from ${peerNetns}` })),
      ]
    case 'instance':
      return [
        { item: slice.instance, at: '' },
        ...slice.enis.map(({ eni, vpcNetns }): Entry => ({ item: eni, at: vpcNetns })),
        ...plain(slice.routes),
      ]
    case 'service':
      return plain(slice.vpcs)
  }
}

export function sameSlice(before: Slice, after: Slice): boolean {
  switch (after.kind) {
    case 'vpc':
      return (
        before.kind === 'vpc' &&
        sameItem(before.vpc, after.vpc) &&
        sameItems(before.routes, after.routes) &&
        sameItems(before.enis, after.enis) &&
        sameItems(before.securityGroups, after.securityGroups) &&
        sameItems(before.endpointEnis, after.endpointEnis) &&
        sameItems(before.balancers, after.balancers) &&
        same(before.consumed, after.consumed, sameWire) &&
        same(before.provided, after.provided, sameWire)
      )
    case 'instance':
      return (
        before.kind === 'instance' &&
        sameItem(before.instance, after.instance) &&
        sameItems(before.routes, after.routes) &&
        same(before.enis, after.enis, (a, b) => a.vpcNetns === b.vpcNetns && sameItem(a.eni, b.eni))
      )
    case 'service':
      return before.kind === 'service' && sameItems(before.vpcs, after.vpcs)
  }
}

function same<T>(before: readonly T[], after: readonly T[], equal: (a: T, b: T) => boolean): boolean {
  if (before.length !== after.length) return false
  return after.every((item, i) => {
    const old = before[i]
    return old !== undefined && equal(old, item)
  })
}

function sameItems(before: readonly Item[], after: readonly Item[]): boolean {
  return same(before, after, sameItem)
}

function sameWire(a: Wire, b: Wire): boolean {
  return a.peerNetns === b.peerNetns && sameItem(a.wire, b.wire)
}

/** Plans share the items that did not change, so the text is rarely needed. */
function sameItem(a: Item, b: Item): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

/** Two slices of one namespace, of plans that follow each other. */
export type SlicePair = readonly [before: Slice, after: Slice]

/**
 * The same pairs with only those wires that are not shared by both slices of some pair. A VPC may hold a thousand wires and
 * a change be about one: a wire is a device and elements of maps, nothing else depends on it, so the difference of the rest
 * is the difference of the whole. One choice for all pairs: a wire that is left out in one of its two VPCs only would
 * look as if it had lost an end.
 */
export function withChangedWires(pairs: readonly SlicePair[]): readonly SlicePair[] {
  const changed = new Set(pairs.flatMap(unsharedWires))
  return pairs.map(([before, after]) => [withWires(before, changed), withWires(after, changed)])
}

function unsharedWires([before, after]: SlicePair): readonly string[] {
  if (before.kind !== 'vpc' || after.kind !== 'vpc') return []
  return [...unshared(before.consumed, after.consumed), ...unshared(before.provided, after.provided)]
}

function unshared(before: readonly Wire[], after: readonly Wire[]): readonly string[] {
  const only = (these: readonly Wire[], others: readonly Wire[]) => {
    const peers = new Map(others.map(({ wire, peerNetns }) => [wire, peerNetns]))
    return these.filter(({ wire, peerNetns }) => peers.get(wire) !== peerNetns).map(({ wire }) => wire.id)
  }
  return [...only(before, after), ...only(after, before)]
}

function withWires(slice: Slice, ids: ReadonlySet<string>): Slice {
  if (slice.kind !== 'vpc') return slice
  const chosen = (wires: readonly Wire[]) => wires.filter(({ wire }) => ids.has(wire.id))
  return { ...slice, consumed: chosen(slice.consumed), provided: chosen(slice.provided) }
}

/** Ids of the items that are new, different or gone; all of them when there was no slice before. */
export function changedItems(before: Slice | undefined, after: Slice): readonly string[] {
  const old = new Map((before ? entriesOf(before) : []).map((entry) => [entry.item.id, entry]))
  const changed: string[] = []
  for (const entry of entriesOf(after)) {
    const { id } = entry.item
    if (!sameEntry(entry, old.get(id))) changed.push(id)
    old.delete(id)
  }
  return [...changed, ...old.keys()]
}

function sameEntry(a: Entry, b: Entry | undefined): boolean {
  return a.at === b?.at && sameItem(a.item, b.item)
}
