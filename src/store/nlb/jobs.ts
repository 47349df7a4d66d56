/** Asynchronous calls, which clients ask about until they have succeeded. */
import type { Owner, Tx } from '../page.ts'
import type { NlbJobTable } from '../tables.ts'

/** How long a job can be asked about. */
const keptMs = 24 * 3_600_000

export async function insertJob(tx: Tx, job: NlbJobTable, now: Date): Promise<void> {
  const old = new Date(now.getTime() - keptMs).toISOString()
  await tx.deleteFrom('nlb_job').where('status', '=', 'Succeeded').where('created_at', '<', old).execute()
  await tx.insertInto('nlb_job').values(job).execute()
}

export async function findJob(tx: Tx, owner: Owner, id: string): Promise<NlbJobTable | undefined> {
  return await tx
    .selectFrom('nlb_job')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
    .where('id', '=', id)
    .executeTakeFirst()
}
