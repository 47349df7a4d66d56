/**
 * What one host must hold, as data. A plan leaves nothing to decide: every name, address, number and order is in
 * it, and it holds no command. `compile` makes it, `check` judges it, drivers carry it out.
 *
 * Each section is a list of items with an `id`, sorted by it, so that two plans are compared item by item.
 * `fabric` is what a VPC network is made of (driver `linux` here, another for many hosts), `links` is what
 * connects VPCs and stays the same on every fabric.
 */

export interface HostPlan {
  readonly generation: number
  /** The mark: four characters in the name of every namespace of this deployment. */
  readonly deployment: string
  /** Namespace of the resolver and the health checks. */
  readonly serviceNetns: string
  readonly fabric: Fabric
  readonly links: Links
}

export interface Fabric {
  readonly vpcs: readonly VpcPlan[]
  readonly routes: readonly RoutePlan[]
  readonly enis: readonly EniPlan[]
  readonly securityGroups: readonly SecurityGroupPlan[]
  readonly instances: readonly InstancePlan[]
}

export interface Links {
  readonly endpointEnis: readonly EndpointEniPlan[]
  readonly wires: readonly WirePlan[]
  readonly balancers: readonly BalancerPlan[]
  readonly names: readonly NamePlan[]
}

/** A VPC: a network namespace that is its router. */
export interface VpcPlan {
  readonly id: string
  readonly netns: string
  /** All of its blocks. */
  readonly blocks: readonly string[]
  readonly vswitches: readonly VSwitchPlan[]
  readonly serviceLeg: ServiceLegPlan
}

export interface VSwitchPlan {
  readonly id: string
  readonly cidr: string
  readonly zone: string
  /** Address the VPC's router answers on in this vSwitch. */
  readonly gateway: string
  /** Source address that a query of one of its clients carries in the service namespace: it names VPC and zone. */
  readonly resolverSource: string
  /** Routing table of the VPC's namespace for what custom routes say of packets from here. */
  readonly table: number
}

/** A custom route: where packets for a block go that is not the VPC's. */
export interface RoutePlan {
  readonly id: string
  readonly vpc: string
  readonly destination: string
  /** Sorted ids of the vSwitches whose packets take it. */
  readonly vswitches: readonly string[]
  /** The interface that gets them; without one they are refused. */
  readonly eni: string | undefined
  /** Namespace of its instance. */
  readonly netns: string | undefined
  /** Whether the interface's instance takes the whole block for its own: not when that would cut it off from its VPC. */
  readonly local: boolean
}

/** The veth pair between a VPC and the service namespace, for DNS and health checks. */
export interface ServiceLegPlan {
  /** Interface in the VPC namespace (always the same name) and in the service namespace (one per VPC). */
  readonly vpcDevice: string
  readonly serviceDevice: string
  readonly vpcMac: string
  readonly serviceMac: string
  /** Local address in the service namespace: the resolver's, and the source of health checks. */
  readonly serviceAddress: string
  readonly vpcAddress: string
  /** Routing table of the service namespace that leads from `serviceAddress` into this VPC. */
  readonly table: number
}

/** An instance's interface: a veth pair from its namespace into the VPC's. */
export interface EniPlan {
  readonly id: string
  readonly vpc: string
  /** Device in the VPC namespace; in the instance's namespace it is `eth0`, `eth1`, … */
  readonly vpcDevice: string
  readonly vpcMac: string
  readonly netns: string
  readonly device: string
  readonly mac: string
  readonly address: string
  /** Sorted; the interface has them beside the first. */
  readonly furtherAddresses: readonly string[]
  readonly prefixLength: number
  readonly gateway: string
  /** Sorted ids. */
  readonly securityGroups: readonly string[]
}

export function addressesOf({ address, furtherAddresses }: EniPlan): readonly string[] {
  return [address, ...furtherAddresses]
}

export interface SecurityGroupPlan {
  readonly id: string
  readonly vpc: string
  /** In the order of evaluation: by priority, at equal priority drop before accept. */
  readonly ingress: readonly RulePlan[]
  readonly egress: readonly RulePlan[]
  readonly innerAccept: boolean
  /** Sorted addresses of all ENIs that carry the group. */
  readonly members: readonly string[]
}

export interface RulePlan {
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'gre' | 'all'
  /** Inclusive; undefined for all ports. */
  readonly ports: readonly [number, number] | undefined
  readonly priority: number
  readonly verdict: 'accept' | 'drop'
  /** The other side: a block, the members of a group, or several blocks, disjoint and in order. */
  readonly peer:
    { readonly cidr: string } | { readonly group: string } | { readonly blocks: readonly string[] }
}

export interface InstancePlan {
  readonly id: string
  readonly vpc: string
  readonly netns: string
  readonly hostName: string
  /** False while stopped: the namespace stays, no process runs in it. */
  readonly running: boolean
  readonly boot: number
  readonly userData: string
  /** A line for `authorized_keys`, taken over at each start; empty for none. */
  readonly publicKey: string
  /** Id of the disk that its home is on: the home of another one is not taken over at a start. */
  readonly disk: string
  readonly uid: number
  readonly memoryMib: number
  readonly processes: number
}

/** An endpoint's address in one zone. Exists from the endpoint's creation; answers only while a wire leads on. */
export interface EndpointEniPlan {
  /** ENI id. */
  readonly id: string
  readonly endpoint: string
  readonly zone: string
  readonly vpc: string
  readonly address: string
  readonly securityGroups: readonly string[]
  readonly parties: PartiesPlan
  /** Why no wire leads on: the connection is not accepted, the zone is disabled, or down. Undefined while one does. */
  readonly closed: 'connection' | 'zone' | 'zone-down' | undefined
}

/** Who is told of the flows of an endpoint, and as what. */
export interface PartiesPlan {
  /** Account ids. */
  readonly consumer: string
  readonly provider: string
  readonly service: string
  readonly serviceName: string
}

/** One zone of an accepted connection: a veth pair between consumer and provider VPC. No accept, no wire. */
export interface WirePlan {
  /** `<endpoint id>/<zone>`. */
  readonly id: string
  readonly endpoint: string
  readonly zone: string
  readonly consumerVpc: string
  readonly providerVpc: string
  readonly consumerDevice: string
  readonly providerDevice: string
  /** Of both ends: with ARP off a device sends to its own address. */
  readonly mac: string
  /** Source that the provider's side sees, and the address by which the consumer's side reaches the service. */
  readonly consumerAddress: string
  readonly providerAddress: string
  /** More addresses like `consumerAddress`, of a wire whose flows needed more ports than one has. */
  readonly furtherSources: readonly string[]
  /** How many ports of each are used. */
  readonly portsPerSource: number
  /** Undefined for no limit. */
  readonly limit: ConsumerLimitPlan | undefined
  /**
   * Sorted addresses of endpoint ENIs, as the consumer's clients know them, whose new flows take this wire. None for a wire that only
   * keeps the flows it has: the zone's service resource was replaced.
   */
  readonly eniAddresses: readonly string[]
  readonly balancer: string
  /** Mbit/s in each direction; undefined for no limit. */
  readonly bandwidthMbps: number | undefined
  /** For clients of the consumer: in its VPC, so that the relay sees them, and beyond it everything is as without. */
  readonly relays: readonly RelayPlan[]
}

/** Open flows that all wires with the same limit may have together; what is beyond is dropped and counted. */
export interface ConsumerLimitPlan {
  /** Says which wires these are: those of one consumer at one service. */
  readonly id: string
  readonly connections: number
}

export interface BalancerPlan {
  readonly id: string
  readonly vpc: string
  readonly addresses: readonly string[]
  readonly limits: LimitsPlan
  readonly listeners: readonly ListenerPlan[]
  /** For clients of the balancer's own VPC. */
  readonly relays: readonly RelayPlan[]
}

/** What is beyond is dropped and counted; undefined for no limit. */
export interface LimitsPlan {
  readonly connections: number | undefined
  readonly newConnectionsPerS: number | undefined
}

export interface ListenerPlan {
  readonly protocol: 'tcp' | 'udp' | 'http' | 'https'
  /** The first one of a range. */
  readonly port: number
  /** Of a range; undefined for one port. */
  readonly lastPort: number | undefined
  readonly scheduler: 'wrr' | 'rr' | 'wlc' | 'sch' | 'tch' | 'qch'
  /** Seconds an idle flow is kept; undefined leaves it to the kernel. */
  readonly idleTimeoutS: number | undefined
  /** Seconds for which clients of one source stay with one backend; 0 for not at all. */
  readonly persistenceS: number
  /** Seconds that open connections of a backend that leaves may go on; undefined for as long as they like. */
  readonly drainS: number | undefined
  readonly newConnectionsPerS: number | undefined
  readonly backends: readonly BackendPlan[]
  readonly healthCheck: HealthCheckPlan | undefined
  /** Of an HTTP or HTTPS listener: the balancer's proxy serves it. */
  readonly http: HttpPlan | undefined
}

export interface HttpPlan {
  /** Where the proxy listens, on the service side of the VPC's leg; 0 before it was given. */
  readonly proxyPort: number
  readonly sticky: StickyPlan | undefined
  readonly idleTimeoutS: number
  readonly requestTimeoutS: number
  readonly gzip: boolean
  /** Headers beside `X-Forwarded-For`. */
  readonly forwarded: readonly ('SLBIP' | 'SLBID' | 'proto' | 'SLBPORT' | 'ClientSrcPort')[]
  /** Port to which clients are sent by HTTPS, instead of to backends. */
  readonly redirectPort: number | undefined
  readonly redirectCode: 301 | 302 | 303 | 307 | 308
  /** In the order in which they are tried: the first that fits is taken, else the listener's own backends. */
  readonly rules: readonly ForwardingRulePlan[]
  /** Of an HTTPS listener. A plan holds private keys: where it is kept, only root reads, and nothing prints it. */
  readonly tls: TlsPlan | undefined
}

export interface ForwardingRulePlan {
  readonly id: string
  /** The name in lower case, or what it ends with; undefined for every name. */
  readonly host: { readonly is: string } | { readonly endsWith: string } | undefined
  /** How the path begins; empty for every path. */
  readonly path: string
  /** None for paths of a domain that only has rules for others: nothing is there. */
  readonly backends: readonly BackendPlan[] | undefined
}

export interface TlsPlan {
  /** PEM. */
  readonly chain: string
  readonly key: string
  /** Who signs the certificates of clients; undefined: they need none. */
  readonly clientAuthority: string | undefined
  readonly cipherPolicy:
    | 'tls_cipher_policy_1_0'
    | 'tls_cipher_policy_1_1'
    | 'tls_cipher_policy_1_2'
    | 'tls_cipher_policy_1_2_strict'
    | 'tls_cipher_policy_1_2_strict_with_1_3'
  readonly http2: boolean
}

export type StickyPlan =
  { readonly kind: 'insert'; readonly timeoutS: number } | { readonly kind: 'server'; readonly name: string }

/**
 * A TCP listener whose backends read a PROXY header first. The kernel cannot put bytes before a stream, so clients are
 * led to a relay in the service namespace, which connects to the same address by the same VPC.
 */
export interface RelayPlan {
  /** What clients call, and what the relay connects to: an address of the balancer or of an endpoint. */
  readonly address: string
  readonly port: number
  /** Where the relay listens, on the service side of the VPC's leg. */
  readonly relayPort: number
  readonly header: RelayHeaderPlan
}

export interface RelayHeaderPlan {
  /** Undefined for the client's own address. */
  readonly source: string | undefined
  readonly destination: string
  /** Ids that go along as PrivateLink TLVs. */
  readonly vpc: string | undefined
  readonly endpoint: string | undefined
  readonly service: string | undefined
}

export interface BackendPlan {
  readonly server: string
  readonly address: string
  /** 0 for the port that was called. */
  readonly port: number
  readonly weight: number
  /** Serves only while no other backend does. */
  readonly standby: boolean
}

export function hasPort({ port, lastPort }: ListenerPlan, called: number): boolean {
  return port <= called && called <= (lastPort ?? port)
}

export function isReachedAt(
  { address, port }: BackendPlan,
  at: string,
  atPort: number,
  called: number,
): boolean {
  return address === at && atPort === (port === 0 ? called : port)
}

/** The listener's own and those of its rules; a server at a port is one backend, whoever sends to it. */
export function allBackends({ backends, http }: ListenerPlan): readonly BackendPlan[] {
  return [...backends, ...(http?.rules ?? []).flatMap((rule) => rule.backends ?? [])]
}

/** Times in milliseconds, thresholds in consecutive results. */
export interface HealthCheckPlan {
  readonly probe: ProbePlan
  readonly port: number | undefined
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly healthyThreshold: number
  readonly unhealthyThreshold: number
}

export type ProbePlan =
  /** A connect that is answered. */
  | { readonly kind: 'tcp' }
  /** A request that is answered with one of the statuses, given by their hundreds. */
  | {
      readonly kind: 'http'
      readonly method: 'HEAD' | 'GET'
      readonly path: string
      /** Undefined for the backend's address. */
      readonly host: string | undefined
      readonly statuses: readonly number[]
    }
  /** A datagram that is answered with the response; without one, a datagram that no ICMP error comes back for. */
  | { readonly kind: 'udp'; readonly request: string; readonly response: string | undefined }

/** A name that resolves inside one VPC only. Lower case, without the final dot. */
export interface NamePlan {
  /** The name itself: the endpoint's id in it makes it unique. */
  readonly id: string
  readonly vpc: string
  readonly name: string
  /** With affinity the caller's own zone, when it has an answer, comes first. */
  readonly zoneAffinity: boolean
  readonly answers: readonly { readonly zone: string; readonly address: string }[]
}
