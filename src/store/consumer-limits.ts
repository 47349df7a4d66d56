/** How many open flows a consumer may have at one service, by the operator's word (`postern limit`). */
import { nextGeneration } from './generation.ts'
import type { Tx } from './page.ts'
import type { ConsumerLimitTable } from './tables.ts'

export async function listLimits(tx: Tx): Promise<readonly ConsumerLimitTable[]> {
  return await tx.selectFrom('consumer_limit').selectAll().orderBy('consumer').execute()
}

export async function setLimit(tx: Tx, limit: ConsumerLimitTable): Promise<void> {
  await nextGeneration(tx)
  await tx
    .insertInto('consumer_limit')
    .values(limit)
    .onConflict((conflict) => conflict.column('consumer').doUpdateSet({ connections: limit.connections }))
    .execute()
}

export async function removeLimit(tx: Tx, consumer: string): Promise<void> {
  await nextGeneration(tx)
  await tx.deleteFrom('consumer_limit').where('consumer', '=', consumer).execute()
}
