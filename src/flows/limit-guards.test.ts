import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planOf, twoVpcsWords } from '../../test/fixtures/plans.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import { firstGuard, nextGuard, restarted, withGuards, type Guard } from './limit-guards.ts'

const base = planOf(twoVpcsWords('test'))

function limited(connections: number | undefined): HostPlan {
  const limit = connections === undefined ? undefined : { id: 'a/s', connections }
  const wires = base.links.wires.map((wire) => ({ ...wire, limit }))
  return { ...base, links: { ...base.links, wires } }
}

test('a limit begins anew when it is set or changed under a wire that was there', () => {
  const begun = (before: HostPlan | undefined, after: HostPlan) => [...restarted(before, after).keys()]
  expect(begun(limited(undefined), limited(5))).toEqual(['a/s'])
  expect(begun(limited(4), limited(5))).toEqual(['a/s'])
  expect(begun(limited(5), limited(5))).toEqual([])
  expect(begun(limited(5), limited(undefined))).toEqual([])
  expect(begun(undefined, limited(5))).toEqual([])
  expect(begun({ ...base, links: { ...base.links, wires: [] } }, limited(5))).toEqual([])
})

test('a guard leaves room for what is open, until that has ended', () => {
  const first = firstGuard(5, ['a', 'b'], '1')
  expect(first).toMatchObject({ connections: 3, unknown: ['a', 'b'], epoch: '1' })
  expect(firstGuard(5, [], '1')).toBeUndefined()
  if (!first) throw new Error('no guard')
  const settled = nextGuard(first, ['a', 'b'], '2')
  expect(settled).toEqual({ ...first, fresh: false })
  // Nobody knows whether the rules saw what came while they were made.
  expect(nextGuard(first, ['a', 'b', 'c'], '2')).toMatchObject({ connections: 2, unknown: ['a', 'b', 'c'] })
  if (!settled) throw new Error('no guard')
  expect(nextGuard(settled, ['a', 'b', 'c'], '3')).toBe(settled)
  expect(nextGuard(settled, ['b', 'c'], '3')).toMatchObject({ connections: 3, unknown: ['b'], epoch: '3' })
  expect(nextGuard(settled, ['c'], '3')).toBeUndefined()
})

test('a plan has the guards of the limits that they were made for', () => {
  const guard: Guard = { limit: 5, connections: 3, epoch: '1', unknown: ['a'], beside: ['a'], fresh: false }
  const guards = new Map([['a/s', guard]])
  const of = (plan: HostPlan) => withGuards(plan, guards).links.wires[0]?.limit?.guard
  expect(of(limited(5))).toEqual({ connections: 3, epoch: '1' })
  expect(of(limited(6))).toBeUndefined()
  expect(withGuards(base, new Map())).toBe(base)
})

/** The two rules of the kernel: each counts what it has admitted since it was made, and what of it is open. */
test('whatever opens and ends, no more are open than the limit, and when the old ones have ended all of it is there', () => {
  const step = fc.oneof(fc.constant('open' as const), fc.constant('look' as const), fc.nat(20))
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(10), fc.array(step), (limit, old, steps) => {
      let next = 0
      let open = Array.from({ length: old }, () => `f${next++}`)
      let guard = firstGuard(limit, open, '0')
      const known = new Set<string>()
      let guarded = new Set<string>()
      const admitted = (set: ReadonlySet<string>) => open.filter((key) => set.has(key)).length
      const look = () => {
        const after = guard && nextGuard(guard, open, `${next++}`)
        if (after?.epoch !== guard?.epoch) guarded = new Set()
        guard = after
      }
      const tryOpen = () => {
        if (admitted(known) >= limit || (guard && admitted(guarded) >= guard.connections)) return false
        const key = `f${next++}`
        open.push(key)
        known.add(key)
        guarded.add(key)
        return true
      }
      for (const one of steps) {
        if (one === 'look') look()
        else if (one === 'open') tryOpen()
        else open = open.filter((_, place) => place !== one)
        expect(open.length).toBeLessThanOrEqual(Math.max(limit, old))
        if (open.length > limit) expect(tryOpen()).toBe(false)
      }
      // A look gives back what has ended, also while old ones are open.
      look()
      look()
      while (tryOpen());
      expect(open.length).toBeGreaterThanOrEqual(limit)
      open = open.filter((key) => known.has(key))
      look()
      look()
      while (tryOpen());
      expect(open.length).toBe(limit)
    }),
  )
})
