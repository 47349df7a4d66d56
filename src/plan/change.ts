import { difference, patched, type Identified } from '../lists/sorted.ts'
import type { Fabric, HostPlan, Links } from './host-plan.ts'

/** The difference between two plans, by section and item id. Applying it to `base` gives `generation`, exactly. */
export interface PlanChange {
  readonly base: number
  readonly generation: number
  readonly put: Partial<Fabric & Links>
  /** Section name → ids that are gone. */
  readonly drop: Readonly<Record<string, readonly string[]>>
}

export type Section = keyof Fabric | keyof Links
type Item = Identified

const fabricSections = [
  'vpcs',
  'routes',
  'enis',
  'securityGroups',
  'instances',
] as const satisfies (keyof Fabric)[]
const linkSections = ['endpointEnis', 'wires', 'balancers', 'names'] as const satisfies (keyof Links)[]
export const sections: readonly Section[] = [...fabricSections, ...linkSections]

export function sectionOf(plan: HostPlan, section: Section): readonly Item[] {
  return { ...plan.fabric, ...plan.links }[section]
}

/** What turns `from` into `to`. Items are compared by content. */
export function planChange(from: HostPlan, to: HostPlan): PlanChange {
  const put: Record<string, Item[]> = {}
  const drop: Record<string, string[]> = {}
  for (const section of sections) {
    if (sectionOf(from, section) === sectionOf(to, section)) continue
    const { changed, gone } = compare(sectionOf(from, section), sectionOf(to, section))
    if (changed.length > 0) put[section] = changed
    if (gone.length > 0) drop[section] = gone
  }
  return { base: from.generation, generation: to.generation, put, drop }
}

/** Plans share what did not change, so what differs is between the ends that are the same objects. */
function compare(before: readonly Item[], after: readonly Item[]): { changed: Item[]; gone: string[] } {
  const { gone, come } = difference(before, after)
  const old = new Map(gone.map((item) => [item.id, item]))
  const changed: Item[] = []
  for (const item of come) {
    const was = old.get(item.id)
    old.delete(item.id)
    if (!was || JSON.stringify(was) !== JSON.stringify(item)) changed.push(item)
  }
  return { changed, gone: [...old.keys()] }
}

/** The plan after the change. The change must have this plan's generation as its base. */
export function applyChange(plan: HostPlan, change: PlanChange): HostPlan {
  if (change.base !== plan.generation) {
    throw new Error(`change from generation ${change.base} does not fit generation ${plan.generation}`)
  }
  const all: Record<string, readonly Item[]> = { ...plan.fabric, ...plan.links }
  for (const section of sections) {
    const put: readonly Item[] = change.put[section] ?? []
    all[section] = patched(sectionOf(plan, section), put, change.drop[section] ?? [])
  }
  const { vpcs, routes, enis, securityGroups, instances, endpointEnis, wires, balancers, names } =
    all as unknown as Fabric & Links
  return {
    generation: change.generation,
    deployment: plan.deployment,
    serviceNetns: plan.serviceNetns,
    fabric: { vpcs, routes, enis, securityGroups, instances },
    links: { endpointEnis, wires, balancers, names },
  }
}
