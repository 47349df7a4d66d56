/** Passwords of accounts themselves, set by the operator. Those of RAM users are in `ram-login-profiles.ts`. */
import type { Kysely } from 'kysely'
import type { AccountId, RandomBytes } from '../model/ids.ts'
import { longestPassword } from '../model/password-policy.ts'
import { hashNewPassword as hashSalted, hashPassword, sameHash } from './ram-passwords.ts'
import type { AccountPasswordTable, Tables } from './tables.ts'

export type HashedPassword = Omit<AccountPasswordTable, 'account_id'>

/** Before a transaction: hashing takes long, and all other requests would wait. */
export async function hashNewPassword(
  password: string,
  now: Date,
  randomBytes: RandomBytes,
): Promise<HashedPassword> {
  const { salt, hash } = await hashSalted(password, randomBytes)
  return { salt, password_hash: hash, set_at: now.toISOString() }
}

export async function setAccountPassword(
  db: Kysely<Tables>,
  account: AccountId,
  hashed: HashedPassword,
): Promise<void> {
  await db
    .insertInto('account_password')
    .values({ account_id: account, ...hashed })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(hashed))
    .execute()
}

/** Hashed with this when there is no password: the answer takes as long as any. */
const nobodysSalt = 'nobody'

/** When the password was set, if it is the right one. Not in a transaction either. */
export async function checkAccountPassword(
  db: Kysely<Tables>,
  account: AccountId,
  password: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('account_password')
    .selectAll()
    .where('account_id', '=', account)
    .executeTakeFirst()
  const hash = await hashPassword(password.slice(0, longestPassword), row?.salt ?? nobodysSalt)
  return row && password.length <= longestPassword && sameHash(hash, row.password_hash)
    ? row.set_at
    : undefined
}
