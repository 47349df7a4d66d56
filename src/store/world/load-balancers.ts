import type { Transaction } from 'kysely'
import type { EniId, InstanceId, LoadBalancerId, VpcId } from '../../model/ids.ts'
import { loadBalancerSpecs, unlimited } from '../../model/load-balancer-specs.ts'
import type { BackendServer, Listener, LoadBalancer } from '../../model/world.ts'
import type {
  BackendServerTable,
  GroupServerTable,
  ListenerTable,
  LoadBalancerTable,
  Tables,
} from '../tables.ts'
import { healthCheckOf } from './health-check.ts'
import { httpSettingsOf } from './http-settings.ts'
import { chosen, type Ids } from './ids.ts'
import { serverAddresses } from './server-addresses.ts'

export async function readLoadBalancers(tx: Transaction<Tables>, ids: Ids): Promise<LoadBalancer[]> {
  const rows = await tx
    .selectFrom('load_balancer')
    .selectAll()
    .where('address_type', '=', 'intranet')
    .where('status', '!=', 'deleting')
    .$call(chosen('id', ids))
    .execute()
  const listenersOf = Map.groupBy(
    await tx
      .selectFrom('listener')
      .selectAll()
      .where('status', '!=', 'deleting')
      .$call(chosen('load_balancer_id', ids))
      .execute(),
    (row) => row.load_balancer_id,
  )
  const servers = await tx
    .selectFrom('backend_server')
    .selectAll()
    .$call(chosen('load_balancer_id', ids))
    .execute()
  const serversOf = Map.groupBy(servers, (row) => row.load_balancer_id)
  const groupServers = await tx
    .selectFrom('group_server')
    .selectAll()
    .$call(chosen('load_balancer_id', ids))
    .execute()
  const serversOfGroup = Map.groupBy(groupServers, (row) => row.group_id)
  const addressOf = await serverAddresses(
    tx,
    [...servers, ...groupServers].map(({ server_id }) => server_id),
  )
  return rows.flatMap((row) =>
    loadBalancerOf(row, listenersOf.get(row.id) ?? [], (listener) =>
      serversOfListener(
        listener,
        serversOf.get(row.id) ?? [],
        serversOfGroup.get(listener.server_group_id ?? '') ?? [],
      ).flatMap(({ server, port }) => backendOf(server, port, addressOf)),
    ),
  )
}

/** A listener's own VServer group with its ports, or the default group with the port of the listener. */
function serversOfListener(
  listener: ListenerTable,
  servers: readonly BackendServerTable[],
  ofGroup: readonly GroupServerTable[],
) {
  return listener.server_group_id === null
    ? servers.map((server) => ({ server, port: listener.backend_port }))
    : ofGroup.map((server) => ({ server, port: server.port }))
}

function loadBalancerOf(
  row: LoadBalancerTable,
  listeners: readonly ListenerTable[],
  serversOf: (listener: ListenerTable) => readonly BackendServer[],
): readonly LoadBalancer[] {
  if (row.vpc_id === null || row.status === 'deleting') return []
  return [
    {
      id: row.id as LoadBalancerId,
      vpc: row.vpc_id as VpcId,
      addresses: [{ zone: row.master_zone_id, backup: row.slave_zone_id, address: row.address }],
      status: row.status,
      limits: loadBalancerSpecs[row.spec] ?? unlimited,
      listeners: listeners.flatMap((listener) => listenerOf(listener, serversOf(listener))),
    },
  ]
}

function listenerOf(row: ListenerTable, servers: readonly BackendServer[]): readonly Listener[] {
  if (row.status === 'deleting') return []
  return [
    {
      protocol: row.protocol,
      port: row.port,
      status: row.status,
      scheduler: row.scheduler,
      idleTimeoutS: row.protocol === 'tcp' ? row.established_timeout : undefined,
      persistenceS: row.persistence_timeout,
      drainS: row.connection_drain_timeout ?? undefined,
      newConnectionsPerS: undefined,
      // Who is behind an endpoint only an NLB can tell (PrivateLink, cross rules).
      proxyProtocol:
        row.proxy_protocol === 1
          ? { clientAddress: false, vpcId: false, endpointId: false, serviceId: false }
          : undefined,
      servers,
      healthCheck: row.health_check === 'on' ? healthCheckOf(row) : undefined,
      http: row.http === null ? undefined : httpSettingsOf(row.http),
    },
  ]
}

function backendOf(
  row: Pick<BackendServerTable, 'server_id' | 'weight'> & Partial<Pick<GroupServerTable, 'server_type'>>,
  port: number,
  addressOf: ReadonlyMap<string, string>,
): readonly BackendServer[] {
  const address = addressOf.get(row.server_id)
  if (address === undefined) return []
  const server = row.server_id as InstanceId | EniId
  return [{ server, address, port, weight: row.weight, standby: row.server_type === 'Slave' }]
}
