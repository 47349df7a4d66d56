import type { HostPlan } from '../plan/host-plan.ts'
import type { Problem, WireReport } from '../agent/protocol.ts'

/** What carries a plan out in the kernel. Applying the same plan again changes nothing. */
export interface Dataplane {
  /** `observed` reads the kernel first; `cached` trusts what the last apply left. */
  apply(plan: HostPlan, how: 'cached' | 'observed'): Promise<readonly Problem[]>
  readCounters(plan: HostPlan): Promise<readonly WireReport[]>
  /** Ends every kernel object that carries the deployment's mark. */
  removeAll(): Promise<void>
}
