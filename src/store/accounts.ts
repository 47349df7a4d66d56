import type { Kysely } from 'kysely'
import type { AccountId, RandomBytes } from '../model/ids.ts'
import type { Tx } from './page.ts'
import { digits, randomText } from './random-text.ts'
import type { Tables } from './tables.ts'

export interface Account {
  readonly id: AccountId
  readonly name: string
  readonly createdAt: string
}

/** Decimal text of up to 16 digits; compared and stored as text, so it has no leading zero. */
export function isAccountId(text: string): text is AccountId {
  return /^[1-9]\d{0,15}$/.test(text)
}

/** 16 digits, as in the public cloud; the leading 1 keeps clients exact that read the number as a double. */
export function newAccountId(randomBytes: RandomBytes): AccountId {
  return `1${randomText(digits, 15, randomBytes)}` as AccountId
}

export async function createAccount(
  db: Kysely<Tables>,
  account: Account,
): Promise<{ ok: true } | { ok: false; reason: 'IdTaken' }> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('account')
    .values({
      id: account.id,
      name: account.name,
      created_at: account.createdAt,
      privatelink_opened_at: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n ? { ok: true } : { ok: false, reason: 'IdTaken' }
}

export async function findAccount(db: Kysely<Tables>, id: AccountId): Promise<Account | undefined> {
  const row = await db
    .selectFrom('account')
    .select(['id', 'name', 'created_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row && readAccount(row)
}

export async function listAccounts(db: Kysely<Tables>): Promise<Account[]> {
  const rows = await db
    .selectFrom('account')
    .select(['id', 'name', 'created_at'])
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(readAccount)
}

export async function aliasOf(tx: Tx, account: AccountId): Promise<string | undefined> {
  const row = await tx.selectFrom('account').select('alias').where('id', '=', account).executeTakeFirst()
  return row?.alias ?? undefined
}

export async function isAliasTaken(tx: Tx, alias: string): Promise<boolean> {
  const row = await tx.selectFrom('account').select('id').where('alias', '=', alias).executeTakeFirst()
  return row !== undefined
}

export async function setAlias(tx: Tx, account: AccountId, alias: string | null): Promise<void> {
  await tx.updateTable('account').set({ alias }).where('id', '=', account).execute()
}

function readAccount(row: { id: string; name: string; created_at: string }): Account {
  return { id: row.id as AccountId, name: row.name, createdAt: row.created_at }
}
