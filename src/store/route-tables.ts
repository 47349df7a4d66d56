import { readPage, type Listing, type Owner, type Page, type Tx } from './page.ts'
import type { RouteTableTable, VpcTable } from './tables.ts'
import { removeTags, taggedWith, type Tag } from './tags.ts'

export interface RouteTableFilter {
  readonly vpc?: string | undefined
  readonly router?: string | undefined
  readonly id?: string | undefined
  readonly name?: string | undefined
  readonly type?: string | undefined
  readonly resourceGroup?: string | undefined
  readonly tags: readonly Tag[]
}

export type RouteTableRow = RouteTableTable &
  Pick<VpcTable, 'router_id' | 'resource_group_id' | 'account_id'> & { readonly vpc_created_at: string }

export async function listRouteTables(
  tx: Tx,
  owner: Owner,
  filter: RouteTableFilter,
  page: Page,
): Promise<Listing<RouteTableRow>> {
  let query = ownedTables(tx, owner).orderBy('vpc.created_at').orderBy('created_at').orderBy('route_table.id')
  if (filter.vpc !== undefined) query = query.where('vpc.id', '=', filter.vpc)
  if (filter.router !== undefined) query = query.where('vpc.router_id', '=', filter.router)
  if (filter.id !== undefined) query = query.where('route_table.id', '=', filter.id)
  if (filter.name !== undefined) query = query.where('route_table.name', '=', filter.name)
  if (filter.type === 'System' || filter.type === 'Custom') {
    query = query.where('route_table.type', '=', filter.type)
  }
  if (filter.resourceGroup !== undefined) {
    query = query.where('vpc.resource_group_id', '=', filter.resourceGroup)
  }
  for (const tag of filter.tags) {
    query = query.where('route_table.id', 'in', taggedWith(tx, 'routetable', tag))
  }
  return await readPage(query, page)
}

export async function findRouteTable(tx: Tx, owner: Owner, id: string): Promise<RouteTableRow | undefined> {
  return await ownedTables(tx, owner).where('route_table.id', '=', id).executeTakeFirst()
}

export async function insertRouteTable(tx: Tx, table: RouteTableTable): Promise<void> {
  await tx.insertInto('route_table').values(table).execute()
}

export async function updateRouteTable(
  tx: Tx,
  id: string,
  change: Pick<RouteTableTable, 'name' | 'description'>,
): Promise<void> {
  await tx.updateTable('route_table').set(change).where('id', '=', id).execute()
}

export async function deleteRouteTable(tx: Tx, id: string): Promise<void> {
  await removeTags(tx, 'routetable', [id], 'all')
  await tx.deleteFrom('route_table').where('id', '=', id).execute()
}

/** A vSwitch and the table it is associated with: a custom one, or else the system one of its VPC. */
export interface Association {
  readonly vswitch: string
  readonly cidr: string
  readonly table: string
}

export async function associationsOf(
  tx: Tx,
  vpcs: readonly string[],
): Promise<(vpc: string) => readonly Association[]> {
  if (vpcs.length === 0) return () => []
  const rows = await tx
    .selectFrom('vswitch')
    .innerJoin('route_table', (join) =>
      join.onRef('route_table.vpc_id', '=', 'vswitch.vpc_id').on('route_table.type', '=', 'System'),
    )
    .select([
      'vswitch.id',
      'vswitch.vpc_id',
      'vswitch.cidr',
      'vswitch.route_table_id',
      'route_table.id as system',
    ])
    .where('vswitch.vpc_id', 'in', vpcs)
    .orderBy('vswitch.created_at')
    .orderBy('vswitch.id')
    .execute()
  const byVpc = Map.groupBy(rows, (row) => row.vpc_id)
  return (vpc) =>
    (byVpc.get(vpc) ?? []).map(({ id, cidr, route_table_id: custom, system }) => ({
      vswitch: id,
      cidr,
      table: custom ?? system,
    }))
}

function ownedTables(tx: Tx, owner: Owner) {
  return tx
    .selectFrom('route_table')
    .innerJoin('vpc', 'vpc.id', 'route_table.vpc_id')
    .selectAll('route_table')
    .select(['vpc.router_id', 'vpc.created_at as vpc_created_at', 'vpc.resource_group_id', 'vpc.account_id'])
    .where('vpc.account_id', '=', owner.account)
    .where('vpc.region_id', '=', owner.region)
}
