import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { planOf, twoVpcsWords } from '../../test/fixtures/plans.ts'
import { applyChange, planChange } from '../plan/change.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import { createSlicer, slicePlan } from './slicer.ts'

const route = { vpc: 'vpc-provider', destination: '172.30.0.0/16' }
const whole = planOf({
  ...twoVpcsWords('test'),
  routes: [
    { ...route, id: 'rte-one', instance: 'i-one' },
    { ...route, id: 'rte-none', destination: '8.8.8.8/32', instance: undefined },
  ],
})

/** The plan without some of its items, each chosen by its place. */
function without(places: readonly number[], generation: number): HostPlan {
  const gone = (section: number) => (_: unknown, place: number) => !places.includes(section * 3 + place)
  const { vpcs, routes, enis, securityGroups, instances } = whole.fabric
  const { endpointEnis, wires, balancers } = whole.links
  return {
    ...whole,
    generation,
    fabric: {
      vpcs: vpcs.filter(gone(0)),
      routes: routes.filter(gone(7)),
      enis: enis.filter(gone(1)),
      securityGroups: securityGroups.filter(gone(2)),
      instances: instances.filter(gone(3)),
    },
    links: {
      ...whole.links,
      endpointEnis: endpointEnis.filter(gone(4)),
      wires: wires.filter(gone(5)),
      balancers: balancers.filter(gone(6)),
    },
  }
}

test('one plan after the other is cut as each alone, also where something is missing that others lead to', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uniqueArray(fc.nat(23), { maxLength: 5 }), { minLength: 2, maxLength: 8 }),
      (lives) => {
        const cut = createSlicer()
        let plan = whole
        cut(plan)
        for (const [step, places] of lives.entries()) {
          const next = without(places, whole.generation + step + 1)
          plan = applyChange(plan, planChange(plan, next))
          expect(cut(plan)).toEqual(slicePlan(next))
        }
      },
    ),
  )
})

test('only what a change is about is cut anew', () => {
  const cut = createSlicer()
  const before = cut(whole).slices
  const wires = whole.links.wires.map((wire) => ({ ...wire, bandwidthMbps: 7 }))
  const after = cut({ ...whole, generation: whole.generation + 1, links: { ...whole.links, wires } }).slices
  const ends = new Set(wires.flatMap(({ consumerVpc, providerVpc }) => [consumerVpc, providerVpc]))
  expect(ends.size).toBeGreaterThan(0)
  for (const [netns, slice] of after) {
    const isEnd = slice.kind === 'vpc' && ends.has(slice.vpc.id)
    if (isEnd) expect(before.get(netns)).not.toBe(slice)
    else expect(before.get(netns)).toBe(slice)
  }
})
