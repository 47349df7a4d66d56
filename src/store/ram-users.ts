import type { AccountId, RandomBytes } from '../model/ids.ts'
import { readPage, type Listing, type Page, type Tx } from './page.ts'
import { digits, randomText } from './random-text.ts'
import type { RamUserTable } from './tables.ts'

/** 18 digits, as RAM's own; it is text on the wire. */
export function newUserId(randomBytes: RandomBytes): string {
  return `2${randomText(digits, 17, randomBytes)}`
}

export async function insertUser(tx: Tx, user: RamUserTable): Promise<void> {
  await tx.insertInto('ram_user').values(user).execute()
}

export async function findUser(tx: Tx, account: AccountId, name: string): Promise<RamUserTable | undefined> {
  return await usersOf(tx, account).where('name', '=', name).executeTakeFirst()
}

export async function listUsers(tx: Tx, account: AccountId, page: Page): Promise<Listing<RamUserTable>> {
  return await readPage(usersOf(tx, account).orderBy('name'), page)
}

export async function countUsers(tx: Tx, account: AccountId): Promise<number> {
  return (await readPage(usersOf(tx, account), { offset: 0, limit: 0 })).total
}

export async function updateUser(
  tx: Tx,
  id: string,
  change: Partial<Omit<RamUserTable, 'id' | 'account_id'>>,
): Promise<void> {
  await tx.updateTable('ram_user').set(change).where('id', '=', id).execute()
}

export async function deleteUser(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('ram_user').where('id', '=', id).execute()
}

function usersOf(tx: Tx, account: AccountId) {
  return tx.selectFrom('ram_user').selectAll().where('account_id', '=', account)
}
