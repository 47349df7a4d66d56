/** Custom policies and their versions. */
import type { AccountId } from '../model/ids.ts'
import { readPage, type Listing, type Page, type Tx } from './page.ts'
import type { RamPolicyTable, RamPolicyVersionTable } from './tables.ts'

export async function insertPolicy(tx: Tx, policy: RamPolicyTable): Promise<void> {
  await tx.insertInto('ram_policy').values(policy).execute()
}

export async function findPolicy(
  tx: Tx,
  account: AccountId,
  name: string,
): Promise<RamPolicyTable | undefined> {
  return await policiesOf(tx, account).where('name', '=', name).executeTakeFirst()
}

export async function listPolicies(tx: Tx, account: AccountId, page: Page): Promise<Listing<RamPolicyTable>> {
  return await readPage(policiesOf(tx, account).orderBy('name'), page)
}

export async function countPolicies(tx: Tx, account: AccountId): Promise<number> {
  return (await readPage(policiesOf(tx, account), { offset: 0, limit: 0 })).total
}

export async function updatePolicy(
  tx: Tx,
  { account_id, name }: PolicyKey,
  change: Partial<Omit<RamPolicyTable, 'account_id' | 'name'>>,
): Promise<void> {
  await tx
    .updateTable('ram_policy')
    .set(change)
    .where('account_id', '=', account_id)
    .where('name', '=', name)
    .execute()
}

/** Its versions go with it. */
export async function deletePolicy(tx: Tx, { account_id, name }: PolicyKey): Promise<void> {
  await tx.deleteFrom('ram_policy').where('account_id', '=', account_id).where('name', '=', name).execute()
}

export type PolicyKey = Pick<RamPolicyTable, 'account_id' | 'name'>

export async function insertVersion(tx: Tx, version: RamPolicyVersionTable): Promise<void> {
  await tx.insertInto('ram_policy_version').values(version).execute()
}

/** The oldest first. */
export async function listVersions(tx: Tx, policy: PolicyKey): Promise<readonly RamPolicyVersionTable[]> {
  return await versionsOf(tx, policy).orderBy('version').execute()
}

export async function findVersion(
  tx: Tx,
  policy: PolicyKey,
  version: number,
): Promise<RamPolicyVersionTable | undefined> {
  return await versionsOf(tx, policy).where('version', '=', version).executeTakeFirst()
}

export async function deleteVersion(tx: Tx, { account_id, name }: PolicyKey, version: number): Promise<void> {
  await tx
    .deleteFrom('ram_policy_version')
    .where('account_id', '=', account_id)
    .where('policy_name', '=', name)
    .where('version', '=', version)
    .execute()
}

function policiesOf(tx: Tx, account: AccountId) {
  return tx.selectFrom('ram_policy').selectAll().where('account_id', '=', account)
}

function versionsOf(tx: Tx, { account_id, name }: PolicyKey) {
  return tx
    .selectFrom('ram_policy_version')
    .selectAll()
    .where('account_id', '=', account_id)
    .where('policy_name', '=', name)
}
