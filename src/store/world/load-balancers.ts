import type { Transaction } from 'kysely'
import type { EniId, InstanceId, LoadBalancerId, VpcId, VSwitchId } from '../../model/ids.ts'
import type { BackendServer, HealthCheck, Listener, LoadBalancer } from '../../model/world.ts'
import type { BackendServerTable, ListenerTable, LoadBalancerTable, Tables } from '../tables.ts'
import { chosen, type Ids } from './ids.ts'
import { readEnis } from './instances.ts'

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
  const addressOf = await serverAddresses(
    tx,
    servers.map(({ server_id }) => server_id),
  )
  return rows.flatMap((row) =>
    loadBalancerOf(row, listenersOf.get(row.id) ?? [], serversOf.get(row.id) ?? [], addressOf),
  )
}

/** Where a backend server is reached: an instance at its primary address, an ENI at its own. */
async function serverAddresses(
  tx: Transaction<Tables>,
  servers: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const enis = await tx
    .selectFrom('eni')
    .select('id')
    .where((eb) => eb.or([eb('id', 'in', servers), eb('instance_id', 'in', servers)]))
    .execute()
  const addresses = new Map<string, string>()
  for (const { id, address, attachment } of await readEnis(
    tx,
    enis.map((eni) => eni.id),
  )) {
    addresses.set(id, address)
    if (attachment.kind === 'instance' && attachment.primary) addresses.set(attachment.instance, address)
  }
  return addresses
}

function loadBalancerOf(
  row: LoadBalancerTable,
  listeners: readonly ListenerTable[],
  servers: readonly BackendServerTable[],
  addressOf: ReadonlyMap<string, string>,
): readonly LoadBalancer[] {
  if (row.vpc_id === null || row.vswitch_id === null || row.status === 'deleting') return []
  return [
    {
      id: row.id as LoadBalancerId,
      vpc: row.vpc_id as VpcId,
      vswitch: row.vswitch_id as VSwitchId,
      address: row.address,
      primaryZone: row.master_zone_id,
      status: row.status,
      listeners: listeners.flatMap((listener) => listenerOf(listener, servers, addressOf)),
    },
  ]
}

function listenerOf(
  row: ListenerTable,
  servers: readonly BackendServerTable[],
  addressOf: ReadonlyMap<string, string>,
): readonly Listener[] {
  if (row.status === 'deleting') return []
  return [
    {
      protocol: row.protocol,
      port: row.port,
      status: row.status,
      scheduler: row.scheduler,
      establishedTimeoutS: row.established_timeout,
      servers: servers.flatMap((server) => backendOf(server, row.backend_port, addressOf)),
      healthCheck: row.health_check === 'on' ? healthCheckOf(row) : undefined,
    },
  ]
}

function backendOf(
  row: BackendServerTable,
  port: number,
  addressOf: ReadonlyMap<string, string>,
): readonly BackendServer[] {
  const address = addressOf.get(row.server_id)
  if (address === undefined) return []
  return [{ server: row.server_id as InstanceId | EniId, address, port, weight: row.weight }]
}

function healthCheckOf(row: ListenerTable): HealthCheck {
  return {
    type: 'tcp',
    port: row.health_check_port ?? undefined,
    intervalS: row.health_check_interval,
    timeoutS: row.health_check_timeout,
    healthyThreshold: row.healthy_threshold,
    unhealthyThreshold: row.unhealthy_threshold,
  }
}
