import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/**
 * Twice the clock skew that is allowed: a request dated 15 minutes ahead of the server may come again, and still be
 * in time, 30 minutes later.
 */
const keptMs = 30 * 60_000

/** True when the key uses the nonce for the first time. Committed before the request is carried out. */
export async function takeNonce(
  db: Kysely<Tables>,
  accessKeyId: string,
  nonce: string,
  now: Date,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const oldest = new Date(now.getTime() - keptMs).toISOString()
    await tx.deleteFrom('nonce').where('seen_at', '<', oldest).execute()
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('nonce')
      .values({ access_key_id: accessKeyId, nonce, seen_at: now.toISOString() })
      .onConflict((conflict) => conflict.columns(['access_key_id', 'nonce']).doNothing())
      .executeTakeFirstOrThrow()
    return numInsertedOrUpdatedRows === 1n
  })
}
