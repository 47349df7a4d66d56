import pino from 'pino'
import { expect, test } from 'vitest'
import { walkthrough } from '../../test/fixtures/walkthrough.ts'
import type { Report } from '../protocol/messages.ts'
import type { World } from '../model/world.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import { createPlanner } from './planner.ts'

const log = pino({ level: 'silent' })

function report(generation: number): Report {
  return { generation, problems: [], instances: [], health: [], wires: [], balancers: [] }
}

function harness(world: World) {
  const state = { world, published: [] as HostPlan[], settled: [] as Report[], failures: 0 }
  const planner = createPlanner({
    readWorld: () => Promise.resolve(state.world),
    settle: (settled) => {
      if (state.failures-- > 0) return Promise.reject(new Error('the store is busy'))
      state.settled.push(settled)
      return Promise.resolve()
    },
    publish: (plan) => void state.published.push(plan),
    log,
  })
  return { state, planner }
}

test('a change is planned once per generation', async () => {
  const { state, planner } = harness(walkthrough)
  planner.changed()
  planner.changed()
  await planner.idle()
  planner.changed()
  await planner.idle()
  expect(state.published.map(({ generation }) => generation)).toEqual([7])
})

test('a change that arrives while one is planned is planned after it', async () => {
  const { state, planner } = harness(walkthrough)
  planner.changed()
  state.world = { ...walkthrough, generation: 8 }
  planner.changed()
  await planner.idle()
  expect(state.published.at(-1)?.generation).toBe(8)
})

test('what compile left out keeps its status: its problem is settled with the report', async () => {
  const { state, planner } = harness({ ...walkthrough, loadBalancers: [] })
  planner.changed()
  await planner.idle()
  planner.reported(report(7))
  await planner.idle()
  expect(state.settled[0]?.problems.map(({ id }) => id)).toEqual(['ep-1/eu-central-1b'])
})

test('a report survives a failing store', async () => {
  const { state, planner } = harness(walkthrough)
  state.failures = 1
  planner.reported(report(7))
  await planner.idle()
  expect(state.settled).toHaveLength(1)
})

test('a store that fails for ever does not hold up the end', async () => {
  const { state, planner } = harness(walkthrough)
  state.failures = Infinity
  planner.reported(report(7))
  await planner.end()
  expect(state.settled).toEqual([])
})

test('a plan with a finding is not published', async () => {
  const twice = walkthrough.enis.map((eni) => ({ ...eni, address: '10.0.0.182' }))
  const { state, planner } = harness({ ...walkthrough, enis: twice })
  planner.changed()
  await planner.idle()
  expect(state.published).toEqual([])
})
