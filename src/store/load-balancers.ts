import { readPage, type Listing, type Owner, type Page, type Tx } from './page.ts'
import type { BackendServerTable, ListenerTable, LoadBalancerTable } from './tables.ts'
import { taggedWith, type Tag } from './tags.ts'

export async function insertLoadBalancer(tx: Tx, balancer: LoadBalancerTable): Promise<void> {
  await tx.insertInto('load_balancer').values(balancer).execute()
}

export async function findLoadBalancer(
  tx: Tx,
  owner: Owner,
  id: string,
): Promise<LoadBalancerTable | undefined> {
  return await ownedBalancers(tx, owner).where('id', '=', id).executeTakeFirst()
}

export async function countLoadBalancers(tx: Tx, owner: Owner): Promise<number> {
  return (await readPage(ownedBalancers(tx, owner), { offset: 0, limit: 0 })).total
}

export interface LoadBalancerFilter {
  readonly ids?: readonly string[] | undefined
  readonly name?: string | undefined
  readonly statuses?: readonly LoadBalancerTable['status'][] | undefined
  readonly addressType?: string | undefined
  readonly address?: string | undefined
  readonly vpc?: string | undefined
  readonly vswitch?: string | undefined
  readonly masterZone?: string | undefined
  readonly slaveZone?: string | undefined
  readonly payType?: string | undefined
  readonly server?: string | undefined
  readonly resourceGroup?: string | undefined
  readonly tags: readonly Tag[]
}

export async function listLoadBalancers(
  tx: Tx,
  owner: Owner,
  filter: LoadBalancerFilter,
  page: Page,
): Promise<Listing<LoadBalancerTable>> {
  let query = ownedBalancers(tx, owner).orderBy('created_at').orderBy('id')
  if (filter.ids) query = query.where('id', 'in', filter.ids)
  if (filter.statuses) query = query.where('status', 'in', filter.statuses)
  const columns = {
    name: filter.name,
    address_type: filter.addressType,
    address: filter.address,
    vpc_id: filter.vpc,
    vswitch_id: filter.vswitch,
    master_zone_id: filter.masterZone,
    slave_zone_id: filter.slaveZone,
    pay_type: filter.payType,
    resource_group_id: filter.resourceGroup,
  }
  for (const [column, value] of Object.entries(columns)) {
    if (value !== undefined) query = query.where(column as keyof typeof columns, '=', value)
  }
  if (filter.server !== undefined) {
    const served = tx
      .selectFrom('backend_server')
      .select('load_balancer_id')
      .where('server_id', '=', filter.server)
    query = query.where('id', 'in', served)
  }
  for (const tag of filter.tags) query = query.where('id', 'in', taggedWith(tx, 'loadbalancer', tag))
  return await readPage(query, page)
}

export async function updateLoadBalancer(
  tx: Tx,
  id: string,
  change: Partial<Omit<LoadBalancerTable, 'id' | 'account_id' | 'region_id'>>,
): Promise<void> {
  await tx.updateTable('load_balancer').set(change).where('id', '=', id).execute()
}

/** Listeners in the order of their ports. */
export async function listenersOf(tx: Tx, balancer: string): Promise<readonly ListenerTable[]> {
  return await tx
    .selectFrom('listener')
    .selectAll()
    .where('load_balancer_id', '=', balancer)
    .orderBy('port')
    .orderBy('protocol')
    .execute()
}

export async function insertListener(tx: Tx, listener: ListenerTable): Promise<void> {
  await tx.insertInto('listener').values(listener).execute()
}

export async function updateListener(
  tx: Tx,
  { load_balancer_id: balancer, protocol, port }: ListenerTable,
  change: Partial<Omit<ListenerTable, 'load_balancer_id' | 'protocol' | 'port'>>,
): Promise<void> {
  await tx
    .updateTable('listener')
    .set(change)
    .where('load_balancer_id', '=', balancer)
    .where('protocol', '=', protocol)
    .where('port', '=', port)
    .execute()
}

export async function backendsOf(tx: Tx, balancer: string): Promise<readonly BackendServerTable[]> {
  return await tx
    .selectFrom('backend_server')
    .selectAll()
    .where('load_balancer_id', '=', balancer)
    .orderBy('server_id')
    .execute()
}

export async function insertBackends(tx: Tx, servers: readonly BackendServerTable[]): Promise<void> {
  if (servers.length > 0) await tx.insertInto('backend_server').values(servers).execute()
}

export async function updateBackend(
  tx: Tx,
  { load_balancer_id: balancer, server_id: server, server_ip: address }: BackendServerTable,
  change: Partial<Pick<BackendServerTable, 'weight' | 'description' | 'generation'>>,
): Promise<void> {
  await tx
    .updateTable('backend_server')
    .set(change)
    .where('load_balancer_id', '=', balancer)
    .where('server_id', '=', server)
    .where('server_ip', '=', address)
    .execute()
}

export async function deleteBackends(tx: Tx, balancer: string, servers: readonly string[]): Promise<void> {
  if (servers.length === 0) return
  await tx
    .deleteFrom('backend_server')
    .where('load_balancer_id', '=', balancer)
    .where('server_id', 'in', servers)
    .execute()
}

export async function isServiceResource(tx: Tx, balancer: string): Promise<boolean> {
  const row = await tx
    .selectFrom('service_resource')
    .select('service_id')
    .where('resource_id', '=', balancer)
    .executeTakeFirst()
  return row !== undefined
}

function ownedBalancers(tx: Tx, owner: Owner) {
  return tx
    .selectFrom('load_balancer')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
}
