import { readPage, type Listing, type Owner, type Page, type Tx } from './page.ts'
import { ownedResources } from './tags.ts'
import type { TaggedType } from './tables.ts'

const tableOf = {
  vpc: 'vpc',
  vswitch: 'vswitch',
  securitygroup: 'security_group',
  prefixlist: 'prefix_list',
  eni: 'eni',
  instance: 'instance',
  keypair: 'key_pair',
  loadbalancer: 'load_balancer',
  networkloadbalancer: 'network_load_balancer',
  nlbservergroup: 'nlb_server_group',
  vpcendpoint: 'endpoint',
  vpcendpointservice: 'endpoint_service',
} as const satisfies Partial<Record<TaggedType, string>>

/** Kinds of resources that can be moved from one resource group to another. */
export type GroupedType = keyof typeof tableOf
type GroupedTable = (typeof tableOf)[GroupedType]

/**
 * Moves resources of an owner into a group, with the interfaces that belong to them.
 * @returns the first id that is no such resource of the owner; then nothing was moved.
 */
export async function moveToResourceGroup(
  tx: Tx,
  type: GroupedType,
  owner: Owner,
  ids: readonly string[],
  group: string,
): Promise<string | undefined> {
  const owned = await ownedResources(tx, type, owner, ids)
  const strange = ids.find((id) => !owned.has(id))
  if (strange !== undefined) return strange
  const table: GroupedTable = tableOf[type]
  await tx.updateTable(table).set({ resource_group_id: group }).where('id', 'in', ids).execute()
  await tx
    .updateTable('eni')
    .set({ resource_group_id: group })
    .where((eb) => eb.or([eb('instance_id', 'in', ids), eb('endpoint_id', 'in', ids)]))
    .execute()
  return undefined
}

export interface Member {
  readonly id: string
  readonly region_id: string
  readonly resource_group_id: string
  readonly created_at: string
}

export interface MemberFilter {
  readonly region?: string | undefined
  readonly resourceGroup?: string | undefined
  readonly id?: string | undefined
}

/** The resources of one kind that an account has, in all regions. */
export async function listMembers(
  tx: Tx,
  type: GroupedType,
  account: string,
  filter: MemberFilter,
  page: Page,
): Promise<Listing<Member>> {
  const table: GroupedTable = tableOf[type]
  let query = tx
    .selectFrom<GroupedTable>(table)
    .select(['id', 'region_id', 'resource_group_id', 'created_at'])
    .where('account_id', '=', account)
    .orderBy('region_id')
    .orderBy('created_at')
    .orderBy('id')
  if (filter.region !== undefined) query = query.where('region_id', '=', filter.region)
  if (filter.resourceGroup !== undefined) query = query.where('resource_group_id', '=', filter.resourceGroup)
  if (filter.id !== undefined) query = query.where('id', '=', filter.id)
  return await readPage(query, page)
}

/** Whether any resource of any region is in the group. */
export async function isResourceGroupUsed(tx: Tx, group: string): Promise<boolean> {
  for (const table of Object.values(tableOf)) {
    const row = await tx
      .selectFrom<GroupedTable>(table)
      .select('id')
      .where('resource_group_id', '=', group)
      .executeTakeFirst()
    if (row) return true
  }
  return false
}
