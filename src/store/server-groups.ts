/** Server groups of load balancers. */
import type { Owner, Tx } from './page.ts'
import type { GroupServerTable, ServerGroupTable } from './tables.ts'

export async function insertServerGroup(tx: Tx, group: ServerGroupTable): Promise<void> {
  await tx.insertInto('server_group').values(group).execute()
}

export async function findServerGroup(
  tx: Tx,
  owner: Owner,
  id: string,
): Promise<ServerGroupTable | undefined> {
  return await tx
    .selectFrom('server_group')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function serverGroupsOf(
  tx: Tx,
  balancer: string,
  kind: ServerGroupTable['kind'],
): Promise<readonly ServerGroupTable[]> {
  return await tx
    .selectFrom('server_group')
    .selectAll()
    .where('load_balancer_id', '=', balancer)
    .where('kind', '=', kind)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export async function renameServerGroup(tx: Tx, id: string, name: string): Promise<void> {
  await tx.updateTable('server_group').set({ name }).where('id', '=', id).execute()
}

export async function deleteServerGroup(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('server_group').where('id', '=', id).execute()
}

/** Servers of all groups of a load balancer, in the order of their ids and ports. */
export async function groupServersOf(tx: Tx, balancer: string): Promise<readonly GroupServerTable[]> {
  return await tx
    .selectFrom('group_server')
    .selectAll()
    .where('load_balancer_id', '=', balancer)
    .orderBy('server_id')
    .orderBy('port')
    .execute()
}

export async function insertGroupServers(tx: Tx, servers: readonly GroupServerTable[]): Promise<void> {
  if (servers.length > 0) await tx.insertInto('group_server').values(servers).execute()
}

export async function updateGroupServer(
  tx: Tx,
  { group_id: group, server_id: server, port }: GroupServerTable,
  change: Pick<GroupServerTable, 'weight' | 'description'>,
): Promise<void> {
  await tx
    .updateTable('group_server')
    .set(change)
    .where('group_id', '=', group)
    .where('server_id', '=', server)
    .where('port', '=', port)
    .execute()
}

export async function deleteGroupServer(
  tx: Tx,
  { group_id: group, server_id: server, port }: GroupServerTable,
): Promise<void> {
  await tx
    .deleteFrom('group_server')
    .where('group_id', '=', group)
    .where('server_id', '=', server)
    .where('port', '=', port)
    .execute()
}
