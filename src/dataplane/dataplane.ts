import type { BalancerReport, CutReport, Problem, WireReport } from '../protocol/messages.ts'
import type { HostPlan, WirePlan } from '../plan/host-plan.ts'

/**
 * What turns a plan into kernel objects. One call at a time; each may be repeated with the same plan, which then
 * changes nothing. A part that fails does not stop the others: it becomes problems, and is tried again by the next call.
 */
export interface Dataplane {
  /**
   * `observed` reads back every namespace first, `cached` trusts what the last successful call left behind and
   * reads only what it does not know: its cost follows the change, not the size of the plan.
   * `leaving` names wires that are being ended, also those that an earlier call or agent began with: what is found in the kernel of
   * them, if only open flows, is cut like any other.
   */
  apply(
    plan: HostPlan,
    how: 'cached' | 'observed',
    leaving?: readonly WirePlan[],
  ): Promise<readonly Problem[]>
  /** What was cut since this was asked last. */
  takeCuts(): readonly CutReport[]
  /** How many flows are open is looked at only where it was asked for, and said as before otherwise. */
  readCounters(plan: HostPlan, flows: boolean): Promise<Counters>
  /** Deletes every namespace of the deployment, and so everything this made. */
  removeAll(): Promise<void>
  /** Ends what it keeps running for the next call. The kernel carries on. */
  close(): Promise<void>
}

export interface Counters {
  readonly wires: readonly WireReport[]
  readonly balancers: readonly BalancerReport[]
}
