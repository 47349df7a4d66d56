import type { ExpressionBuilder, Kysely } from 'kysely'
import type { AccountId, RandomBytes } from '../model/ids.ts'
import { prepare } from './prepared.ts'
import { lettersAndDigits, randomText } from './random-text.ts'
import { seal, unseal, type SealKey } from './seal.ts'
import type { AccessKeyTable, Tables } from './tables.ts'

export interface AccessKey {
  readonly id: string
  readonly secret: string
  readonly account: AccountId
  /** The RAM user whose key it is; undefined: the account's own. */
  readonly user?: { readonly id: string; readonly name: string } | undefined
  readonly status: AccessKeyTable['status']
}

/** Makes a key of an existing account, or of one of its users. The secret is shown once: only its seal is kept. */
export async function createAccessKey(
  db: Kysely<Tables>,
  sealKey: SealKey,
  account: AccountId,
  now: Date,
  randomBytes: RandomBytes,
  user?: { readonly id: string; readonly name: string },
): Promise<AccessKey> {
  const id = `LTAI${randomText(lettersAndDigits, 20, randomBytes)}`
  const secret = randomText(lettersAndDigits, 30, randomBytes)
  await db
    .insertInto('access_key')
    .values({
      id,
      account_id: account,
      user_id: user?.id ?? null,
      sealed_secret: seal(sealKey, secret, id, randomBytes),
      status: 'Active',
      created_at: now.toISOString(),
    })
    .execute()
  return { id, secret, account, user, status: 'Active' }
}

const selectKey = prepare(['id'], (db, { id }: { readonly id: string }) =>
  db
    .selectFrom('access_key')
    .leftJoin('ram_user', 'ram_user.id', 'access_key.user_id')
    .select(['access_key.id', 'access_key.account_id', 'sealed_secret', 'status'])
    .select(['ram_user.id as user_id', 'ram_user.name as user_name'])
    .where('access_key.id', '=', id),
)

export async function findAccessKey(
  db: Kysely<Tables>,
  sealKey: SealKey,
  id: string,
): Promise<AccessKey | undefined> {
  const [row] = (await selectKey(db, { id })).rows
  if (!row) return undefined
  const { user_id, user_name } = row
  return {
    id: row.id,
    secret: unseal(sealKey, row.sealed_secret, row.id),
    account: row.account_id as AccountId,
    user: user_id === null || user_name === null ? undefined : { id: user_id, name: user_name },
    status: row.status,
  }
}

/** Whose keys: a user's, or without one the account's own. */
export type KeyHolder = Pick<AccessKey, 'account' | 'user'>

export async function keysOf(db: Kysely<Tables>, holder: KeyHolder): Promise<readonly AccessKeyTable[]> {
  return await db
    .selectFrom('access_key')
    .selectAll()
    .where(heldBy(holder))
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

/** False when the holder has no such key. */
export async function setKeyStatus(
  db: Kysely<Tables>,
  holder: KeyHolder,
  id: string,
  status: AccessKeyTable['status'],
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('access_key')
    .set({ status })
    .where(heldBy(holder))
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** False when the holder has no such key. */
export async function deleteKey(db: Kysely<Tables>, holder: KeyHolder, id: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('access_key')
    .where(heldBy(holder))
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}

function heldBy({ account, user }: KeyHolder) {
  return (eb: ExpressionBuilder<Tables, 'access_key'>) =>
    eb('account_id', '=', account).and(user ? eb('user_id', '=', user.id) : eb('user_id', 'is', null))
}
