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
type Item = { readonly id: string }

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

/** Both lists are sorted by id, so one walk along them finds what differs. */
function compare(before: readonly Item[], after: readonly Item[]): { changed: Item[]; gone: string[] } {
  const changed: Item[] = []
  const gone: string[] = []
  let position = 0
  for (const item of after) {
    let old = before[position]
    for (; old && old.id < item.id; old = before[++position]) gone.push(old.id)
    if (old?.id === item.id) position += 1
    else old = undefined
    if (old !== item && (!old || JSON.stringify(old) !== JSON.stringify(item))) changed.push(item)
  }
  for (const old of before.slice(position)) gone.push(old.id)
  return { changed, gone }
}

/** The plan after the change. The change must have this plan's generation as its base. */
export function applyChange(plan: HostPlan, change: PlanChange): HostPlan {
  if (change.base !== plan.generation) {
    throw new Error(`change from generation ${change.base} does not fit generation ${plan.generation}`)
  }
  const all: Record<string, readonly Item[]> = { ...plan.fabric, ...plan.links }
  for (const section of sections) {
    const put: readonly Item[] = change.put[section] ?? []
    const gone = new Set([...(change.drop[section] ?? []), ...put.map((item) => item.id)])
    if (gone.size === 0) continue
    const kept = sectionOf(plan, section).filter((item) => !gone.has(item.id))
    all[section] = merge(
      kept,
      put.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    )
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

/** Two lists that are sorted by id become one: a section may hold thousands of items, and a change one. */
function merge(a: readonly Item[], b: readonly Item[]): Item[] {
  const merged: Item[] = []
  let position = 0
  for (const item of b) {
    for (let next = a[position]; next && next.id < item.id; next = a[++position]) merged.push(next)
    merged.push(item)
  }
  return [...merged, ...a.slice(position)]
}
