import { readPage, type Listing, type Owner, type Page, type Tx } from './page.ts'
import type { RouteTableTable, VpcTable } from './tables.ts'
import { taggedWith, type Tag } from './tags.ts'

export async function insertVpc(tx: Tx, vpc: VpcTable, routeTable: RouteTableTable): Promise<void> {
  await tx.insertInto('vpc').values(vpc).execute()
  await tx.insertInto('route_table').values(routeTable).execute()
}

export async function findVpc(tx: Tx, owner: Owner, id: string): Promise<VpcTable | undefined> {
  return await ownedVpcs(tx, owner).where('id', '=', id).executeTakeFirst()
}

export async function countVpcs(tx: Tx, owner: Owner): Promise<number> {
  return (await readPage(ownedVpcs(tx, owner), { offset: 0, limit: 0 })).total
}

export interface VpcFilter {
  readonly ids?: readonly string[] | undefined
  readonly name?: string | undefined
  readonly resourceGroup?: string | undefined
  readonly tags: readonly Tag[]
}

export async function listVpcs(
  tx: Tx,
  owner: Owner,
  filter: VpcFilter,
  page: Page,
): Promise<Listing<VpcTable>> {
  let query = ownedVpcs(tx, owner).orderBy('created_at').orderBy('id')
  if (filter.ids) query = query.where('id', 'in', filter.ids)
  if (filter.name !== undefined) query = query.where('name', '=', filter.name)
  if (filter.resourceGroup !== undefined) query = query.where('resource_group_id', '=', filter.resourceGroup)
  for (const tag of filter.tags) query = query.where('id', 'in', taggedWith(tx, 'vpc', tag))
  return await readPage(query, page)
}

export async function updateVpc(
  tx: Tx,
  id: string,
  change: Partial<Pick<VpcTable, 'name' | 'description' | 'status' | 'generation'>>,
): Promise<void> {
  if (Object.keys(change).length === 0) return
  await tx.updateTable('vpc').set(change).where('id', '=', id).execute()
}

/** What a VPC's description lists beside its own row. */
export interface VpcParts {
  readonly vswitches: readonly string[]
  readonly routeTable: string
}

export async function readVpcParts(tx: Tx, ids: readonly string[]): Promise<(id: string) => VpcParts> {
  if (ids.length === 0) return () => ({ vswitches: [], routeTable: '' })
  const vswitches = await tx
    .selectFrom('vswitch')
    .select(['id', 'vpc_id'])
    .where('vpc_id', 'in', ids)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  const routeTables = await tx.selectFrom('route_table').selectAll().where('vpc_id', 'in', ids).execute()
  const vswitchesOf = Map.groupBy(vswitches, (row) => row.vpc_id)
  const routeTableOf = new Map(routeTables.map((row) => [row.vpc_id, row.id]))
  return (id) => ({
    vswitches: (vswitchesOf.get(id) ?? []).map((row) => row.id),
    routeTable: routeTableOf.get(id) ?? '',
  })
}

/** What keeps a VPC from being deleted. */
export async function vpcDependency(
  tx: Tx,
  id: string,
): Promise<'VSwitch' | 'SecurityGroup' | 'Instance' | undefined> {
  const vswitch = tx.selectFrom('vswitch').select('id').where('vpc_id', '=', id)
  if (await vswitch.executeTakeFirst()) return 'VSwitch'
  const group = tx.selectFrom('security_group').select('id').where('vpc_id', '=', id)
  if (await group.executeTakeFirst()) return 'SecurityGroup'
  const instance = tx.selectFrom('instance').select('id').where('vpc_id', '=', id)
  return (await instance.executeTakeFirst()) ? 'Instance' : undefined
}

export interface RouteTableFilter {
  readonly vpc?: string | undefined
  readonly router?: string | undefined
  readonly id?: string | undefined
  readonly name?: string | undefined
  readonly resourceGroup?: string | undefined
}

export type RouteTableRow = RouteTableTable &
  Pick<VpcTable, 'router_id' | 'created_at' | 'resource_group_id' | 'account_id'>

export async function listRouteTables(
  tx: Tx,
  owner: Owner,
  filter: RouteTableFilter,
  page: Page,
): Promise<Listing<RouteTableRow>> {
  let query = tx
    .selectFrom('route_table')
    .innerJoin('vpc', 'vpc.id', 'route_table.vpc_id')
    .selectAll('route_table')
    .select(['vpc.router_id', 'vpc.created_at', 'vpc.resource_group_id', 'vpc.account_id'])
    .where('vpc.account_id', '=', owner.account)
    .where('vpc.region_id', '=', owner.region)
    .orderBy('vpc.created_at')
    .orderBy('route_table.id')
  if (filter.vpc !== undefined) query = query.where('vpc.id', '=', filter.vpc)
  if (filter.router !== undefined) query = query.where('vpc.router_id', '=', filter.router)
  if (filter.id !== undefined) query = query.where('route_table.id', '=', filter.id)
  if (filter.name !== undefined) query = query.where('route_table.name', '=', filter.name)
  if (filter.resourceGroup !== undefined) {
    query = query.where('vpc.resource_group_id', '=', filter.resourceGroup)
  }
  return await readPage(query, page)
}

export async function updateRouteTable(
  tx: Tx,
  id: string,
  change: Pick<RouteTableTable, 'name' | 'description'>,
): Promise<void> {
  await tx.updateTable('route_table').set(change).where('id', '=', id).execute()
}

function ownedVpcs(tx: Tx, owner: Owner) {
  return tx
    .selectFrom('vpc')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
}
