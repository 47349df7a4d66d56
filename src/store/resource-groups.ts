import type { Transaction } from 'kysely'
import { newId, type AccountId, type RandomBytes } from '../model/ids.ts'
import type { Tables } from './tables.ts'

const defaultName = 'default'

/** The account's default resource group, made when it is first needed. */
export async function defaultResourceGroup(
  tx: Transaction<Tables>,
  account: AccountId,
  now: Date,
  randomBytes: RandomBytes,
): Promise<string> {
  const found = await tx
    .selectFrom('resource_group')
    .select('id')
    .where('account_id', '=', account)
    .where('name', '=', defaultName)
    .executeTakeFirst()
  if (found) return found.id
  const id = newId('rg', randomBytes)
  await tx
    .insertInto('resource_group')
    .values({ id, account_id: account, name: defaultName, created_at: now.toISOString() })
    .execute()
  return id
}

export async function ownsResourceGroup(
  tx: Transaction<Tables>,
  account: AccountId,
  id: string,
): Promise<boolean> {
  const row = await tx
    .selectFrom('resource_group')
    .select('id')
    .where('account_id', '=', account)
    .where('id', '=', id)
    .executeTakeFirst()
  return row !== undefined
}
