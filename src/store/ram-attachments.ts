/** Which policies users, groups and roles have, and so what they may do. */
import type { AccountId } from '../model/ids.ts'
import { findSystemPolicy } from '../model/system-policies.ts'
import type { Tx } from './page.ts'
import type { PolicyType, RamAttachmentTable } from './tables.ts'

export interface PolicyName {
  readonly account: AccountId
  readonly type: PolicyType
  readonly name: string
}

/** False when it is attached already. */
export async function attachPolicy(tx: Tx, attachment: RamAttachmentTable): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('ram_attachment')
    .values(attachment)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

/** False when it was not attached. */
export async function detachPolicy(
  tx: Tx,
  principal: string,
  type: PolicyType,
  name: string,
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('ram_attachment')
    .where('principal_id', '=', principal)
    .where('policy_type', '=', type)
    .where('policy_name', '=', name)
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}

export async function attachmentsOf(tx: Tx, principal: string): Promise<readonly RamAttachmentTable[]> {
  return await tx
    .selectFrom('ram_attachment')
    .selectAll()
    .where('principal_id', '=', principal)
    .orderBy('policy_type')
    .orderBy('policy_name')
    .execute()
}

export async function countAttachments(tx: Tx, policy: PolicyName): Promise<number> {
  const { total } = await attachmentsTo(tx, policy)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return total
}

export async function detachFromAll(tx: Tx, policy: PolicyName): Promise<void> {
  await tx
    .deleteFrom('ram_attachment')
    .where('account_id', '=', policy.account)
    .where('policy_type', '=', policy.type)
    .where('policy_name', '=', policy.name)
    .execute()
}

/** The users that have the policy, with the time they got it; groups and roles alike. */
export async function usersWith(tx: Tx, policy: PolicyName) {
  return await attachmentsTo(tx, policy)
    .innerJoin('ram_user', 'ram_user.id', 'ram_attachment.principal_id')
    .selectAll('ram_user')
    .select('attached_at')
    .orderBy('name')
    .execute()
}

export async function groupsWith(tx: Tx, policy: PolicyName) {
  return await attachmentsTo(tx, policy)
    .innerJoin('ram_group', 'ram_group.id', 'ram_attachment.principal_id')
    .selectAll('ram_group')
    .select('attached_at')
    .orderBy('name')
    .execute()
}

export async function rolesWith(tx: Tx, policy: PolicyName) {
  return await attachmentsTo(tx, policy)
    .innerJoin('ram_role', 'ram_role.id', 'ram_attachment.principal_id')
    .selectAll('ram_role')
    .select('attached_at')
    .orderBy('name')
    .execute()
}

/** The documents that say what a user may do, by itself and through its groups, or a role. */
export async function policiesInForce(
  tx: Tx,
  account: AccountId,
  kind: 'user' | 'role',
  id: string,
): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('ram_attachment')
    .leftJoin('ram_policy', (join) =>
      join
        .onRef('ram_policy.account_id', '=', 'ram_attachment.account_id')
        .onRef('ram_policy.name', '=', 'ram_attachment.policy_name')
        .on('policy_type', '=', 'Custom'),
    )
    .leftJoin('ram_policy_version', (join) =>
      join
        .onRef('ram_policy_version.account_id', '=', 'ram_policy.account_id')
        .onRef('ram_policy_version.policy_name', '=', 'ram_policy.name')
        .onRef('version', '=', 'default_version'),
    )
    .select(['policy_type', 'ram_attachment.policy_name as name', 'document'])
    .where('ram_attachment.account_id', '=', account)
    .where(({ eb, or, selectFrom }) => {
      const own = eb('principal_id', '=', id)
      if (kind === 'role') return own
      const groups = selectFrom('ram_group_member').select('group_id').where('user_id', '=', id)
      return or([own, eb('principal_id', 'in', groups)])
    })
    .execute()
  return rows.flatMap(({ policy_type, name, document }) => {
    const text = policy_type === 'System' ? findSystemPolicy(name)?.document : document
    return text === undefined || text === null ? [] : [text]
  })
}

function attachmentsTo(tx: Tx, policy: PolicyName) {
  return tx
    .selectFrom('ram_attachment')
    .where('ram_attachment.account_id', '=', policy.account)
    .where('policy_type', '=', policy.type)
    .where('policy_name', '=', policy.name)
}
