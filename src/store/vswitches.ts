import { readPage, type Listing, type Owner, type Page, type Tx } from './page.ts'
import type { VSwitchTable } from './tables.ts'
import { taggedWith, type Tag } from './tags.ts'

export async function insertVSwitch(tx: Tx, vswitch: VSwitchTable): Promise<void> {
  await tx.insertInto('vswitch').values(vswitch).execute()
}

export async function findVSwitch(tx: Tx, owner: Owner, id: string): Promise<VSwitchTable | undefined> {
  return await ownedVSwitches(tx, owner).where('id', '=', id).executeTakeFirst()
}

export async function vswitchesOfVpc(tx: Tx, vpc: string): Promise<readonly VSwitchTable[]> {
  return await tx.selectFrom('vswitch').selectAll().where('vpc_id', '=', vpc).execute()
}

export interface VSwitchFilter {
  readonly id?: string | undefined
  readonly isDefault?: boolean | undefined
  readonly vpc?: string | undefined
  readonly zone?: string | undefined
  readonly name?: string | undefined
  readonly routeTable?: string | undefined
  readonly resourceGroup?: string | undefined
  readonly tags: readonly Tag[]
}

export async function listVSwitches(
  tx: Tx,
  owner: Owner,
  filter: VSwitchFilter,
  page: Page,
): Promise<Listing<VSwitchTable>> {
  let query = ownedVSwitches(tx, owner).orderBy('created_at').orderBy('id')
  if (filter.id !== undefined) query = query.where('id', '=', filter.id)
  if (filter.isDefault !== undefined) query = query.where('is_default', '=', filter.isDefault ? 1 : 0)
  if (filter.vpc !== undefined) query = query.where('vpc_id', '=', filter.vpc)
  if (filter.zone !== undefined) query = query.where('zone_id', '=', filter.zone)
  if (filter.name !== undefined) query = query.where('name', '=', filter.name)
  if (filter.resourceGroup !== undefined) query = query.where('resource_group_id', '=', filter.resourceGroup)
  const { routeTable } = filter
  if (routeTable !== undefined) {
    const vpcs = tx
      .selectFrom('route_table')
      .select('vpc_id')
      .where('id', '=', routeTable)
      .where('type', '=', 'System')
    query = query.where((eb) =>
      eb.or([
        eb('route_table_id', '=', routeTable),
        eb.and([eb('route_table_id', 'is', null), eb('vpc_id', 'in', vpcs)]),
      ]),
    )
  }
  for (const tag of filter.tags) query = query.where('id', 'in', taggedWith(tx, 'vswitch', tag))
  return await readPage(query, page)
}

export async function updateVSwitch(
  tx: Tx,
  id: string,
  change: Partial<Pick<VSwitchTable, 'name' | 'description' | 'status' | 'generation' | 'route_table_id'>>,
): Promise<void> {
  if (Object.keys(change).length === 0) return
  await tx.updateTable('vswitch').set(change).where('id', '=', id).execute()
}

function ownedVSwitches(tx: Tx, owner: Owner) {
  return tx
    .selectFrom('vswitch')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
}
