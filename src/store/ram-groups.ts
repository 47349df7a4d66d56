import type { AccountId, RandomBytes } from '../model/ids.ts'
import { readPage, type Listing, type Page, type Tx } from './page.ts'
import { lettersAndDigits, randomText } from './random-text.ts'
import type { RamGroupMemberTable, RamGroupTable, RamUserTable } from './tables.ts'

export function newGroupId(randomBytes: RandomBytes): string {
  return `g-${randomText(lettersAndDigits, 16, randomBytes)}`
}

export async function insertGroup(tx: Tx, group: RamGroupTable): Promise<void> {
  await tx.insertInto('ram_group').values(group).execute()
}

export async function findGroup(
  tx: Tx,
  account: AccountId,
  name: string,
): Promise<RamGroupTable | undefined> {
  return await groupsOf(tx, account).where('name', '=', name).executeTakeFirst()
}

export async function listGroups(tx: Tx, account: AccountId, page: Page): Promise<Listing<RamGroupTable>> {
  return await readPage(groupsOf(tx, account).orderBy('name'), page)
}

export async function countGroups(tx: Tx, account: AccountId): Promise<number> {
  return (await readPage(groupsOf(tx, account), { offset: 0, limit: 0 })).total
}

export async function updateGroup(
  tx: Tx,
  id: string,
  change: Partial<Omit<RamGroupTable, 'id' | 'account_id'>>,
): Promise<void> {
  await tx.updateTable('ram_group').set(change).where('id', '=', id).execute()
}

export async function deleteGroup(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('ram_group').where('id', '=', id).execute()
}

export async function addMember(tx: Tx, member: RamGroupMemberTable): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('ram_group_member')
    .values(member)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

export async function removeMember(tx: Tx, group: string, user: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('ram_group_member')
    .where('group_id', '=', group)
    .where('user_id', '=', user)
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}

export interface Membership {
  readonly joined_at: string
}

export async function groupsOfUser(tx: Tx, user: string): Promise<readonly (RamGroupTable & Membership)[]> {
  return await tx
    .selectFrom('ram_group')
    .innerJoin('ram_group_member', 'ram_group_member.group_id', 'ram_group.id')
    .selectAll('ram_group')
    .select('joined_at')
    .where('user_id', '=', user)
    .orderBy('name')
    .execute()
}

export async function usersOfGroup(
  tx: Tx,
  group: string,
  page: Page,
): Promise<Listing<RamUserTable & Membership>> {
  const query = tx
    .selectFrom('ram_user')
    .innerJoin('ram_group_member', 'ram_group_member.user_id', 'ram_user.id')
    .selectAll('ram_user')
    .select('joined_at')
    .where('group_id', '=', group)
    .orderBy('name')
  return await readPage(query, page)
}

function groupsOf(tx: Tx, account: AccountId) {
  return tx.selectFrom('ram_group').selectAll().where('account_id', '=', account)
}
