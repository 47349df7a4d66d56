/** Which plan is the newest: pure. Generations only grow, so a server that lost its memory moves nothing back. */
import { applyChange } from '../plan/change.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import type { PlanMessage } from '../protocol/messages.ts'

export type Taken =
  | { readonly kind: 'taken'; readonly plan: HostPlan }
  | { readonly kind: 'refused'; readonly reason: string }
  /** A change against another plan than ours: a hello brings the whole one. */
  | { readonly kind: 'ask-again' }

export function acceptPlan(current: HostPlan | undefined, message: PlanMessage, deployment: string): Taken {
  if (message.type === 'change') {
    const { change } = message
    if (!current || change.base !== current.generation) return { kind: 'ask-again' }
    if (change.generation < current.generation) return older(change.generation, current.generation)
    return { kind: 'taken', plan: applyChange(current, change) }
  }
  const { plan } = message
  if (plan.deployment !== deployment) {
    return { kind: 'refused', reason: `the plan is for deployment ${plan.deployment}, not ${deployment}` }
  }
  if (current && plan.generation < current.generation) return older(plan.generation, current.generation)
  return { kind: 'taken', plan }
}

function older(offered: number, have: number): Taken {
  return { kind: 'refused', reason: `generation ${offered} is older than ${have}` }
}
