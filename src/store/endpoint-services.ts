/** Endpoint services with their resources and their whitelist. */
import type { RegionId } from '../model/ids.ts'
import { readPage, type Listing, type Owner, type Page, type Tx } from './page.ts'
import type { EndpointServiceTable, ServiceResourceTable, ServiceUserTable } from './tables.ts'
import { taggedWith, type Tag } from './tags.ts'

/** The user id that stands for every account. */
export const everyone = '*'

export async function insertService(tx: Tx, service: EndpointServiceTable): Promise<void> {
  await tx.insertInto('endpoint_service').values(service).execute()
}

export async function findService(
  tx: Tx,
  owner: Owner,
  id: string,
): Promise<EndpointServiceTable | undefined> {
  return await ownedServices(tx, owner).where('id', '=', id).executeTakeFirst()
}

/** A service whoever owns it: for consumers, who need to be in its whitelist. */
export async function findServiceOfRegion(
  tx: Tx,
  region: RegionId,
  id: string,
): Promise<EndpointServiceTable | undefined> {
  return await tx
    .selectFrom('endpoint_service')
    .selectAll()
    .where('id', '=', id)
    .where('region_id', '=', region)
    .where('status', '!=', 'Deleting')
    .executeTakeFirst()
}

export async function countServices(tx: Tx, owner: Owner): Promise<number> {
  return (await readPage(ownedServices(tx, owner), { offset: 0, limit: 0 })).total
}

/** The whitelists of all services. */
export async function listServiceUsers(
  tx: Tx,
): Promise<readonly { readonly service: string; readonly user: string }[]> {
  return await tx.selectFrom('service_user').select(['service_id as service', 'user_id as user']).execute()
}

export interface ServiceFilter {
  readonly id?: string | undefined
  readonly status?: string | undefined
  readonly autoAccept?: boolean | undefined
  readonly zoneAffinity?: boolean | undefined
  readonly resourceType?: string | undefined
  readonly resource?: string | undefined
  readonly resourceGroup?: string | undefined
  readonly tags: readonly Tag[]
}

export async function listServices(
  tx: Tx,
  owner: Owner,
  filter: ServiceFilter,
  page: Page,
): Promise<Listing<EndpointServiceTable>> {
  let query = ownedServices(tx, owner).orderBy('created_at').orderBy('id')
  if (filter.id !== undefined) query = query.where('id', '=', filter.id)
  if (filter.status !== undefined) {
    query = query.where('status', '=', filter.status as EndpointServiceTable['status'])
  }
  if (filter.autoAccept !== undefined) query = query.where('auto_accept', '=', Number(filter.autoAccept))
  if (filter.zoneAffinity !== undefined) {
    query = query.where('zone_affinity', '=', Number(filter.zoneAffinity))
  }
  if (filter.resourceGroup !== undefined) query = query.where('resource_group_id', '=', filter.resourceGroup)
  if (filter.resourceType !== undefined) {
    query = query.where('resource_type', '=', filter.resourceType as EndpointServiceTable['resource_type'])
  }
  if (filter.resource !== undefined) {
    const holders = tx
      .selectFrom('service_resource')
      .select('service_id')
      .where('resource_id', '=', filter.resource)
    query = query.where('id', 'in', holders)
  }
  for (const tag of filter.tags) query = query.where('id', 'in', taggedWith(tx, 'vpcendpointservice', tag))
  return await readPage(query, page)
}

/** Services an account may connect to: those with it, or everyone, in the whitelist. */
export async function listOpenServices(
  tx: Tx,
  consumer: Owner,
  filter: Pick<ServiceFilter, 'id' | 'resourceGroup' | 'tags'>,
  page: Page,
): Promise<Listing<EndpointServiceTable>> {
  const open = tx
    .selectFrom('service_user')
    .select('service_id')
    .where('user_id', 'in', [consumer.account, everyone])
  let query = tx
    .selectFrom('endpoint_service')
    .selectAll()
    .where('region_id', '=', consumer.region)
    .where('status', 'in', ['Active', 'Pending'])
    .where('id', 'in', open)
    .orderBy('created_at')
    .orderBy('id')
  if (filter.id !== undefined) query = query.where('id', '=', filter.id)
  if (filter.resourceGroup !== undefined) query = query.where('resource_group_id', '=', filter.resourceGroup)
  for (const tag of filter.tags) query = query.where('id', 'in', taggedWith(tx, 'vpcendpointservice', tag))
  return await readPage(query, page)
}

/** The resource group of each service. */
export async function readServiceGroups(
  tx: Tx,
  services: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (services.length === 0) return new Map()
  const rows = await tx
    .selectFrom('endpoint_service')
    .select(['id', 'resource_group_id'])
    .where('id', 'in', services)
    .execute()
  return new Map(rows.map((row) => [row.id, row.resource_group_id]))
}

export async function updateService(
  tx: Tx,
  id: string,
  change: Partial<
    Pick<
      EndpointServiceTable,
      'description' | 'status' | 'auto_accept' | 'zone_affinity' | 'connect_bandwidth' | 'generation'
    >
  >,
): Promise<void> {
  await tx.updateTable('endpoint_service').set(change).where('id', '=', id).execute()
}

/** Resources of each service, in the order they were attached. */
export async function resourcesOf(
  tx: Tx,
  services: readonly string[],
): Promise<(service: string) => readonly ServiceResourceTable[]> {
  if (services.length === 0) return () => []
  const rows = await tx
    .selectFrom('service_resource')
    .selectAll()
    .where('service_id', 'in', services)
    .orderBy('created_at')
    .orderBy('resource_id')
    .orderBy('zone_id')
    .execute()
  const resources = Map.groupBy(rows, (row) => row.service_id)
  return (service) => resources.get(service) ?? []
}

/** The zones in which some service offers this resource. */
export async function resourceZones(tx: Tx, resource: string): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('service_resource')
    .select('zone_id')
    .where('resource_id', '=', resource)
    .execute()
  return new Set(rows.map(({ zone_id: zone }) => zone))
}

export async function insertResource(tx: Tx, resource: ServiceResourceTable): Promise<void> {
  await tx.insertInto('service_resource').values(resource).execute()
}

export async function updateResource(
  tx: Tx,
  { service_id: service, resource_id: resource, zone_id: zone }: ServiceResourceTable,
  change: Partial<Pick<ServiceResourceTable, 'auto_allocated' | 'generation'>>,
): Promise<void> {
  await tx
    .updateTable('service_resource')
    .set(change)
    .where('service_id', '=', service)
    .where('resource_id', '=', resource)
    .where('zone_id', '=', zone)
    .execute()
}

export async function deleteResource(
  tx: Tx,
  { service_id: service, resource_id: resource, zone_id: zone }: ServiceResourceTable,
): Promise<void> {
  await tx
    .deleteFrom('service_resource')
    .where('service_id', '=', service)
    .where('resource_id', '=', resource)
    .where('zone_id', '=', zone)
    .execute()
}

export async function addUser(tx: Tx, user: ServiceUserTable): Promise<void> {
  await tx
    .insertInto('service_user')
    .values(user)
    .onConflict((conflict) => conflict.columns(['service_id', 'user_id']).doNothing())
    .execute()
}

export async function removeUser(tx: Tx, service: string, user: string): Promise<void> {
  await tx.deleteFrom('service_user').where('service_id', '=', service).where('user_id', '=', user).execute()
}

/** The whitelist; `accountsOnly` leaves out the entry for everyone, which has no number. */
export async function listUsers(
  tx: Tx,
  service: string,
  filter: { readonly user?: string | undefined; readonly accountsOnly: boolean },
  page: Page,
): Promise<Listing<ServiceUserTable>> {
  let query = tx
    .selectFrom('service_user')
    .selectAll()
    .where('service_id', '=', service)
    .orderBy('created_at')
    .orderBy('user_id')
  if (filter.user !== undefined) query = query.where('user_id', '=', filter.user)
  if (filter.accountsOnly) query = query.where('user_id', '!=', everyone)
  return await readPage(query, page)
}

export async function isInWhitelist(tx: Tx, service: string, account: string): Promise<boolean> {
  const row = await tx
    .selectFrom('service_user')
    .select('user_id')
    .where('service_id', '=', service)
    .where('user_id', 'in', [account, everyone])
    .executeTakeFirst()
  return row !== undefined
}

function ownedServices(tx: Tx, owner: Owner) {
  return tx
    .selectFrom('endpoint_service')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
}
