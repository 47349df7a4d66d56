/** What differs between two slices of one namespace, of plans that follow each other. */
import { difference, picked, type Identified } from '../lists/sorted.ts'
import type { Slice } from './slices.ts'

function itemsOf(slice: Slice): readonly Identified[] {
  switch (slice.kind) {
    case 'vpc':
      return [
        slice.vpc,
        ...slice.routes,
        ...slice.enis,
        ...slice.securityGroups,
        ...slice.endpointEnis,
        ...slice.balancers,
        ...slice.consumed,
        ...slice.provided,
      ]
    case 'instance':
      return [slice.instance, ...slice.enis, ...slice.routes]
    case 'service':
      return slice.vpcs
  }
}

export function sameSlice(before: Slice, after: Slice): boolean {
  if (before === after) return true
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
        sameItems(before.consumed, after.consumed) &&
        sameItems(before.provided, after.provided)
      )
    case 'instance':
      return (
        before.kind === 'instance' &&
        sameItem(before.instance, after.instance) &&
        sameItems(before.enis, after.enis) &&
        sameItems(before.routes, after.routes)
      )
    case 'service':
      return before.kind === 'service' && sameItems(before.vpcs, after.vpcs)
  }
}

function sameItems(before: readonly Identified[], after: readonly Identified[]): boolean {
  if (before === after) return true
  if (before.length !== after.length) return false
  return after.every((item, position) => {
    const old = before[position]
    return old !== undefined && sameItem(old, item)
  })
}

/** Plans share the items that did not change, so the text is rarely needed. */
function sameItem(a: Identified, b: Identified): boolean {
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
  const changed = [...new Set(pairs.flatMap(unsharedWires))]
  return pairs.map(([before, after]) => [withWires(before, changed), withWires(after, changed)])
}

function unsharedWires([before, after]: SlicePair): readonly string[] {
  if (before.kind !== 'vpc' || after.kind !== 'vpc') return []
  return [difference(before.consumed, after.consumed), difference(before.provided, after.provided)].flatMap(
    ({ gone, come }) => [...gone, ...come].map(({ id }) => id),
  )
}

function withWires(slice: Slice, ids: readonly string[]): Slice {
  if (slice.kind !== 'vpc') return slice
  return { ...slice, consumed: picked(slice.consumed, ids), provided: picked(slice.provided, ids) }
}

/** Ids of the items that are new, different or gone; all of them when there was no slice before. */
export function changedItems(before: Slice | undefined, after: Slice): readonly string[] {
  const old = new Map((before ? itemsOf(before) : []).map((item) => [item.id, item]))
  const changed: string[] = []
  for (const item of itemsOf(after)) {
    const was = old.get(item.id)
    if (!was || !sameItem(was, item)) changed.push(item.id)
    old.delete(item.id)
  }
  return [...changed, ...old.keys()]
}
