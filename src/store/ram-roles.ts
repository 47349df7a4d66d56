import type { AccountId, RandomBytes } from '../model/ids.ts'
import { readPage, type Listing, type Page, type Tx } from './page.ts'
import { digits, randomText } from './random-text.ts'
import type { RamRoleTable } from './tables.ts'

/** 18 digits, as RAM's own; it is text on the wire. */
export function newRoleId(randomBytes: RandomBytes): string {
  return `3${randomText(digits, 17, randomBytes)}`
}

export async function insertRole(tx: Tx, role: RamRoleTable): Promise<void> {
  await tx.insertInto('ram_role').values(role).execute()
}

export async function findRole(tx: Tx, account: AccountId, name: string): Promise<RamRoleTable | undefined> {
  return await rolesOf(tx, account).where('name', '=', name).executeTakeFirst()
}

export async function listRoles(tx: Tx, account: AccountId, page: Page): Promise<Listing<RamRoleTable>> {
  return await readPage(rolesOf(tx, account).orderBy('name'), page)
}

export async function countRoles(tx: Tx, account: AccountId): Promise<number> {
  return (await readPage(rolesOf(tx, account), { offset: 0, limit: 0 })).total
}

export async function updateRole(
  tx: Tx,
  id: string,
  change: Partial<Omit<RamRoleTable, 'id' | 'account_id'>>,
): Promise<void> {
  await tx.updateTable('ram_role').set(change).where('id', '=', id).execute()
}

export async function deleteRole(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('ram_role').where('id', '=', id).execute()
}

function rolesOf(tx: Tx, account: AccountId) {
  return tx.selectFrom('ram_role').selectAll().where('account_id', '=', account)
}
