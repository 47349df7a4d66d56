import type { Owner, Tx } from './page.ts'
import type { RouteEntryTable } from './tables.ts'

export async function insertRouteEntry(tx: Tx, route: RouteEntryTable): Promise<void> {
  await tx.insertInto('route_entry').values(route).execute()
}

export async function findRouteEntry(tx: Tx, owner: Owner, id: string): Promise<RouteEntryTable | undefined> {
  return await tx
    .selectFrom('route_entry')
    .innerJoin('vpc', 'vpc.id', 'route_entry.vpc_id')
    .selectAll('route_entry')
    .where('route_entry.id', '=', id)
    .where('vpc.account_id', '=', owner.account)
    .where('vpc.region_id', '=', owner.region)
    .executeTakeFirst()
}

/** The custom routes of these tables, in the order of their destinations. */
export async function routesOfTables(
  tx: Tx,
  tables: readonly string[],
): Promise<(table: string) => readonly RouteEntryTable[]> {
  if (tables.length === 0) return () => []
  const rows = await tx
    .selectFrom('route_entry')
    .selectAll()
    .where('route_table_id', 'in', tables)
    .orderBy('destination')
    .execute()
  const byTable = Map.groupBy(rows, (row) => row.route_table_id)
  return (table) => byTable.get(table) ?? []
}

export async function routesOfVpc(tx: Tx, vpc: string): Promise<readonly RouteEntryTable[]> {
  return await tx.selectFrom('route_entry').selectAll().where('vpc_id', '=', vpc).execute()
}

/** What routes that are not being deleted lead to. */
export function nextHops(tx: Tx) {
  return tx.selectFrom('route_entry').select('next_hop_id').where('status', '!=', 'Deleting')
}

/** Whether a route that is not being deleted leads to the instance. */
export async function isNextHop(tx: Tx, id: string): Promise<boolean> {
  return (await nextHops(tx).where('next_hop_id', '=', id).executeTakeFirst()) !== undefined
}

export async function updateRouteEntry(
  tx: Tx,
  id: string,
  change: Partial<Omit<RouteEntryTable, 'id' | 'vpc_id' | 'route_table_id' | 'destination'>>,
): Promise<void> {
  await tx.updateTable('route_entry').set(change).where('id', '=', id).execute()
}
