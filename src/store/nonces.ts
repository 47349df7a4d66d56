import type { Kysely } from 'kysely'
import { prepare } from './prepared.ts'
import type { NonceTable, Tables } from './tables.ts'

/**
 * Twice the clock skew that is allowed: a request dated 15 minutes ahead of the server may come again, and still be
 * in time, 30 minutes later.
 */
const keptMs = 30 * 60_000

const addNonce = prepare(['access_key_id', 'nonce', 'seen_at'], (db, row: NonceTable) =>
  db
    .insertInto('nonce')
    .values(row)
    .onConflict((conflict) => conflict.columns(['access_key_id', 'nonce']).doNothing()),
)

/** True when the key uses the nonce for the first time. Must be committed also when the request fails. */
export async function takeNonce(
  db: Kysely<Tables>,
  accessKeyId: string,
  nonce: string,
  now: Date,
): Promise<boolean> {
  const row = { access_key_id: accessKeyId, nonce, seen_at: now.toISOString() }
  return (await addNonce(db, row)).numAffectedRows === 1n
}

export async function forgetOldNonces(db: Kysely<Tables>, now: Date): Promise<void> {
  const oldest = new Date(now.getTime() - keptMs).toISOString()
  await db.deleteFrom('nonce').where('seen_at', '<', oldest).execute()
}
