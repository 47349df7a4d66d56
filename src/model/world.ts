/**
 * The world: an immutable snapshot of everything the planner needs, read from the store in one transaction.
 * Words and states are those of the public API. Lists are in no particular order; `compile` sorts.
 */
import type {
  AccountId,
  DiskId,
  EndpointId,
  EniId,
  ForwardingRuleId,
  InstanceId,
  LoadBalancerId,
  NetworkLoadBalancerId,
  RegionId,
  RouteEntryId,
  RouteTableId,
  SecurityGroupId,
  SecurityGroupRuleId,
  ServiceId,
  VpcId,
  VSwitchId,
  ZoneId,
} from './ids.ts'

export interface World {
  /** Grows with every change of the world; a host never takes an older one. */
  readonly generation: number
  /** Short name of this deployment (4 characters of `a-z0-9`): the mark on every kernel object. */
  readonly deployment: string
  /** Suffix of endpoint names, `privatelink.aliyuncs.com` unless configured. */
  readonly domainSuffix: string
  /** How many open flows a consumer may have at one service; `all` stands for those that are not named. Sorted. */
  readonly consumerLimits: readonly { readonly consumer: string; readonly connections: number }[]
  /** Sorted zones whose addresses nobody reaches. */
  readonly zonesDown: readonly string[]
  readonly vpcs: readonly Vpc[]
  readonly vswitches: readonly VSwitch[]
  readonly routes: readonly Route[]
  readonly securityGroups: readonly SecurityGroup[]
  readonly instances: readonly Instance[]
  readonly enis: readonly Eni[]
  readonly loadBalancers: readonly LoadBalancer[]
  readonly services: readonly EndpointService[]
  readonly endpoints: readonly Endpoint[]
}

/** The world's lists. */
export type WorldList = {
  [Key in keyof World]: World[Key] extends readonly { readonly id: string }[] ? Key : never
}[keyof World]

/** Two neighbouring addresses of 100.64.0.0/10, the first one even. Never used again until all others were. */
export interface TransitPair {
  readonly first: string
  readonly second: string
}

export interface Vpc {
  readonly id: VpcId
  readonly owner: AccountId
  readonly region: RegionId
  readonly cidr: string
  /** Secondary blocks. */
  readonly blocks: readonly string[]
  readonly status: 'Pending' | 'Available' | 'Deleting'
  /** Leg to the service namespace: `first` is the service side, `second` the VPC side. */
  readonly serviceLeg: TransitPair
}

export interface VSwitch {
  readonly id: VSwitchId
  readonly vpc: VpcId
  readonly zone: ZoneId
  readonly cidr: string
  readonly status: 'Pending' | 'Available' | 'Deleting'
  /** The source that DNS queries of this vSwitch's clients carry in the service namespace (`first` of a pair). */
  readonly resolverSource: string
  /** The custom table it was given, or the system one of its VPC. */
  readonly routeTable: RouteTableId
}

/** A custom route: what its table's vSwitches send to the destination goes to an interface of the VPC. */
export interface Route {
  readonly id: RouteEntryId
  readonly vpc: VpcId
  readonly table: RouteTableId
  readonly destination: string
  /** An instance stands for its primary interface. */
  readonly nextHop: InstanceId | EniId
}

export type Protocol = 'TCP' | 'UDP' | 'ICMP' | 'GRE' | 'ALL'
export interface SecurityGroup {
  readonly id: SecurityGroupId
  readonly vpc: VpcId
  readonly innerAccess: 'Accept' | 'Drop'
  readonly rules: readonly SecurityGroupRule[]
}
export interface SecurityGroupRule {
  readonly id: SecurityGroupRuleId
  readonly direction: 'ingress' | 'egress'
  readonly protocol: Protocol
  /** Inclusive destination ports; -1/-1 for all. */
  readonly fromPort: number
  readonly toPort: number
  readonly policy: 'Accept' | 'Drop'
  /** 1 is the highest. At equal priority Drop beats Accept. */
  readonly priority: number
  /** The other side: source of an ingress rule, destination of an egress rule. */
  readonly peer:
    | { readonly kind: 'cidr'; readonly cidr: string }
    | { readonly kind: 'group'; readonly group: SecurityGroupId }
    /** The entries of a prefix list, none or many. */
    | { readonly kind: 'blocks'; readonly blocks: readonly string[] }
}

export interface Instance {
  readonly id: InstanceId
  readonly owner: AccountId
  readonly vpc: VpcId
  readonly hostName: string
  readonly status: 'Pending' | 'Starting' | 'Running' | 'Stopping' | 'Stopped' | 'Deleting'
  /** Grows with each start and reboot: a sandbox of an older boot is replaced. */
  readonly boot: number
  /** Base64 text as in RunInstances, `''` for none. */
  readonly userData: string
  /** Opens the instance from its next boot on, as in `authorized_keys`; `''` for none. */
  readonly publicKey: string
  readonly memoryMib: number
  /** With another disk it starts with an empty home. */
  readonly disk: DiskId
  /** Numeric identity of its processes on the host, one of its own per instance. */
  readonly uid: number
}

/** An interface of an instance, or of an endpoint in one zone (`endpoint` set, no instance). */
export interface Eni {
  readonly id: EniId
  readonly vpc: VpcId
  readonly vswitch: VSwitchId
  readonly address: string
  /** Of its vSwitch too. */
  readonly furtherAddresses: readonly string[]
  readonly mac: string
  readonly securityGroups: readonly SecurityGroupId[]
  readonly attachment:
    | {
        readonly kind: 'instance'
        readonly instance: InstanceId
        readonly primary: boolean
        readonly device: number
      }
    | { readonly kind: 'endpoint'; readonly endpoint: EndpointId }
    | { readonly kind: 'none' }
}

/** A CLB, with the one address of its primary zone, or an NLB, with an address per zone. */
export interface LoadBalancer {
  readonly id: BalancerId
  readonly vpc: VpcId
  readonly addresses: readonly BalancerAddress[]
  readonly status: 'active' | 'inactive' | 'locked'
  readonly limits: BalancerLimits
  readonly listeners: readonly Listener[]
}
export type BalancerId = LoadBalancerId | NetworkLoadBalancerId
export interface BalancerAddress {
  readonly zone: ZoneId
  /** Carries the address while `zone` is down. */
  readonly backup: ZoneId | undefined
  readonly address: string
}
/** What is beyond is dropped; undefined for no limit. */
export interface BalancerLimits {
  readonly connections: number | undefined
  readonly newConnectionsPerS: number | undefined
}
export interface Listener {
  readonly protocol: 'tcp' | 'udp' | 'http' | 'https'
  /** The first one of a range. */
  readonly port: number
  /** Of a range; undefined for one port. */
  readonly lastPort: number | undefined
  readonly status: 'stopped' | 'starting' | 'running' | 'stopping'
  readonly scheduler: 'wrr' | 'rr' | 'wlc' | 'sch' | 'tch' | 'qch'
  /** Seconds an idle flow is kept; undefined leaves it to the kernel. */
  readonly idleTimeoutS: number | undefined
  /** Seconds for which clients of one source stay with one server; 0 for not at all. */
  readonly persistenceS: number
  /** Seconds that open connections of a server that leaves may go on; undefined for as long as they like. */
  readonly drainS: number | undefined
  readonly newConnectionsPerS: number | undefined
  readonly proxyProtocol: ProxyProtocol | undefined
  readonly servers: readonly BackendServer[]
  readonly healthCheck: HealthCheck | undefined
  /** Of an HTTP or HTTPS listener. */
  readonly http:
    | (HttpSettings & {
        readonly identity: TlsIdentity | undefined
        readonly rules: readonly ForwardingRule[]
      })
    | undefined
}
/** Requests for a domain, a path or both that go to servers of their own (`forwarding-rules.ts`). */
export interface ForwardingRule {
  readonly id: ForwardingRuleId
  /** Lower case; `*.` at its front stands for any names before; empty for every domain. */
  readonly domain: string
  /** How the path begins; empty for every path. */
  readonly path: string
  readonly servers: readonly BackendServer[]
}
/** Who an HTTPS listener is to its clients, in PEM. */
export interface TlsIdentity {
  readonly chain: string
  /** Empty where the reader of the world may not know it. */
  readonly key: string
  /** Who signs the certificates of its clients, in PEM; undefined: they need none. */
  readonly clientAuthority: string | undefined
}
export interface HttpSettings {
  /** Undefined: clients do not stay with a server. */
  readonly sticky: StickyCookie | undefined
  readonly idleTimeoutS: number
  readonly requestTimeoutS: number
  readonly gzip: boolean
  /** Headers beside `X-Forwarded-For`. */
  readonly forwarded: readonly ForwardedHeader[]
  /** Port to which clients are sent by HTTPS, instead of to servers. */
  readonly redirectPort: number | undefined
  /** Status they are sent there with. */
  readonly redirectCode: RedirectCode
  /** Of an HTTPS listener. */
  readonly tls: TlsSettings | undefined
}
export type RedirectCode = 301 | 302 | 303 | 307 | 308
export interface TlsSettings {
  /** The certificate's id. */
  readonly certificate: string
  /** Id of the CA certificate that clients' certificates must be signed by; undefined: they need none. */
  readonly clientAuthority: string | undefined
  readonly cipherPolicy: TlsCipherPolicy
  readonly http2: boolean
}
export type TlsCipherPolicy =
  | 'tls_cipher_policy_1_0'
  | 'tls_cipher_policy_1_1'
  | 'tls_cipher_policy_1_2'
  | 'tls_cipher_policy_1_2_strict'
  | 'tls_cipher_policy_1_2_strict_with_1_3'
export type StickyCookie =
  { readonly kind: 'insert'; readonly timeoutS: number } | { readonly kind: 'server'; readonly name: string }
export type ForwardedHeader = 'SLBIP' | 'SLBID' | 'proto' | 'SLBPORT' | 'ClientSrcPort'
/** PROXY protocol v2: what its header says of a client who comes by an endpoint. */
export interface ProxyProtocol {
  /** The client's own address; otherwise the one it was translated to, which says nothing of the consumer. */
  readonly clientAddress: boolean
  readonly vpcId: boolean
  readonly endpointId: boolean
  readonly serviceId: boolean
}
export interface BackendServer {
  /** The id the client gave: an instance or an ENI. */
  readonly server: InstanceId | EniId
  readonly address: string
  /** 0 for the port that was called. */
  readonly port: number
  /** 0-100; 0 takes no new connection. */
  readonly weight: number
  /** Takes connections only while no other server can. */
  readonly standby: boolean
}
export interface HealthCheck {
  readonly probe: Probe
  /** Port to connect to; undefined means the backend's own. */
  readonly port: number | undefined
  readonly intervalS: number
  readonly timeoutS: number
  readonly healthyThreshold: number
  readonly unhealthyThreshold: number
}

export type Probe =
  | { readonly kind: 'tcp' }
  | {
      readonly kind: 'http'
      readonly method: 'HEAD' | 'GET'
      readonly path: string
      /** Undefined for the backend's address. */
      readonly host: string | undefined
      /** Hundreds of the statuses that are good: 2 for 2xx. */
      readonly statuses: readonly number[]
    }
  | {
      readonly kind: 'udp'
      readonly request: string
      /** Undefined when silence is good, too: only an ICMP error is bad then. */
      readonly response: string | undefined
    }

export interface EndpointService {
  readonly id: ServiceId
  readonly owner: AccountId
  readonly region: RegionId
  readonly zoneAffinity: boolean
  readonly resources: readonly ServiceResource[]
}
export interface ServiceResource {
  readonly loadBalancer: BalancerId
  readonly zone: ZoneId
}

/**
 * While a resource is replaced gracefully: `Preparing` until the kernel has the new wire, `Migrating` until it leads new flows there,
 * `Migrated` until the old side is closed.
 */
export type ZoneStatus =
  | 'Creating'
  | 'Wait'
  | 'Connecting'
  | 'Connected'
  | 'Preparing'
  | 'Migrating'
  | 'Migrated'
  | 'Disconnecting'
  | 'Disconnected'
  | 'Deleting'
export type ConnectionStatus =
  'Pending' | 'Connecting' | 'Connected' | 'Disconnecting' | 'Disconnected' | 'Deleting' | 'ServiceDeleted'
export interface Endpoint {
  readonly id: EndpointId
  readonly owner: AccountId
  readonly vpc: VpcId
  readonly service: ServiceId
  readonly region: RegionId
  readonly zoneAffinity: boolean
  readonly status: 'Creating' | 'Active' | 'Pending' | 'Deleting'
  readonly connection: ConnectionStatus
  /** Mbit/s in each direction and zone; undefined when the connection is not limited. */
  readonly bandwidthMbps: number | undefined
  readonly zones: readonly EndpointZone[]
}
export interface EndpointZone {
  readonly zone: ZoneId
  readonly vswitch: VSwitchId
  readonly eni: EniId
  readonly status: ZoneStatus
  /** The service resource that this zone's traffic goes to. */
  readonly loadBalancer: BalancerId | undefined
  /** Fresh with every accept, so no flow of an earlier connection can go on in a later one. Consumer side first. */
  readonly wire: TransitPair | undefined
  /** Further addresses of the consumer side, in the order in which they came. */
  readonly furtherSources: readonly string[]
  /** What the zone had before its resource was replaced gracefully: it keeps the flows that were open. */
  readonly replaced: Omit<EndpointZone, 'zone' | 'vswitch' | 'status' | 'replaced'> | undefined
}
