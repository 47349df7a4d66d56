/** Policies by type and name: the system's, which are data, and the account's own, which are rows with versions. */
import { findSystemPolicy, systemPoliciesSince, type SystemPolicy } from '../../../model/system-policies.ts'
import { findPolicy } from '../../../store/ram-policies.ts'
import type { PolicyType, RamPolicyTable } from '../../../store/tables.ts'
import type { ActionContext } from '../../action.ts'
import { found } from '../../require.ts'
import { seconds } from '../../results.ts'

const missing = 'EntityNotExist.Policy'

export async function ownPolicy({ tx, caller }: ActionContext, name: string): Promise<RamPolicyTable> {
  return found(await findPolicy(tx, caller.account, name), missing)
}

export function systemPolicy(name: string): SystemPolicy {
  return found(findSystemPolicy(name), missing)
}

export interface PolicySummary {
  readonly PolicyName: string
  readonly PolicyType: PolicyType
  readonly Description: string
  readonly DefaultVersion: string
  readonly CreateDate: string
  readonly UpdateDate: string
}

export async function summaryOf(
  context: ActionContext,
  type: PolicyType,
  name: string,
): Promise<PolicySummary> {
  return type === 'System' ? summarizeSystem(systemPolicy(name)) : summarize(await ownPolicy(context, name))
}

export function summarize(row: RamPolicyTable): PolicySummary {
  return {
    PolicyName: row.name,
    PolicyType: 'Custom',
    Description: row.description,
    DefaultVersion: `v${row.default_version}`,
    CreateDate: seconds(row.created_at),
    UpdateDate: seconds(row.updated_at),
  }
}

export function summarizeSystem({ name, description }: SystemPolicy): PolicySummary {
  return {
    PolicyName: name,
    PolicyType: 'System',
    Description: description,
    DefaultVersion: 'v1',
    CreateDate: seconds(systemPoliciesSince),
    UpdateDate: seconds(systemPoliciesSince),
  }
}
