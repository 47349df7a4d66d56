import type { Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/**
 * The world's next generation, for the rows this transaction changes. Call it before reading what the change
 * depends on: the row it updates is the lock that makes writers of the world wait for each other.
 */
export async function nextGeneration(tx: Transaction<Tables>): Promise<number> {
  const row = await tx
    .updateTable('world')
    .set((eb) => ({ generation: eb('generation', '+', 1) }))
    .returning('generation')
    .executeTakeFirstOrThrow()
  return row.generation
}

/** The generation that this transaction sees. */
export async function generationOf(tx: Transaction<Tables>): Promise<number> {
  const row = await tx.selectFrom('world').select('generation').executeTakeFirstOrThrow()
  return row.generation
}

/** A numeric identity that no instance ever had. */
export async function nextUid(tx: Transaction<Tables>): Promise<number> {
  const row = await tx
    .updateTable('world')
    .set((eb) => ({ uid_cursor: eb('uid_cursor', '+', 1) }))
    .returning('uid_cursor')
    .executeTakeFirstOrThrow()
  return row.uid_cursor
}

/** What the server's configuration says about the world. To be called at each start, before the first plan. */
export async function setDeployment(
  tx: Transaction<Tables>,
  deployment: string,
  domainSuffix: string,
): Promise<void> {
  const row = await tx.selectFrom('world').selectAll().executeTakeFirstOrThrow()
  if (row.deployment === deployment && row.domain_suffix === domainSuffix) return
  await nextGeneration(tx)
  await tx.updateTable('world').set({ deployment, domain_suffix: domainSuffix }).execute()
}
