/** Answers of writes that carried a ClientToken, kept for a day: the same write again gets the same answer. */
import type { Kysely } from 'kysely'
import type { AccountId } from '../model/ids.ts'
import type { Tables } from './tables.ts'

const keptMs = 24 * 60 * 60_000

export interface TokenKey {
  readonly account: AccountId
  readonly action: string
  readonly token: string
}

export interface TokenAnswer {
  readonly paramsHash: string
  readonly response: string
}

export async function recallAnswer(
  db: Kysely<Tables>,
  key: TokenKey,
  now: Date,
): Promise<TokenAnswer | undefined> {
  const row = await db
    .selectFrom('client_token')
    .select(['params_hash', 'response'])
    .where('account_id', '=', key.account)
    .where('action', '=', key.action)
    .where('token', '=', key.token)
    .where('created_at', '>=', oldestKept(now))
    .executeTakeFirst()
  return row && { paramsHash: row.params_hash, response: row.response }
}

/** Must be in the transaction of the write that is answered. */
export async function rememberAnswer(
  db: Kysely<Tables>,
  key: TokenKey,
  answer: TokenAnswer,
  now: Date,
): Promise<void> {
  await db.deleteFrom('client_token').where('created_at', '<', oldestKept(now)).execute()
  await db
    .insertInto('client_token')
    .values({
      account_id: key.account,
      action: key.action,
      token: key.token,
      params_hash: answer.paramsHash,
      response: answer.response,
      created_at: now.toISOString(),
    })
    .execute()
}

function oldestKept(now: Date): string {
  return new Date(now.getTime() - keptMs).toISOString()
}
