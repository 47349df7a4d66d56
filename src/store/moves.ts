/** Rows on their way from one status to another, and the writes at the end of the way. */
import type { Transaction } from 'kysely'
import { releaseAddresses } from './addresses.ts'
import { deleteEni } from './enis.ts'
import type {
  EndpointSecurityGroupTable,
  EndpointTable,
  EndpointZoneTable,
  EniTable,
  ListenerTable,
  TaggedType,
  Tables,
} from './tables.ts'
import { removeTags } from './tags.ts'
import { releaseTransit } from './transit.ts'

type Tx = Transaction<Tables>

/** Tables whose rows have an id, a status and a generation. */
export type Moving =
  'vpc' | 'vswitch' | 'route_entry' | 'instance' | 'load_balancer' | 'endpoint_service' | 'endpoint'

export async function rowsWithStatus<Table extends Moving>(
  tx: Tx,
  table: Table,
  statuses: readonly Tables[Table]['status'][],
): Promise<readonly { id: string; status: string; generation: number }[]> {
  return await tx
    .selectFrom<Moving>(table)
    .select(['id', 'status', 'generation'])
    .where('status', 'in', statuses)
    .execute()
}

/** Moves rows on, unless a request was faster: a row that left `from` stays as it is. */
export async function moveStatus<Table extends Moving>(
  tx: Tx,
  table: Table,
  ids: readonly string[],
  from: readonly Tables[Table]['status'][],
  to: Tables[Table]['status'],
): Promise<void> {
  if (ids.length === 0) return
  await tx
    .updateTable<Moving>(table)
    .set({ status: to })
    .where('id', 'in', ids)
    .where('status', 'in', from)
    .execute()
}

const tagged: Readonly<Record<Exclude<Moving, 'route_entry'>, TaggedType>> = {
  vpc: 'vpc',
  vswitch: 'vswitch',
  instance: 'instance',
  load_balancer: 'loadbalancer',
  endpoint_service: 'vpcendpointservice',
  endpoint: 'vpcendpoint',
}

/** Removes rows and all that belongs to them: dependent rows, addresses, transit pairs, tags. */
export async function removeRows(tx: Tx, table: Moving, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  if (table === 'vpc') {
    const tables = await tx.selectFrom('route_table').select('id').where('vpc_id', 'in', ids).execute()
    await removeTags(
      tx,
      'routetable',
      tables.map(({ id }) => id),
      'all',
    )
  }
  if (table === 'load_balancer') {
    const groups = await tx
      .selectFrom('server_group')
      .select('id')
      .where('load_balancer_id', 'in', ids)
      .execute()
    await removeTags(
      tx,
      'vservergroup',
      groups.map(({ id }) => id),
      'all',
    )
  }
  if (table === 'instance') {
    const disks = await tx.selectFrom('instance').select('disk_id').where('id', 'in', ids).execute()
    await removeTags(
      tx,
      'disk',
      disks.map((row) => row.disk_id),
      'all',
    )
    await tx
      .updateTable('eni')
      .set({ instance_id: null, device: 0, status: 'Available' })
      .where('instance_id', 'in', ids)
      .where('delete_on_release', '=', 0)
      .execute()
    const enis = await tx.selectFrom('eni').select('id').where('instance_id', 'in', ids).execute()
    for (const { id } of enis) await deleteEni(tx, id)
  }
  await releaseAddresses(tx, ids)
  await releaseTransit(tx, ids)
  if (table !== 'route_entry') await removeTags(tx, tagged[table], ids, 'all')
  await tx.deleteFrom<Moving>(table).where('id', 'in', ids).execute()
}

export type MovingInstance = Readonly<
  Pick<Tables['instance'], 'id' | 'status' | 'boot' | 'generation'> & { enis: readonly string[] }
>

/** Instances on their way, with their interfaces. */
export async function movingInstances(tx: Tx): Promise<readonly MovingInstance[]> {
  const rows = await tx
    .selectFrom('instance')
    .select(['id', 'status', 'boot', 'generation'])
    .where('status', 'in', ['Pending', 'Starting', 'Stopping', 'Deleting'])
    .execute()
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const enis = await tx
    .selectFrom('eni')
    .select(['id', 'instance_id'])
    .where('instance_id', 'in', ids)
    .execute()
  const enisOf = Map.groupBy(enis, (eni) => eni.instance_id)
  return rows.map((row) => ({ ...row, enis: (enisOf.get(row.id) ?? []).map(({ id }) => id) }))
}

/** Secondary interfaces that come to an instance or leave it. */
export async function movingEnis(tx: Tx): Promise<readonly EniTable[]> {
  return await tx.selectFrom('eni').selectAll().where('status', 'in', ['Attaching', 'Detaching']).execute()
}

export async function movingListeners(tx: Tx): Promise<readonly ListenerTable[]> {
  return await tx
    .selectFrom('listener')
    .selectAll()
    .where('status', 'in', ['starting', 'stopping', 'deleting'])
    .execute()
}

export async function moveListener(
  tx: Tx,
  listener: ListenerTable,
  to: ListenerTable['status'] | 'gone',
): Promise<void> {
  const { load_balancer_id: balancer, protocol, port, status } = listener
  const here = { load_balancer_id: balancer, protocol, port, status }
  if (to === 'gone') {
    await tx
      .deleteFrom('listener')
      .where((eb) => eb.and(here))
      .execute()
  } else {
    await tx
      .updateTable('listener')
      .set({ status: to })
      .where((eb) => eb.and(here))
      .execute()
  }
}

/** Endpoints on their way in any sense: their own status, their connection's, a zone's, a security group's. */
export interface MovingEndpoint {
  readonly endpoint: EndpointTable
  readonly zones: readonly EndpointZoneTable[]
  readonly groups: readonly EndpointSecurityGroupTable[]
}

export async function movingEndpoints(tx: Tx): Promise<readonly MovingEndpoint[]> {
  const own = await tx
    .selectFrom('endpoint')
    .select('id')
    .where('status', 'in', ['Creating', 'Pending', 'Deleting'])
    .execute()
  const connections = await tx
    .selectFrom('endpoint')
    .select('id')
    .where('connection', 'in', ['Pending', 'Connecting', 'Disconnecting'])
    .execute()
  const zones = await tx
    .selectFrom('endpoint_zone')
    .select('endpoint_id as id')
    .where('status', 'in', ['Creating', 'Connecting', 'Preparing', 'Migrating', 'Disconnecting', 'Deleting'])
    .execute()
  const groups = await tx
    .selectFrom('endpoint_security_group')
    .select('endpoint_id as id')
    .where('status', 'in', ['Attaching', 'Detaching'])
    .execute()
  return await readMoving(tx, [...new Set([...own, ...connections, ...zones, ...groups].map(({ id }) => id))])
}

async function readMoving(tx: Tx, ids: readonly string[]): Promise<readonly MovingEndpoint[]> {
  if (ids.length === 0) return []
  const endpoints = await tx.selectFrom('endpoint').selectAll().where('id', 'in', ids).execute()
  const zones = await tx.selectFrom('endpoint_zone').selectAll().where('endpoint_id', 'in', ids).execute()
  const groups = await tx
    .selectFrom('endpoint_security_group')
    .selectAll()
    .where('endpoint_id', 'in', ids)
    .execute()
  const zonesOf = Map.groupBy(zones, (zone) => zone.endpoint_id)
  const groupsOf = Map.groupBy(groups, (group) => group.endpoint_id)
  return endpoints.map((endpoint) => ({
    endpoint,
    zones: zonesOf.get(endpoint.id) ?? [],
    groups: groupsOf.get(endpoint.id) ?? [],
  }))
}

export async function moveConnection(
  tx: Tx,
  id: string,
  from: EndpointTable['connection'],
  to: EndpointTable['connection'],
): Promise<void> {
  await tx
    .updateTable('endpoint')
    .set({ connection: to })
    .where('id', '=', id)
    .where('connection', '=', from)
    .execute()
}

export function wireOwner(zone: Pick<EndpointZoneTable, 'endpoint_id' | 'zone_id'>): string {
  return `${zone.endpoint_id}/${zone.zone_id}`
}

/** The wire that a zone had before its resource was replaced gracefully. */
export function replacedWireOwner(zone: Pick<EndpointZoneTable, 'endpoint_id' | 'zone_id'>): string {
  return `${wireOwner(zone)}/replaced`
}

/**
 * A zone that is connected to nothing any more gives its wire's addresses back, and one that has only one side again
 * what its other side had.
 */
export async function moveZone(
  tx: Tx,
  zone: EndpointZoneTable,
  to: EndpointZoneTable['status'] | 'gone',
): Promise<void> {
  const here = { endpoint_id: zone.endpoint_id, zone_id: zone.zone_id, status: zone.status }
  if (to === 'Disconnected' || to === 'gone') await releaseTransit(tx, [wireOwner(zone)])
  if (to !== 'Migrating' && to !== 'Migrated') await releaseReplaced(tx, zone)
  if (to !== 'gone') {
    await tx
      .updateTable('endpoint_zone')
      .set({ status: to })
      .where((eb) => eb.and(here))
      .execute()
    return
  }
  await releaseAddresses(tx, [zone.eni_id])
  await tx
    .deleteFrom('endpoint_zone')
    .where((eb) => eb.and(here))
    .execute()
  await tx.deleteFrom('eni').where('id', '=', zone.eni_id).execute()
}

async function releaseReplaced(tx: Tx, zone: EndpointZoneTable): Promise<void> {
  const eni = zone.replaced_eni_id
  if (eni === null) return
  await releaseTransit(tx, [replacedWireOwner(zone)])
  await releaseAddresses(tx, [eni])
  await tx
    .updateTable('endpoint_zone')
    .set({ replaced_eni_id: null, replaced_load_balancer_id: null })
    .where('eni_id', '=', zone.eni_id)
    .execute()
  await tx.deleteFrom('eni').where('id', '=', eni).execute()
}

export async function moveEndpointGroup(tx: Tx, group: EndpointSecurityGroupTable): Promise<void> {
  const here = { endpoint_id: group.endpoint_id, security_group_id: group.security_group_id }
  if (group.status === 'Detaching') {
    await tx
      .deleteFrom('endpoint_security_group')
      .where((eb) => eb.and(here))
      .execute()
  } else {
    await tx
      .updateTable('endpoint_security_group')
      .set({ status: 'Attached' })
      .where((eb) => eb.and(here))
      .execute()
  }
}
