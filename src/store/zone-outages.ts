/** Zones that are down, by the operator's word (`postern zone down`). */
import { nextGeneration } from './generation.ts'
import type { Tx } from './page.ts'
import type { ZoneOutageTable } from './tables.ts'

export async function listOutages(tx: Tx): Promise<readonly ZoneOutageTable[]> {
  return await tx.selectFrom('zone_outage').selectAll().orderBy('zone_id').execute()
}

/** Changes nothing when the zone is down already. */
export async function takeZoneDown(tx: Tx, zone: string, now: Date): Promise<void> {
  await nextGeneration(tx)
  await tx
    .insertInto('zone_outage')
    .values({ zone_id: zone, since: now.toISOString() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function bringZoneUp(tx: Tx, zone: string): Promise<void> {
  await nextGeneration(tx)
  await tx.deleteFrom('zone_outage').where('zone_id', '=', zone).execute()
}
