import type { Transaction } from 'kysely'
import type { EniId, ForwardingRuleId, InstanceId, LoadBalancerId, VpcId } from '../../model/ids.ts'
import { loadBalancerSpecs, unlimited } from '../../model/load-balancer-specs.ts'
import type {
  BackendServer,
  ForwardingRule,
  Listener,
  LoadBalancer,
  TlsIdentity,
  TlsSettings,
} from '../../model/world.ts'
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

/** What listeners name by an id, by that id. */
interface Certificates {
  readonly identities: ReadonlyMap<string, Omit<TlsIdentity, 'clientAuthority'>>
  readonly authorities: ReadonlyMap<string, string>
}

/** The private key of a certificate, from its seal. */
export type OpenKey = (sealed: string, certificate: string) => string

export async function readLoadBalancers(
  tx: Transaction<Tables>,
  ids: Ids,
  openKey: OpenKey,
): Promise<LoadBalancer[]> {
  const rows = await tx
    .selectFrom('load_balancer')
    .selectAll()
    .where('address_type', '=', 'intranet')
    .where('status', '!=', 'deleting')
    .$call(chosen('id', ids))
    .execute()
  const listeners = await tx
    .selectFrom('listener')
    .selectAll()
    .where('status', '!=', 'deleting')
    .$call(chosen('load_balancer_id', ids))
    .execute()
  const listenersOf = Map.groupBy(listeners, (row) => row.load_balancer_id)
  const certificates = {
    identities: await readIdentities(tx, listeners, openKey),
    authorities: await readAuthorities(tx, listeners),
  }
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
  const rules = await tx
    .selectFrom('listener_rule')
    .selectAll()
    .$call(chosen('load_balancer_id', ids))
    .execute()
  const rulesOf = Map.groupBy(rules, (rule) => placeOf(rule))
  const addressOf = await serverAddresses(
    tx,
    [...servers, ...groupServers].map(({ server_id }) => server_id),
  )
  const serversIn = (group: string) =>
    (serversOfGroup.get(group) ?? []).flatMap((server) => backendOf(server, server.port, addressOf))
  return rows.flatMap((row) =>
    loadBalancerOf(row, listenersOf.get(row.id) ?? [], certificates, (listener) => ({
      servers:
        listener.server_group_id === null
          ? (serversOf.get(row.id) ?? []).flatMap((server) =>
              backendOf(server, listener.backend_port, addressOf),
            )
          : serversIn(listener.server_group_id),
      rules: (rulesOf.get(placeOf(listener)) ?? []).map(
        ({ id, domain, url, server_group_id }): ForwardingRule => ({
          id: id as ForwardingRuleId,
          domain,
          path: url,
          servers: serversIn(server_group_id),
        }),
      ),
    })),
  )
}

/** A listener, as it and its rules name it. */
function placeOf({
  load_balancer_id,
  protocol,
  port,
}: Pick<ListenerTable, 'load_balancer_id' | 'protocol' | 'port'>) {
  return `${load_balancer_id} ${protocol} ${port}`
}

/** Where a listener sends: its own VServer group or the default group with the listener's port, and its rules' groups. */
interface Destinations {
  readonly servers: readonly BackendServer[]
  readonly rules: readonly ForwardingRule[]
}

function loadBalancerOf(
  row: LoadBalancerTable,
  listeners: readonly ListenerTable[],
  certificates: Certificates,
  destinationsOf: (listener: ListenerTable) => Destinations,
): readonly LoadBalancer[] {
  if (row.vpc_id === null || row.status === 'deleting') return []
  return [
    {
      id: row.id as LoadBalancerId,
      vpc: row.vpc_id as VpcId,
      addresses: [{ zone: row.master_zone_id, backup: row.slave_zone_id, address: row.address }],
      status: row.status,
      limits: loadBalancerSpecs[row.spec] ?? unlimited,
      listeners: listeners.flatMap((listener) =>
        listenerOf(listener, certificates, destinationsOf(listener)),
      ),
    },
  ]
}

async function readIdentities(
  tx: Transaction<Tables>,
  listeners: readonly ListenerTable[],
  openKey: OpenKey,
): Promise<Certificates['identities']> {
  const ids = listeners.flatMap(({ http }) => (http && httpSettingsOf(http).tls?.certificate) ?? [])
  if (ids.length === 0) return new Map()
  const rows = await tx
    .selectFrom('server_certificate')
    .select(['id', 'chain', 'sealed_key'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map(({ id, chain, sealed_key }) => [id, { chain, key: openKey(sealed_key, id) }]))
}

async function readAuthorities(
  tx: Transaction<Tables>,
  listeners: readonly ListenerTable[],
): Promise<ReadonlyMap<string, string>> {
  const ids = listeners.flatMap(({ http }) => (http && httpSettingsOf(http).tls?.clientAuthority) ?? [])
  if (ids.length === 0) return new Map()
  const rows = await tx
    .selectFrom('ca_certificate')
    .select(['id', 'chain'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map(({ id, chain }) => [id, chain]))
}

/** Undefined when something of it is missing: then nothing is served rather than in the clear, or to anybody. */
function identityOf(
  { certificate, clientAuthority: asked }: TlsSettings,
  { identities, authorities }: Certificates,
): TlsIdentity | undefined {
  const identity = identities.get(certificate)
  const clientAuthority = asked === undefined ? undefined : authorities.get(asked)
  if (!identity || (asked !== undefined && clientAuthority === undefined)) return undefined
  return { ...identity, clientAuthority }
}

function listenerOf(
  row: ListenerTable,
  certificates: Certificates,
  { servers, rules }: Destinations,
): readonly Listener[] {
  if (row.status === 'deleting') return []
  const http = row.http === null ? undefined : httpSettingsOf(row.http)
  const identity = http?.tls && identityOf(http.tls, certificates)
  if (http?.tls && !identity) return []
  return [
    {
      protocol: row.protocol,
      port: row.port,
      lastPort: undefined,
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
      http: http && { ...http, identity, rules },
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
