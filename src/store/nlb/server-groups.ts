/** Server groups of NLBs, which belong to a VPC and to no load balancer, and their servers. */
import { readPage, type Listing, type Owner, type Page, type Tx } from '../page.ts'
import type { NlbServerGroupTable, NlbServerTable } from '../tables.ts'
import { removeTags, taggedWith, type Tag } from '../tags.ts'

export async function insertGroup(tx: Tx, group: NlbServerGroupTable): Promise<void> {
  await tx.insertInto('nlb_server_group').values(group).execute()
}

export async function findGroup(tx: Tx, owner: Owner, id: string): Promise<NlbServerGroupTable | undefined> {
  return await ownedGroups(tx, owner).where('id', '=', id).executeTakeFirst()
}

export async function countGroups(tx: Tx, owner: Owner): Promise<number> {
  return (await readPage(ownedGroups(tx, owner), { offset: 0, limit: 0 })).total
}

export interface GroupFilter {
  readonly ids?: readonly string[] | undefined
  readonly names?: readonly string[] | undefined
  readonly type?: string | undefined
  readonly vpc?: string | undefined
  readonly resourceGroup?: string | undefined
  readonly tags: readonly Tag[]
}

export async function listGroups(
  tx: Tx,
  owner: Owner,
  filter: GroupFilter,
  page: Page,
): Promise<Listing<NlbServerGroupTable>> {
  let query = ownedGroups(tx, owner).orderBy('created_at').orderBy('id')
  if (filter.ids) query = query.where('id', 'in', filter.ids)
  if (filter.names) query = query.where('name', 'in', filter.names)
  if (filter.type !== undefined) query = query.where('type', '=', filter.type as NlbServerGroupTable['type'])
  if (filter.vpc !== undefined) query = query.where('vpc_id', '=', filter.vpc)
  if (filter.resourceGroup !== undefined) query = query.where('resource_group_id', '=', filter.resourceGroup)
  for (const tag of filter.tags) query = query.where('id', 'in', taggedWith(tx, 'nlbservergroup', tag))
  return await readPage(query, page)
}

export async function updateGroup(
  tx: Tx,
  id: string,
  change: Partial<Omit<NlbServerGroupTable, 'id' | 'account_id' | 'region_id' | 'vpc_id' | 'type'>>,
): Promise<void> {
  await tx.updateTable('nlb_server_group').set(change).where('id', '=', id).execute()
}

export async function removeGroups(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await removeTags(tx, 'nlbservergroup', ids, 'all')
  await tx.deleteFrom('nlb_server_group').where('id', 'in', ids).execute()
}

/** Servers of a group, in the order of their ids and ports. */
export async function serversOf(tx: Tx, group: string): Promise<readonly NlbServerTable[]> {
  return await tx
    .selectFrom('nlb_server')
    .selectAll()
    .where('group_id', '=', group)
    .orderBy('server_id')
    .orderBy('port')
    .execute()
}

export async function countServers(tx: Tx, groups: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (groups.length === 0) return new Map()
  const rows = await tx
    .selectFrom('nlb_server')
    .select((eb) => ['group_id', eb.fn.countAll<number>().as('count')])
    .where('group_id', 'in', groups)
    .groupBy('group_id')
    .execute()
  return new Map(rows.map((row) => [row.group_id, row.count]))
}

export async function insertServers(tx: Tx, servers: readonly NlbServerTable[]): Promise<void> {
  for (const server of servers) {
    // One that is on its way out comes back at once.
    await removeServer(tx, server)
    await tx.insertInto('nlb_server').values(server).execute()
  }
}

export type ServerKey = Pick<NlbServerTable, 'group_id' | 'server_id' | 'server_ip' | 'port'>

export async function updateServer(
  tx: Tx,
  server: ServerKey,
  change: Partial<Pick<NlbServerTable, 'weight' | 'description' | 'status' | 'generation'>>,
): Promise<void> {
  await tx
    .updateTable('nlb_server')
    .set(change)
    .where((eb) => eb.and(keyOf(server)))
    .execute()
}

export async function removeServer(tx: Tx, server: ServerKey): Promise<void> {
  await tx
    .deleteFrom('nlb_server')
    .where((eb) => eb.and(keyOf(server)))
    .execute()
}

function keyOf({ group_id, server_id, server_ip, port }: ServerKey): ServerKey {
  return { group_id, server_id, server_ip, port }
}

function ownedGroups(tx: Tx, owner: Owner) {
  return tx
    .selectFrom('nlb_server_group')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
}
