import type { HealthReport } from '../protocol/messages.ts'
import type { ActionContext } from './action.ts'

/** What was seen last of one backend of a listener. */
export function observedHealth(
  { observed }: ActionContext,
  of: Omit<HealthReport, 'status'>,
): HealthReport['status'] {
  const report = observed.health.find(
    (seen) =>
      seen.balancer === of.balancer &&
      seen.protocol === of.protocol &&
      seen.port === of.port &&
      seen.server === of.server &&
      seen.backendPort === of.backendPort,
  )
  return report?.status ?? 'unavailable'
}
