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
  readonly isDefault?: boolean | undefined
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
  if (filter.isDefault !== undefined) query = query.where('is_default', '=', filter.isDefault ? 1 : 0)
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
  /** The system one first. */
  readonly routeTables: readonly string[]
  readonly blocks: readonly string[]
}

export async function readVpcParts(tx: Tx, ids: readonly string[]): Promise<(id: string) => VpcParts> {
  if (ids.length === 0) return () => ({ vswitches: [], routeTables: [], blocks: [] })
  const vswitches = await tx
    .selectFrom('vswitch')
    .select(['id', 'vpc_id'])
    .where('vpc_id', 'in', ids)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  const routeTables = await tx
    .selectFrom('route_table')
    .select(['id', 'vpc_id'])
    .where('vpc_id', 'in', ids)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  const blocks = await tx
    .selectFrom('vpc_block')
    .selectAll()
    .where('vpc_id', 'in', ids)
    .orderBy('cidr')
    .execute()
  const vswitchesOf = Map.groupBy(vswitches, (row) => row.vpc_id)
  const routeTablesOf = Map.groupBy(routeTables, (row) => row.vpc_id)
  const blocksOf = Map.groupBy(blocks, (row) => row.vpc_id)
  return (id) => ({
    vswitches: (vswitchesOf.get(id) ?? []).map((row) => row.id),
    routeTables: (routeTablesOf.get(id) ?? []).map((row) => row.id),
    blocks: (blocksOf.get(id) ?? []).map((row) => row.cidr),
  })
}

export async function insertBlock(tx: Tx, vpc: string, cidr: string): Promise<void> {
  await tx.insertInto('vpc_block').values({ vpc_id: vpc, cidr }).execute()
}

export async function deleteBlock(tx: Tx, vpc: string, cidr: string): Promise<void> {
  await tx.deleteFrom('vpc_block').where('vpc_id', '=', vpc).where('cidr', '=', cidr).execute()
}

/** What keeps a VPC from being deleted. All else that it may hold is in one of its vSwitches. */
export async function vpcDependency(
  tx: Tx,
  id: string,
): Promise<'VSwitch' | 'SecurityGroup' | 'RouteTable' | undefined> {
  const vswitch = tx.selectFrom('vswitch').select('id').where('vpc_id', '=', id)
  if (await vswitch.executeTakeFirst()) return 'VSwitch'
  const group = tx.selectFrom('security_group').select('id').where('vpc_id', '=', id)
  if (await group.executeTakeFirst()) return 'SecurityGroup'
  const custom = tx
    .selectFrom('route_table')
    .select('id')
    .where('vpc_id', '=', id)
    .where('type', '=', 'Custom')
  return (await custom.executeTakeFirst()) ? 'RouteTable' : undefined
}

function ownedVpcs(tx: Tx, owner: Owner) {
  return tx
    .selectFrom('vpc')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
}
