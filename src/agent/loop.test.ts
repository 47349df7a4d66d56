import { pino } from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { planOf } from '../../test/fixtures/plans.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import { startLoop, type Loop } from './loop.ts'

const plan = (generation: number): HostPlan => planOf({ deployment: 'test', generation, vpcs: [] })

let loop: Loop | undefined

afterEach(() => loop?.close())

test('of the plans that wait behind a running apply only the newest is carried out', async () => {
  const first = Promise.withResolvers<void>()
  const done: number[] = []
  loop = startLoop({
    apply: async ({ generation }) => {
      if (generation === 1) await first.promise
      return []
    },
    onApplied: ({ generation }) => done.push(generation),
    resyncMs: 60_000,
    retry: { firstMs: 10, longestMs: 10 },
    random: () => 0,
    log: pino({ level: 'silent' }),
  })
  loop.setPlan(plan(1))
  await Promise.resolve()
  loop.setPlan(plan(2))
  loop.setPlan(plan(3))
  first.resolve()
  await vi.waitFor(() => expect(done.at(-1)).toBe(3))
  expect(done).toEqual([1, 3])
})

test('a stream of changes does not put off the look at the kernel', async () => {
  const hows: string[] = []
  loop = startLoop({
    apply: async (_, how) => {
      hows.push(how)
      return how === 'cached' ? [] : [{ id: 'x', message: 'still broken' }]
    },
    onApplied: ({ generation }) => setImmediate(() => loop?.setPlan(plan(generation + 1))),
    resyncMs: 60_000,
    retry: { firstMs: 30, longestMs: 30 },
    random: () => 0,
    log: pino({ level: 'silent' }),
  })
  loop.setPlan(plan(1))
  await vi.waitFor(() => expect(hows.filter((how) => how === 'observed').length).toBeGreaterThan(2))
})
