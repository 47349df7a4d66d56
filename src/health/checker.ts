/**
 * The thresholds of a health check as a pure state machine. A backend starts `unavailable` (no result yet, and
 * it takes traffic); that many consecutive results in a row move it to `normal` or `abnormal`.
 */
import type { HealthReport } from '../protocol/messages.ts'

export type HealthStatus = HealthReport['status']

export interface Thresholds {
  readonly healthyThreshold: number
  readonly unhealthyThreshold: number
}

export interface CheckerState {
  readonly status: HealthStatus
  /** Consecutive results that speak against `status`, all of the same kind. */
  readonly streak: { readonly success: boolean; readonly count: number }
}

export function initialState(status: HealthStatus): CheckerState {
  return { status, streak: { success: true, count: 0 } }
}

export function nextState(state: CheckerState, success: boolean, thresholds: Thresholds): CheckerState {
  const target = success ? 'normal' : 'abnormal'
  if (state.status === target) return initialState(state.status)
  const count = state.streak.success === success ? state.streak.count + 1 : 1
  const threshold = success ? thresholds.healthyThreshold : thresholds.unhealthyThreshold
  if (count >= threshold) return initialState(target)
  return { status: state.status, streak: { success, count } }
}
