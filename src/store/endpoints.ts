/** Endpoints with their zones and security groups, and the connections seen from the service. */
import { readPage, type Listing, type Owner, type Page, type Tx } from './page.ts'
import type {
  EndpointSecurityGroupTable,
  EndpointTable,
  EndpointZoneTable,
  ServiceResourceTable,
} from './tables.ts'
import { taggedWith, type Tag } from './tags.ts'

export async function insertEndpoint(tx: Tx, endpoint: EndpointTable): Promise<void> {
  await tx.insertInto('endpoint').values(endpoint).execute()
}

export async function findEndpoint(tx: Tx, owner: Owner, id: string): Promise<EndpointTable | undefined> {
  return await ownedEndpoints(tx, owner).where('id', '=', id).executeTakeFirst()
}

/** An endpoint of a service, whoever owns it: for the service's owner. */
export async function findEndpointOfService(
  tx: Tx,
  service: string,
  id: string,
): Promise<EndpointTable | undefined> {
  return await tx
    .selectFrom('endpoint')
    .selectAll()
    .where('service_id', '=', service)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function endpointsOfService(tx: Tx, service: string): Promise<readonly EndpointTable[]> {
  return await tx.selectFrom('endpoint').selectAll().where('service_id', '=', service).execute()
}

export async function countEndpointsOfVpc(tx: Tx, vpc: string): Promise<number> {
  const query = tx.selectFrom('endpoint').selectAll().where('vpc_id', '=', vpc)
  return (await readPage(query, { offset: 0, limit: 0 })).total
}

export interface EndpointFilter {
  readonly id?: string | undefined
  readonly name?: string | undefined
  readonly status?: string | undefined
  readonly connection?: string | undefined
  readonly service?: string | undefined
  readonly vpc?: string | undefined
  readonly resourceGroup?: string | undefined
  readonly tags: readonly Tag[]
}

export async function listEndpoints(
  tx: Tx,
  owner: Owner,
  filter: EndpointFilter,
  page: Page,
): Promise<Listing<EndpointTable>> {
  let query = ownedEndpoints(tx, owner).orderBy('created_at').orderBy('id')
  if (filter.id !== undefined) query = query.where('id', '=', filter.id)
  if (filter.name !== undefined) query = query.where('name', '=', filter.name)
  if (filter.status !== undefined)
    query = query.where('status', '=', filter.status as EndpointTable['status'])
  if (filter.connection !== undefined) {
    query = query.where('connection', '=', filter.connection as EndpointTable['connection'])
  }
  if (filter.service !== undefined) query = query.where('service_id', '=', filter.service)
  if (filter.vpc !== undefined) query = query.where('vpc_id', '=', filter.vpc)
  if (filter.resourceGroup !== undefined) query = query.where('resource_group_id', '=', filter.resourceGroup)
  for (const tag of filter.tags) query = query.where('id', 'in', taggedWith(tx, 'vpcendpoint', tag))
  return await readPage(query, page)
}

export async function updateEndpoint(
  tx: Tx,
  id: string,
  change: Partial<Omit<EndpointTable, 'id' | 'account_id' | 'region_id' | 'vpc_id' | 'service_id'>>,
): Promise<void> {
  await tx.updateTable('endpoint').set(change).where('id', '=', id).execute()
}

export interface ConnectionFilter {
  readonly service?: string | undefined
  readonly endpoint?: string | undefined
  readonly endpointOwner?: string | undefined
  readonly connection?: string | undefined
  readonly eni?: string | undefined
  readonly resource?: string | undefined
  readonly replacedResource?: string | undefined
  readonly resourceGroup?: string | undefined
}

/** Connections to the services of an owner. */
export async function listConnections(
  tx: Tx,
  serviceOwner: Owner,
  filter: ConnectionFilter,
  page: Page,
): Promise<Listing<EndpointTable>> {
  let query = tx
    .selectFrom('endpoint')
    .selectAll()
    .where('service_account_id', '=', serviceOwner.account)
    .where('region_id', '=', serviceOwner.region)
    .where('connection', '!=', 'ServiceDeleted')
    .orderBy('created_at')
    .orderBy('id')
  if (filter.service !== undefined) query = query.where('service_id', '=', filter.service)
  if (filter.endpoint !== undefined) query = query.where('id', '=', filter.endpoint)
  if (filter.endpointOwner !== undefined) query = query.where('account_id', '=', filter.endpointOwner)
  if (filter.connection !== undefined) {
    query = query.where('connection', '=', filter.connection as EndpointTable['connection'])
  }
  if (filter.resourceGroup !== undefined) {
    const services = tx.selectFrom('endpoint_service').select('id')
    query = query.where('service_id', 'in', services.where('resource_group_id', '=', filter.resourceGroup))
  }
  const zones = tx.selectFrom('endpoint_zone').select('endpoint_id')
  if (filter.eni !== undefined) query = query.where('id', 'in', zones.where('eni_id', '=', filter.eni))
  if (filter.resource !== undefined) {
    query = query.where('id', 'in', zones.where('load_balancer_id', '=', filter.resource))
  }
  if (filter.replacedResource !== undefined) {
    query = query.where('id', 'in', zones.where('replaced_load_balancer_id', '=', filter.replacedResource))
  }
  return await readPage(query, page)
}

export async function insertZone(tx: Tx, zone: EndpointZoneTable): Promise<void> {
  await tx.insertInto('endpoint_zone').values(zone).execute()
}

/** Zones of each endpoint, in the order of their ids. */
export async function zonesOfEndpoints(
  tx: Tx,
  endpoints: readonly string[],
): Promise<(endpoint: string) => readonly EndpointZoneTable[]> {
  if (endpoints.length === 0) return () => []
  const rows = await tx
    .selectFrom('endpoint_zone')
    .selectAll()
    .where('endpoint_id', 'in', endpoints)
    .orderBy('zone_id')
    .execute()
  const zones = Map.groupBy(rows, (row) => row.endpoint_id)
  return (endpoint) => zones.get(endpoint) ?? []
}

export async function updateZone(
  tx: Tx,
  { endpoint_id: endpoint, zone_id: zone }: EndpointZoneTable,
  change: Partial<Omit<EndpointZoneTable, 'endpoint_id' | 'zone_id' | 'vswitch_id'>>,
): Promise<void> {
  await tx
    .updateTable('endpoint_zone')
    .set(change)
    .where('endpoint_id', '=', endpoint)
    .where('zone_id', '=', zone)
    .execute()
}

type ResourceKey = Pick<ServiceResourceTable, 'service_id' | 'resource_id' | 'zone_id'>

/** Endpoint zones whose traffic goes, or would go, to this resource of the service. */
export async function zonesOfResource(
  tx: Tx,
  { service_id: service, resource_id: resource, zone_id: zone }: ResourceKey,
  side: Side = 'load_balancer_id',
): Promise<readonly EndpointZoneTable[]> {
  return await tx
    .selectFrom('endpoint_zone')
    .innerJoin('endpoint', 'endpoint.id', 'endpoint_zone.endpoint_id')
    .selectAll('endpoint_zone')
    .where('endpoint.service_id', '=', service)
    .where(`endpoint_zone.${side}`, '=', resource)
    .where('endpoint_zone.zone_id', '=', zone)
    .execute()
}

/** Which resource an endpoint zone uses: the one of its new flows, or the one that a replacement left the old flows. */
export type Side = 'load_balancer_id' | 'replaced_load_balancer_id'

/** How many endpoint zones each resource of the service serves. */
export async function countZonesByResource(
  tx: Tx,
  service: string,
  side: Side = 'load_balancer_id',
): Promise<(resource: Pick<ResourceKey, 'resource_id' | 'zone_id'>) => number> {
  const rows = await tx
    .selectFrom('endpoint_zone')
    .innerJoin('endpoint', 'endpoint.id', 'endpoint_zone.endpoint_id')
    .select((eb) => [
      `endpoint_zone.${side} as id`,
      'endpoint_zone.zone_id as zone',
      eb.fn.countAll<number>().as('count'),
    ])
    .where('endpoint.service_id', '=', service)
    .groupBy([`endpoint_zone.${side}`, 'endpoint_zone.zone_id'])
    .execute()
  const counts = new Map(rows.map(({ id, zone, count }) => [`${id} ${zone}`, count]))
  return ({ resource_id: id, zone_id: zone }) => counts.get(`${id} ${zone}`) ?? 0
}

export interface ZoneAddress extends EndpointZoneTable {
  readonly address: string
}

export async function listZones(tx: Tx, endpoint: string, page: Page): Promise<Listing<ZoneAddress>> {
  const query = tx
    .selectFrom('endpoint_zone')
    .innerJoin('eni', 'eni.id', 'endpoint_zone.eni_id')
    .selectAll('endpoint_zone')
    .select('eni.address')
    .where('endpoint_zone.endpoint_id', '=', endpoint)
    .orderBy('endpoint_zone.zone_id')
  return await readPage(query, page)
}

export async function groupsOfEndpoint(
  tx: Tx,
  endpoint: string,
): Promise<readonly EndpointSecurityGroupTable[]> {
  return await tx
    .selectFrom('endpoint_security_group')
    .selectAll()
    .where('endpoint_id', '=', endpoint)
    .orderBy('security_group_id')
    .execute()
}

export async function insertEndpointGroup(tx: Tx, group: EndpointSecurityGroupTable): Promise<void> {
  await tx.insertInto('endpoint_security_group').values(group).execute()
}

export async function updateEndpointGroup(
  tx: Tx,
  { endpoint_id: endpoint, security_group_id: group }: EndpointSecurityGroupTable,
  change: Pick<EndpointSecurityGroupTable, 'status' | 'generation'>,
): Promise<void> {
  await tx
    .updateTable('endpoint_security_group')
    .set(change)
    .where('endpoint_id', '=', endpoint)
    .where('security_group_id', '=', group)
    .execute()
}

function ownedEndpoints(tx: Tx, owner: Owner) {
  return tx
    .selectFrom('endpoint')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
}
