import type { Transaction } from 'kysely'
import type { EniId, InstanceId, NetworkLoadBalancerId, VpcId } from '../../model/ids.ts'
import type { Listener, LoadBalancer } from '../../model/world.ts'
import type {
  NetworkLoadBalancerTable,
  NlbListenerTable,
  NlbServerGroupTable,
  NlbServerTable,
  NlbZoneTable,
  Tables,
} from '../tables.ts'
import { healthCheckOf } from './health-check.ts'
import { chosen, type Ids } from './ids.ts'
import { serverAddresses } from './server-addresses.ts'

export async function readNetworkLoadBalancers(
  tx: Transaction<Tables>,
  ids: Ids,
): Promise<readonly LoadBalancer[]> {
  const rows = await tx
    .selectFrom('network_load_balancer')
    .selectAll()
    .where('status', '!=', 'Deleting')
    .$call(chosen('id', ids))
    .execute()
  if (rows.length === 0) return []
  const zones = await tx
    .selectFrom('nlb_zone')
    .selectAll()
    .where('status', '=', 'Active')
    .$call(chosen('load_balancer_id', ids))
    .execute()
  const listeners = await tx
    .selectFrom('nlb_listener')
    .selectAll()
    .where('status', '!=', 'Deleting')
    .$call(chosen('load_balancer_id', ids))
    .execute()
  const groupOf = await readGroups(tx, ids && listeners.map(({ server_group_id: group }) => group))
  const zonesOf = Map.groupBy(zones, (zone) => zone.load_balancer_id)
  const listenersOf = Map.groupBy(listeners, (listener) => listener.load_balancer_id)
  return rows.map((row) =>
    balancerOf(
      row,
      zonesOf.get(row.id) ?? [],
      (listenersOf.get(row.id) ?? []).flatMap((listener) => {
        const group = groupOf.get(listener.server_group_id)
        return group ? [listenerOf(listener, group)] : []
      }),
    ),
  )
}

interface Group {
  readonly group: NlbServerGroupTable
  readonly servers: Listener['servers']
}

async function readGroups(tx: Transaction<Tables>, ids: Ids): Promise<ReadonlyMap<string, Group>> {
  const groups = await tx.selectFrom('nlb_server_group').selectAll().$call(chosen('id', ids)).execute()
  const servers = await tx
    .selectFrom('nlb_server')
    .selectAll()
    .where('status', '!=', 'Removing')
    .$call(chosen('group_id', ids))
    .execute()
  const addressOf = await serverAddresses(
    tx,
    servers.map(({ server_id: server }) => server),
  )
  const serversOf = Map.groupBy(servers, (server) => server.group_id)
  return new Map(
    groups.map((group) => [
      group.id,
      { group, servers: (serversOf.get(group.id) ?? []).flatMap((server) => serverOf(server, addressOf)) },
    ]),
  )
}

function serverOf(row: NlbServerTable, addressOf: ReadonlyMap<string, string>): Listener['servers'] {
  const address = row.server_type === 'Ip' ? row.server_ip : addressOf.get(row.server_id)
  if (address === undefined) return []
  const server = row.server_id as InstanceId | EniId
  return [{ server, address, port: row.port, weight: row.weight, standby: false }]
}

function balancerOf(
  row: NetworkLoadBalancerTable,
  zones: readonly NlbZoneTable[],
  listeners: readonly Listener[],
): LoadBalancer {
  return {
    id: row.id as NetworkLoadBalancerId,
    vpc: row.vpc_id as VpcId,
    addresses: zones.map(({ zone_id: zone, address }) => ({ zone, backup: undefined, address })),
    status: 'active',
    limits: { connections: undefined, newConnectionsPerS: limit(row.cps) },
    listeners,
  }
}

function listenerOf(row: NlbListenerTable, { group, servers }: Group): Listener {
  return {
    protocol: row.protocol === 'TCP' ? 'tcp' : 'udp',
    port: row.port,
    lastPort: row.last_port ?? undefined,
    status: row.status === 'Stopping' || row.status === 'Stopped' ? 'stopped' : 'running',
    scheduler: group.scheduler.toLowerCase() as Listener['scheduler'],
    idleTimeoutS: row.idle_timeout,
    persistenceS: 0,
    drainS: group.connection_drain_timeout ?? undefined,
    newConnectionsPerS: limit(row.cps),
    http: undefined,
    proxyProtocol:
      row.proxy_protocol === 1
        ? {
            clientAddress: true,
            vpcId: row.proxy_vpc_id === 1,
            endpointId: row.proxy_endpoint_id === 1,
            serviceId: row.proxy_service_id === 1,
          }
        : undefined,
    servers,
    healthCheck: group.health_check === 1 ? healthCheckOf(group) : undefined,
  }
}

function limit(cps: number): number | undefined {
  return cps === 0 ? undefined : cps
}
