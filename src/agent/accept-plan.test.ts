import { expect, test } from 'vitest'
import { planOf } from '../../test/fixtures/plans.ts'
import { planChange } from '../plan/change.ts'
import { acceptPlan } from './accept-plan.ts'

const plan = (generation: number) => planOf({ deployment: 'test', generation, vpcs: [] })

test.each([
  ['the first plan', undefined, plan(3), 'taken'],
  ['a newer plan', plan(2), plan(3), 'taken'],
  ['the same generation', plan(3), plan(3), 'taken'],
  ['an older plan', plan(4), plan(3), 'refused'],
  ['the plan of another deployment', undefined, { ...plan(3), deployment: 'else' }, 'refused'],
])('%s', (_, current, offered, kind) => {
  expect(acceptPlan(current, { type: 'plan', plan: offered }, 'test').kind).toBe(kind)
})

test.each([
  ['a change without a plan', undefined, [1, 2], 'ask-again'],
  ['a change against another plan', plan(3), [2, 4], 'ask-again'],
  ['a change that fits', plan(2), [2, 4], 'taken'],
  ['a change that goes back', plan(2), [2, 1], 'refused'],
] as const)('%s', (_, current, [base, generation], kind) => {
  const change = planChange(plan(base), plan(generation))
  expect(acceptPlan(current, { type: 'change', change }, 'test').kind).toBe(kind)
})
