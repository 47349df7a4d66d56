/**
 * The snapshot the planner works on: one query per table, joined in memory. What is being deleted is not part of
 * the world any more; its rows only wait for the report that the kernel has let go of it.
 */
import type { Transaction } from 'kysely'
import type {
  AccountId,
  EndpointId,
  EniId,
  InstanceId,
  LoadBalancerId,
  SecurityGroupId,
  ServiceId,
  VpcId,
  VSwitchId,
} from '../model/ids.ts'
import type {
  BackendServer,
  Endpoint,
  EndpointService,
  EndpointZone,
  Eni,
  HealthCheck,
  Instance,
  Listener,
  LoadBalancer,
  SecurityGroup,
  SecurityGroupRule,
  TransitPair,
  Vpc,
  VSwitch,
  World,
} from '../model/world.ts'
import { transitPair } from './transit.ts'
import type {
  BackendServerTable,
  EndpointTable,
  EndpointZoneTable,
  EniTable,
  InstanceTable,
  ListenerTable,
  LoadBalancerTable,
  SecurityGroupRuleTable,
  SecurityGroupTable,
  ServiceResourceTable,
  EndpointServiceTable,
  Tables,
  VpcTable,
  VSwitchTable,
} from './tables.ts'

export async function readWorld(tx: Transaction<Tables>): Promise<World> {
  const row = await tx.selectFrom('world').selectAll().executeTakeFirstOrThrow()
  const transit = await readTransit(tx)
  const vpcs = await tx.selectFrom('vpc').selectAll().where('status', '!=', 'Deleting').execute()
  const vswitches = await tx.selectFrom('vswitch').selectAll().where('status', '!=', 'Deleting').execute()
  const instances = await tx.selectFrom('instance').selectAll().where('status', '!=', 'Deleting').execute()
  const endpoints = await tx.selectFrom('endpoint').selectAll().where('status', '!=', 'Deleting').execute()
  const zones = await tx.selectFrom('endpoint_zone').selectAll().where('status', '!=', 'Deleting').execute()
  const rules = await tx.selectFrom('security_group_rule').selectAll().execute()
  const services = await tx
    .selectFrom('endpoint_service')
    .selectAll()
    .where('status', '!=', 'Deleting')
    .execute()
  const rulesOf = Map.groupBy(rules, (rule) => rule.security_group_id)
  const resourcesOf = Map.groupBy(
    await tx.selectFrom('service_resource').selectAll().execute(),
    (resource) => resource.service_id,
  )
  const zonesOf = Map.groupBy(zones, (zone) => zone.endpoint_id)
  const enis = await readEnis(tx, new Set([...instances.map((i) => i.id), ...zones.map((z) => z.eni_id)]))
  return {
    generation: row.generation,
    deployment: row.deployment,
    domainSuffix: row.domain_suffix,
    vpcs: vpcs.map((vpc) => vpcOf(vpc, transit)),
    vswitches: vswitches.map((vswitch) => vswitchOf(vswitch, transit)),
    securityGroups: (await tx.selectFrom('security_group').selectAll().execute()).map((group) =>
      securityGroupOf(group, rulesOf.get(group.id) ?? []),
    ),
    instances: instances.map(instanceOf),
    enis,
    loadBalancers: await readLoadBalancers(tx, enis),
    services: services.map((service) => serviceOf(service, resourcesOf.get(service.id) ?? [])),
    endpoints: endpoints.map((endpoint) => endpointOf(endpoint, zonesOf.get(endpoint.id) ?? [], transit)),
  }
}

type Transit = ReadonlyMap<string, TransitPair>

async function readTransit(tx: Transaction<Tables>): Promise<Transit> {
  const rows = await tx.selectFrom('transit_pair').selectAll().execute()
  return new Map(rows.map(({ owner, pair }) => [owner, transitPair(pair)]))
}

function pairOf(transit: Transit, owner: string): TransitPair {
  const pair = transit.get(owner)
  if (!pair) throw new Error(`${owner} has no transit pair`)
  return pair
}

function vpcOf(row: VpcTable, transit: Transit): Vpc {
  return {
    id: row.id as VpcId,
    owner: row.account_id as AccountId,
    region: row.region_id,
    cidr: row.cidr,
    status: row.status,
    serviceLeg: pairOf(transit, row.id),
  }
}

function vswitchOf(row: VSwitchTable, transit: Transit): VSwitch {
  return {
    id: row.id as VSwitchId,
    vpc: row.vpc_id as VpcId,
    zone: row.zone_id,
    cidr: row.cidr,
    status: row.status,
    resolverSource: pairOf(transit, row.id).first,
  }
}

function securityGroupOf(row: SecurityGroupTable, rules: readonly SecurityGroupRuleTable[]): SecurityGroup {
  return {
    id: row.id as SecurityGroupId,
    vpc: row.vpc_id as VpcId,
    innerAccess: row.inner_access,
    rules: rules.map(ruleOf),
  }
}

function ruleOf(row: SecurityGroupRuleTable): SecurityGroupRule {
  return {
    direction: row.direction,
    protocol: row.protocol,
    fromPort: row.from_port,
    toPort: row.to_port,
    policy: row.policy,
    priority: row.priority,
    peer:
      row.peer_group_id === null
        ? { kind: 'cidr', cidr: row.peer_cidr ?? '0.0.0.0/0' }
        : { kind: 'group', group: row.peer_group_id as SecurityGroupId },
  }
}

function instanceOf(row: InstanceTable): Instance {
  return {
    id: row.id as InstanceId,
    owner: row.account_id as AccountId,
    vpc: row.vpc_id as VpcId,
    hostName: row.host_name,
    status: row.status,
    boot: row.boot,
    userData: row.user_data,
    memoryMib: row.memory_mib,
    uid: row.uid,
  }
}

/** The interfaces of living holders: instances by their id, endpoint zones by the ENI's. */
async function readEnis(tx: Transaction<Tables>, holders: ReadonlySet<string>): Promise<readonly Eni[]> {
  const rows = await tx.selectFrom('eni').selectAll().execute()
  const groupsOf = Map.groupBy(
    await tx.selectFrom('eni_security_group').selectAll().execute(),
    (row) => row.eni_id,
  )
  return rows
    .filter((row) => holders.has(row.instance_id ?? row.id))
    .map((row) => ({
      id: row.id as EniId,
      vpc: row.vpc_id as VpcId,
      vswitch: row.vswitch_id as VSwitchId,
      address: row.address,
      mac: row.mac,
      securityGroups: (groupsOf.get(row.id) ?? []).map((group) => group.security_group_id as SecurityGroupId),
      attachment: attachmentOf(row),
    }))
}

function attachmentOf(row: EniTable): Eni['attachment'] {
  if (row.endpoint_id !== null) return { kind: 'endpoint', endpoint: row.endpoint_id as EndpointId }
  if (row.instance_id === null) return { kind: 'none' }
  return {
    kind: 'instance',
    instance: row.instance_id as InstanceId,
    primary: row.is_primary === 1,
    device: row.device,
  }
}

async function readLoadBalancers(
  tx: Transaction<Tables>,
  enis: readonly Eni[],
): Promise<readonly LoadBalancer[]> {
  const rows = await tx
    .selectFrom('load_balancer')
    .selectAll()
    .where('address_type', '=', 'intranet')
    .where('status', '!=', 'deleting')
    .execute()
  const listenersOf = Map.groupBy(
    await tx.selectFrom('listener').selectAll().where('status', '!=', 'deleting').execute(),
    (row) => row.load_balancer_id,
  )
  const serversOf = Map.groupBy(
    await tx.selectFrom('backend_server').selectAll().execute(),
    (row) => row.load_balancer_id,
  )
  const addressOf = serverAddresses(enis)
  return rows.flatMap((row) =>
    loadBalancerOf(row, listenersOf.get(row.id) ?? [], serversOf.get(row.id) ?? [], addressOf),
  )
}

/** Where a backend server is reached: an instance at its primary address, an ENI at its own. */
function serverAddresses(enis: readonly Eni[]): ReadonlyMap<string, string> {
  const addresses = new Map<string, string>()
  for (const { id, address, attachment } of enis) {
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

function serviceOf(row: EndpointServiceTable, resources: readonly ServiceResourceTable[]): EndpointService {
  return {
    id: row.id as ServiceId,
    owner: row.account_id as AccountId,
    region: row.region_id,
    zoneAffinity: row.zone_affinity === 1,
    resources: resources.map((resource) => ({
      loadBalancer: resource.resource_id as LoadBalancerId,
      zone: resource.zone_id,
    })),
  }
}

function endpointOf(row: EndpointTable, zones: readonly EndpointZoneTable[], transit: Transit): Endpoint {
  return {
    id: row.id as EndpointId,
    owner: row.account_id as AccountId,
    vpc: row.vpc_id as VpcId,
    service: row.service_id as ServiceId,
    region: row.region_id,
    zoneAffinity: row.zone_affinity === 1,
    status: row.status,
    connection: row.connection,
    bandwidthMbps: row.bandwidth,
    zones: zones.map((zone) => zoneOf(zone, transit)),
  }
}

function zoneOf(row: EndpointZoneTable, transit: Transit): EndpointZone {
  return {
    zone: row.zone_id,
    vswitch: row.vswitch_id as VSwitchId,
    eni: row.eni_id as EniId,
    status: row.status,
    loadBalancer: row.load_balancer_id === null ? undefined : (row.load_balancer_id as LoadBalancerId),
    wire: transit.get(`${row.endpoint_id}/${row.zone_id}`),
  }
}
