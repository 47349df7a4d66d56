import type { HostPlan } from '../../plan/host-plan.ts'
import { slicePlan } from '../slicer.ts'
import type { Slice } from '../slices.ts'
import type { WantedState } from '../state.ts'
import { renderInstance } from './instance.ts'
import type { PartCache } from './parts.ts'
import { createPartCache } from './parts.ts'
import { renderService } from './service.ts'
import { renderVpc } from './vpc.ts'

/** The exact kernel objects of each namespace of the plan. */
export function renderNamespaces(plan: HostPlan): ReadonlyMap<string, WantedState> {
  const { slices } = slicePlan(plan)
  const cache = createPartCache()
  return new Map(
    [...slices]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, slice]) => [name, renderSlice(slice, cache)]),
  )
}

export function renderSlice(slice: Slice, cache: PartCache): WantedState {
  switch (slice.kind) {
    case 'vpc':
      return renderVpc(slice, cache)
    case 'instance':
      return renderInstance(slice)
    case 'service':
      return renderService(slice)
  }
}
