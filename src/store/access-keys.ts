import type { Kysely } from 'kysely'
import type { AccountId, RandomBytes } from '../model/ids.ts'
import { lettersAndDigits, randomText } from './random-text.ts'
import { seal, unseal, type SealKey } from './seal.ts'
import type { AccessKeyTable, Tables } from './tables.ts'

export interface AccessKey {
  readonly id: string
  readonly secret: string
  readonly account: AccountId
  readonly status: AccessKeyTable['status']
}

/** Makes a key of an existing account. The secret is shown once: only its seal is kept. */
export async function createAccessKey(
  db: Kysely<Tables>,
  sealKey: SealKey,
  account: AccountId,
  now: Date,
  randomBytes: RandomBytes,
): Promise<AccessKey> {
  const id = `LTAI${randomText(lettersAndDigits, 20, randomBytes)}`
  const secret = randomText(lettersAndDigits, 30, randomBytes)
  await db
    .insertInto('access_key')
    .values({
      id,
      account_id: account,
      sealed_secret: seal(sealKey, secret, id, randomBytes),
      status: 'Active',
      created_at: now.toISOString(),
    })
    .execute()
  return { id, secret, account, status: 'Active' }
}

export async function findAccessKey(
  db: Kysely<Tables>,
  sealKey: SealKey,
  id: string,
): Promise<AccessKey | undefined> {
  const row = await db
    .selectFrom('access_key')
    .select(['id', 'account_id', 'sealed_secret', 'status'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return undefined
  return {
    id: row.id,
    secret: unseal(sealKey, row.sealed_secret, row.id),
    account: row.account_id as AccountId,
    status: row.status,
  }
}
