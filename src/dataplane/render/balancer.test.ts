/** Consistent hashing, judged by the map that the kernel gets. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planOf } from '../../../test/fixtures/plans.ts'
import { slicePlan } from '../slicer.ts'
import { renderBalancers } from './balancer.ts'
import { createPartCache } from './parts.ts'

const schedulers = [
  ['sch', 'tcp'],
  ['tch', 'tcp'],
  ['qch', 'udp'],
] as const

type Scheduler = (typeof schedulers)[number]

/** Slot → backend, of each map of the listener's chain. */
function mapsOf([scheduler, protocol]: Scheduler, backends: readonly string[]): readonly string[][] {
  const vswitches = [{ zone: 'eu-central-1b', cidr: '10.0.0.0/24' }]
  const listeners = [{ port: 80, protocol, scheduler, backends }]
  const plan = planOf({
    deployment: 'test',
    vpcs: [{ id: 'vpc-1', cidr: '10.0.0.0/16', number: 1, vswitches }],
    balancers: [{ id: 'lb-1', vpc: 'vpc-1', address: '10.0.0.100', listeners }],
  })
  const [slice] = [...slicePlan(plan).slices.values()].filter(({ kind }) => kind === 'vpc')
  if (slice?.kind !== 'vpc') throw new Error('no VPC')
  const rules = renderBalancers(slice, createPartCache()).chains.flatMap(([, { rules: own }]) => own)
  return rules
    .filter((rule) => rule.includes('jhash'))
    .map((rule) => [...rule.matchAll(/\d+ : ([\d.]+ \. \d+)/g)].map((match) => match[1] ?? ''))
}

const many = fc.integer({ min: 2, max: 12 }).chain((count) =>
  fc.record({
    weights: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: count, maxLength: count }),
    leaving: fc.integer({ min: 0, max: count - 1 }),
  }),
)

describe.each(schedulers.map((scheduler) => ({ scheduler })))('$scheduler.0', ({ scheduler }) => {
  test('who leaves gives away its own slots only, and who comes takes only what it keeps', () => {
    fc.assert(
      fc.property(many, ({ weights, leaving }) => {
        const all = weights.map((weight, index) => `10.0.0.${index + 1}:80*${weight}`)
        const gone = `10.0.0.${leaving + 1} . 80`
        const before = mapsOf(scheduler, all)
        const after = mapsOf(scheduler, all.toSpliced(leaving, 1))
        expect(before).toHaveLength(scheduler[0] === 'qch' ? 2 : 1)
        for (const [index, map] of before.entries()) {
          for (const [slot, backend] of map.entries()) {
            if (backend !== gone) expect(after[index]?.[slot]).toBe(backend)
            else expect(after[index]?.[slot]).not.toBe(gone)
          }
        }
      }),
      { numRuns: 25 },
    )
  })
})
