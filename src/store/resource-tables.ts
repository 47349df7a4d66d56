/**
 * Rows of the resources. Every row that is part of the world carries `generation`: the world's generation when
 * the row last changed. Rows that belong to another one go with it (`on delete cascade`).
 */
import type { ZoneStatus } from '../model/world.ts'

export interface ResourceTables {
  world: WorldTable
  transit_pair: TransitPairTable
  address: AddressTable
  resource_group: ResourceGroupTable
  tag: TagTable
  vpc: VpcTable
  vpc_block: VpcBlockTable
  route_table: RouteTableTable
  route_entry: RouteEntryTable
  vswitch: VSwitchTable
  security_group: SecurityGroupTable
  security_group_rule: SecurityGroupRuleTable
  prefix_list: PrefixListTable
  prefix_list_entry: PrefixListEntryTable
  instance: InstanceTable
  key_pair: KeyPairTable
  eni: EniTable
  eni_address: EniAddressTable
  eni_security_group: EniSecurityGroupTable
  load_balancer: LoadBalancerTable
  listener: ListenerTable
  server_certificate: ServerCertificateTable
  ca_certificate: CaCertificateTable
  listener_rule: ListenerRuleTable
  backend_server: BackendServerTable
  server_group: ServerGroupTable
  group_server: GroupServerTable
  network_load_balancer: NetworkLoadBalancerTable
  nlb_zone: NlbZoneTable
  nlb_listener: NlbListenerTable
  nlb_server_group: NlbServerGroupTable
  nlb_server: NlbServerTable
  nlb_job: NlbJobTable
  endpoint_service: EndpointServiceTable
  service_resource: ServiceResourceTable
  service_user: ServiceUserTable
  endpoint: EndpointTable
  endpoint_security_group: EndpointSecurityGroupTable
  endpoint_zone: EndpointZoneTable
}

/** One row: what is counted once for the whole deployment. */
export interface WorldTable {
  id: number
  generation: number
  /** The mark of this deployment on kernel objects; empty until the server's first start. */
  deployment: string
  domain_suffix: string
  /** Index of the transit pair that was handed out last. */
  transit_cursor: number
  /** Numeric identity that the youngest instance got. */
  uid_cursor: number
}

/** A pair of 100.64.0.0/10 that is in use: pair `n` is the addresses 2n and 2n+1 of the block. */
export interface TransitPairTable {
  pair: number
  /** `vpc-…`, `vsw-…` or `<endpoint>/<zone>`. */
  owner: string
}

/** Every private address in use. ENIs and load balancers share it, so that they can never collide. */
export interface AddressTable {
  vpc_id: string
  /** The address as a number. */
  value: number
  vswitch_id: string
  /** `eni-…` (an NLB has one per zone) or `lb-…`. */
  owner: string
}

/** What every resource of an account has. */
interface Owned {
  id: string
  account_id: string
  region_id: string
  resource_group_id: string
  created_at: string
}

interface Changing {
  generation: number
}

export interface ResourceGroupTable {
  id: string
  account_id: string
  name: string
  /** Empty: the name is shown. */
  display_name: string
  created_at: string
}

export interface TagTable {
  resource_type: TaggedType
  resource_id: string
  key: string
  value: string
}

export type TaggedType =
  | 'vpc'
  | 'vswitch'
  | 'routetable'
  | 'securitygroup'
  | 'prefixlist'
  | 'eni'
  | 'instance'
  /** By its own id: an instance may get another one. */
  | 'disk'
  | 'keypair'
  | 'loadbalancer'
  | 'vservergroup'
  /** A server's or an authority's. */
  | 'certificate'
  | 'networkloadbalancer'
  | 'nlblistener'
  | 'nlbservergroup'
  | 'vpcendpoint'
  | 'vpcendpointservice'
  | 'resourcegroup'

export interface VpcTable extends Owned, Changing {
  name: string
  description: string
  cidr: string
  status: 'Pending' | 'Available' | 'Deleting'
  router_id: string
  is_default: number
}

/** A secondary block of a VPC. */
export interface VpcBlockTable {
  vpc_id: string
  cidr: string
}

/** A VPC has one system route table, made with it, and may have custom ones. */
export interface RouteTableTable {
  id: string
  vpc_id: string
  name: string
  description: string
  type: 'System' | 'Custom'
  /** Empty for a system table, which is as old as its VPC. */
  created_at: string
}

/** A custom route; the others follow from the vSwitches of the VPC. */
export interface RouteEntryTable {
  id: string
  vpc_id: string
  route_table_id: string
  name: string
  description: string
  destination: string
  next_hop_type: 'Instance' | 'NetworkInterface'
  next_hop_id: string
  status: 'Pending' | 'Available' | 'Deleting'
  generation: number
  modified_at: string
}

export interface VSwitchTable extends Owned, Changing {
  vpc_id: string
  zone_id: string
  name: string
  description: string
  cidr: string
  status: 'Pending' | 'Available' | 'Deleting'
  is_default: number
  /** A custom route table, or null for the system one of the VPC. */
  route_table_id: string | null
}

export interface SecurityGroupTable extends Owned, Changing {
  vpc_id: string
  name: string
  description: string
  type: 'normal' | 'enterprise'
  inner_access: 'Accept' | 'Drop'
}

export interface SecurityGroupRuleTable extends Changing {
  id: string
  security_group_id: string
  direction: 'ingress' | 'egress'
  protocol: 'TCP' | 'UDP' | 'ICMP' | 'GRE' | 'ALL'
  from_port: number
  to_port: number
  policy: 'Accept' | 'Drop'
  priority: number
  /** Exactly one of the three is set. The block is kept as the client wrote it. */
  peer_cidr: string | null
  peer_group_id: string | null
  peer_prefix_list_id: string | null
  description: string
  created_at: string
}

export interface PrefixListTable extends Owned {
  name: string
  description: string
  max_entries: number
}

export interface PrefixListEntryTable {
  prefix_list_id: string
  cidr: string
  description: string
}

export interface InstanceTable extends Owned, Changing {
  vpc_id: string
  zone_id: string
  name: string
  host_name: string
  description: string
  image_id: string
  instance_type: string
  memory_mib: number
  /** Base64 text, empty for none. */
  user_data: string
  uid: number
  /** 0 before the first start. */
  boot: number
  status: 'Pending' | 'Starting' | 'Running' | 'Stopping' | 'Stopped' | 'Deleting'
  /** Empty before the first start. */
  started_at: string
  deletion_protection: number
  disk_id: string
  disk_category: string
  disk_size: number
  disk_name: string
  disk_description: string
  /** Empty where the category has no levels. */
  disk_performance_level: string
  /** Name of the key pair that was last attached; empty for none. The pair itself may be gone since. */
  key_pair_name: string
  /** The key that opens the instance from its next start on, as in `authorized_keys`. */
  public_key: string
  /** JSON text of what has no effect here and is told again as it was asked for. */
  terms: string
  /** Name of the RAM role that was attached; empty for none. The role itself may be gone since. */
  ram_role_name: string
  /** The boot after which it was moved in its network: once before each start. */
  moved_boot: number
  /** When it is released by itself; empty for never. */
  release_at: string
}

export interface KeyPairTable extends Owned {
  /** Unique in the region of an account. */
  name: string
  fingerprint: string
  /** As in `authorized_keys`, without a comment. */
  public_key: string
}

export interface EniTable extends Owned, Changing {
  vpc_id: string
  vswitch_id: string
  zone_id: string
  address: string
  mac: string
  name: string
  description: string
  /** Only a secondary interface is ever anything but `InUse`. */
  status: 'Available' | 'Attaching' | 'InUse' | 'Detaching'
  /** Whether a secondary interface goes with the instance it is attached to. */
  delete_on_release: number
  /** Set for an instance's interface; `endpoint_id` for an endpoint's; a secondary one may have neither. */
  instance_id: string | null
  is_primary: number
  device: number
  endpoint_id: string | null
}

/** An address of an interface beside its first one. */
export interface EniAddressTable {
  eni_id: string
  address: string
}

export interface EniSecurityGroupTable {
  eni_id: string
  security_group_id: string
}

export interface LoadBalancerTable extends Owned, Changing {
  name: string
  address_type: 'intranet' | 'internet'
  /** VPC, vSwitch and address of an intranet load balancer; an internet one has none here. */
  vpc_id: string | null
  vswitch_id: string | null
  address: string
  spec: string
  pay_type: 'PayOnDemand' | 'PrePay'
  instance_charge_type: 'PayBySpec' | 'PayByCLCU'
  internet_charge_type: 'paybytraffic' | 'paybybandwidth'
  bandwidth: number
  master_zone_id: string
  slave_zone_id: string
  /** `deleting` is shown as `inactive`: the API has no word for it. */
  status: 'active' | 'inactive' | 'locked' | 'deleting'
  delete_protection: 'on' | 'off'
  modification_protection: 'NonProtection' | 'ConsoleProtection'
  modification_protection_reason: string
}

/** How backends are checked. Texts are empty where they say nothing. */
export interface HealthCheckColumns {
  health_check_type: 'tcp' | 'http' | 'udp'
  /** Null: the backend's own port. */
  health_check_port: number | null
  health_check_interval: number
  health_check_timeout: number
  healthy_threshold: number
  unhealthy_threshold: number
  health_check_method: 'head' | 'get'
  health_check_uri: string
  /** Empty: the backend's address. */
  health_check_domain: string
  /** `http_2xx,http_3xx`. */
  health_check_http_code: string
  health_check_req: string
  /** Empty: only an ICMP error is bad. */
  health_check_exp: string
}

export interface ListenerTable extends Changing, HealthCheckColumns {
  load_balancer_id: string
  protocol: 'tcp' | 'udp' | 'http' | 'https'
  port: number
  /** `deleting` is shown as `stopping`: the API has no word for it. */
  status: 'stopped' | 'starting' | 'running' | 'stopping' | 'deleting'
  /** Port of the default group's servers; 0 when the listener was made for another group. */
  backend_port: number
  /** Null: the default server group. */
  server_group_id: string | null
  scheduler: 'wrr' | 'rr' | 'wlc' | 'sch' | 'tch' | 'qch'
  established_timeout: number
  /** Seconds; 0: clients do not stay with a server. */
  persistence_timeout: number
  /** Seconds; null: open connections of a server that leaves go on. */
  connection_drain_timeout: number | null
  proxy_protocol: number
  health_check: 'on' | 'off'
  description: string
  /** JSON of `HttpSettings` (model/world.ts); null for layer 4. */
  http: string | null
}

export interface ServerCertificateTable extends Owned {
  name: string
  /** PEM: the server's own first. */
  chain: string
  /** See `seal.ts`; bound to the certificate's id. */
  sealed_key: string
  fingerprint: string
  common_name: string
  /** JSON list. */
  alternative_names: string
  expires_at: string
}

/** A forwarding rule of an HTTP or HTTPS listener. */
export interface ListenerRuleTable {
  id: string
  account_id: string
  region_id: string
  load_balancer_id: string
  protocol: 'http' | 'https'
  port: number
  name: string
  /** Lower case; empty for every domain. */
  domain: string
  /** Empty for every path. */
  url: string
  server_group_id: string
  created_at: string
}

/** Whose clients HTTPS listeners let in. */
export interface CaCertificateTable extends Owned {
  name: string
  /** PEM: up to the root. */
  chain: string
  fingerprint: string
  common_name: string
  expires_at: string
}

export interface BackendServerTable extends Changing {
  load_balancer_id: string
  server_id: string
  type: 'ecs' | 'eni'
  /** Address of an `eni` server; empty for `ecs`, which is reached at its primary address. */
  server_ip: string
  weight: number
  description: string
}

/** A VServer group, or a pair of a master and a slave. */
export interface ServerGroupTable {
  id: string
  kind: 'vserver' | 'master_slave'
  account_id: string
  region_id: string
  load_balancer_id: string
  name: string
  created_at: string
}

/** A server of a group, under one port. */
export interface GroupServerTable extends Omit<BackendServerTable, 'generation'> {
  group_id: string
  port: number
  /** Empty in a VServer group. */
  server_type: '' | 'Master' | 'Slave'
}

export interface NetworkLoadBalancerTable extends Owned, Changing {
  name: string
  vpc_id: string
  address_type: 'Intranet'
  /** New connections per second; 0 for no limit. */
  cps: number
  cross_zone: number
  status: 'Provisioning' | 'Active' | 'Configuring' | 'Deleting'
  /** When it was protected, or null. */
  deletion_protected_at: string | null
  deletion_protection_reason: string
  modification_protected_at: string | null
  modification_protection_reason: string
}

/** An NLB's address in one zone. */
export interface NlbZoneTable extends Changing {
  load_balancer_id: string
  zone_id: string
  vswitch_id: string
  address: string
  /** Holder of the address. */
  eni_id: string
  /** A zone that is leaving keeps its address until the kernel let go of it. */
  status: 'Active' | 'Deleting'
}

export interface NlbListenerTable extends Changing {
  id: string
  account_id: string
  region_id: string
  load_balancer_id: string
  protocol: 'TCP' | 'UDP'
  /** The first one of a range. */
  port: number
  /** Of a range; null for one port. */
  last_port: number | null
  description: string
  server_group_id: string
  idle_timeout: number
  /** New connections per second; 0 for no limit. */
  cps: number
  proxy_protocol: number
  proxy_vpc_id: number
  proxy_endpoint_id: number
  proxy_service_id: number
  status: 'Provisioning' | 'Running' | 'Configuring' | 'Stopping' | 'Stopped' | 'Starting' | 'Deleting'
  created_at: string
}

export interface NlbServerGroupTable extends Owned, Changing, HealthCheckColumns {
  name: string
  type: 'Instance' | 'Ip'
  vpc_id: string
  protocol: 'TCP' | 'UDP' | 'TCP_UDP'
  /** In the client's own spelling: Wrr, Rr, Wlc, Sch, Tch or Qch. */
  scheduler: string
  connection_drain_timeout: number | null
  /** Servers are called at the port that the client called. */
  any_port: number
  health_check: number
  health_check_http_version: string
  status: 'Creating' | 'Available' | 'Configuring' | 'Deleting'
}

export interface NlbServerTable extends Changing {
  group_id: string
  server_id: string
  server_type: 'Ecs' | 'Eni' | 'Ip'
  /** Address of an `Eni` or `Ip` server; empty for `Ecs`, which is reached at its primary address. */
  server_ip: string
  /** 0 in a group with `any_port`. */
  port: number
  weight: number
  description: string
  /** A server that is leaving takes no connection any more. */
  status: 'Adding' | 'Available' | 'Configuring' | 'Removing'
}

/** An asynchronous call: it has succeeded when the kernel holds its generation. */
export interface NlbJobTable extends Changing {
  id: string
  account_id: string
  region_id: string
  /** Plan items that it is about: JSON list of load balancers' ids. */
  balancers: string
  status: 'Processing' | 'Succeeded'
  created_at: string
}

export interface EndpointServiceTable extends Owned, Changing {
  description: string
  resource_type: 'slb' | 'nlb'
  status: 'Creating' | 'Active' | 'Pending' | 'Deleting'
  auto_accept: number
  zone_affinity: number
  /** Mbit/s that a new connection gets. */
  connect_bandwidth: number
}

export interface ServiceResourceTable extends Changing {
  service_id: string
  resource_id: string
  zone_id: string
  auto_allocated: number
  created_at: string
}

/** The whitelist of a service. */
export interface ServiceUserTable {
  service_id: string
  /** An account, or `*` for everyone. */
  user_id: string
  created_at: string
}

export type TrafficControlMode = 'BandwidthLimit' | 'Scalability'

export interface EndpointTable extends Owned, Changing {
  vpc_id: string
  /** Kept when the service is gone (`ServiceDeleted`), so no foreign key. */
  service_id: string
  /** The service's owner, who lists the endpoint as a connection. */
  service_account_id: string
  name: string
  description: string
  status: 'Creating' | 'Active' | 'Pending' | 'Deleting'
  connection:
    'Pending' | 'Connecting' | 'Connected' | 'Disconnecting' | 'Disconnected' | 'Deleting' | 'ServiceDeleted'
  bandwidth: number
  /** With `Scalability` the bandwidth is kept and limits nothing. */
  traffic_control_mode: TrafficControlMode
  zone_affinity: number
  /** The text as it was given; empty for the default. */
  policy_document: string
  /** The identity that alone may change or delete it; empty when it is not protected. */
  protected_by: string
  /** Last change of the connection. */
  modified_at: string
}

export interface EndpointSecurityGroupTable extends Changing {
  endpoint_id: string
  security_group_id: string
  status: 'Attaching' | 'Attached' | 'Detaching'
}

export interface EndpointZoneTable extends Changing {
  endpoint_id: string
  zone_id: string
  vswitch_id: string
  eni_id: string
  status: ZoneStatus
  /** The service resource this zone's traffic goes to. */
  load_balancer_id: string | null
  /** After a graceful replacement: the resource and the ENI that still serve the flows that were open. */
  replaced_load_balancer_id: string | null
  replaced_eni_id: string | null
}
