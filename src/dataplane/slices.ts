/**
 * A plan, cut into what concerns each namespace (`slicer.ts`). A namespace whose slice did not change is left alone
 * (`slice-changes.ts`), so the cost of a change follows the change.
 */
import type {
  BalancerPlan,
  EndpointEniPlan,
  EniPlan,
  InstancePlan,
  RoutePlan,
  SecurityGroupPlan,
  VpcPlan,
  WirePlan,
} from '../plan/host-plan.ts'

/** Lists are sorted by id. */
export interface VpcSlice {
  readonly kind: 'vpc'
  readonly netns: string
  /** Of it the names of the namespaces at the other ends are made. */
  readonly deployment: string
  readonly serviceNetns: string
  readonly vpc: VpcPlan
  readonly routes: readonly RoutePlan[]
  readonly enis: readonly EniPlan[]
  readonly securityGroups: readonly SecurityGroupPlan[]
  readonly endpointEnis: readonly EndpointEniPlan[]
  readonly consumed: readonly WirePlan[]
  readonly provided: readonly WirePlan[]
  readonly balancers: readonly BalancerPlan[]
}

export interface InstanceSlice {
  readonly kind: 'instance'
  readonly netns: string
  readonly deployment: string
  readonly instance: InstancePlan
  readonly enis: readonly EniPlan[]
  /** Those that lead to it. */
  readonly routes: readonly RoutePlan[]
}

export interface ServiceSlice {
  readonly kind: 'service'
  readonly netns: string
  readonly vpcs: readonly VpcPlan[]
}

export type Slice = VpcSlice | InstanceSlice | ServiceSlice

/** About how many: those whose number grows without bound. */
export function devicesIn(slice: Slice): number {
  if (slice.kind === 'vpc') return slice.enis.length + slice.consumed.length + slice.provided.length
  return slice.kind === 'instance' ? slice.enis.length : slice.vpcs.length
}
