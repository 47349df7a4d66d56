/** What the agent and its child in the service namespace say to each other, as frames over stdin and stdout. */
import type { ResolverVpc } from '../dns/zone.ts'
import type { ProbedBalancer } from '../health/targets.ts'
import type { HealthReport, Problem } from '../protocol/messages.ts'
import type { Relayed } from '../relay/relayed.ts'

/** Whole on the first message, then what changed. */
export interface ServiceChange {
  readonly type: 'change'
  readonly vpcs: ItemChange<ResolverVpc>
  readonly balancers: ItemChange<ProbedBalancer>
  readonly relays: ItemChange<Relayed>
  /** Last known statuses; only in the first message. */
  readonly health: readonly HealthReport[]
}

export interface ItemChange<Item> {
  readonly put: readonly Item[]
  readonly drop: readonly string[]
}

export type ServiceMessage =
  | { readonly type: 'health'; readonly reports: readonly HealthReport[] }
  /** Everything that does not work now; replaces the list before. */
  | { readonly type: 'problems'; readonly problems: readonly Problem[] }

export function isServiceChange(frame: object): frame is ServiceChange {
  return 'type' in frame && frame.type === 'change'
}

export function isServiceMessage(frame: object): frame is ServiceMessage {
  return 'type' in frame && (frame.type === 'health' || frame.type === 'problems')
}
