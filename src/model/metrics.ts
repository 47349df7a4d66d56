/**
 * The metrics by the names of the public API: of which series they are made, by which dimensions these are summed, and
 * how a value follows from what was measured in a minute. PrivateLink's names and dimensions are the documented ones, but for
 * those of connections and of drops by another reason than bandwidth, which the public list lacks; a balancer's are those of CLB or NLB.
 */
import type { Measures } from './metric-points.ts'

export type SeriesKind = 'wire' | 'resource' | 'balancer' | 'listener'

/** The columns of a series that a dimension may stand for. */
export type SeriesColumn =
  'endpoint_id' | 'eni_id' | 'zone_id' | 'service_id' | 'resource_id' | 'vip' | 'protocol' | 'port'

export interface Dimension {
  readonly name: string
  readonly column: SeriesColumn
}

export type Unit = 'bit/s' | 'packet/s' | 'connection/s' | 'count'

export interface Metric {
  readonly namespace: string
  readonly name: string
  readonly kinds: readonly SeriesKind[]
  /** By which column a series is the caller's. */
  readonly owner: 'account_id' | 'provider_id'
  /** How the ids of its resources begin, where a kind of series is of several products. */
  readonly ids: 'lb-' | 'nlb-' | undefined
  /** Beside `userId`, which every metric has. */
  readonly dimensions: readonly Dimension[]
  readonly unit: Unit
  readonly about: string
  readonly valueOf: (minute: Measures) => number
}

interface Kind {
  readonly unit: Unit
  readonly about: string
  readonly valueOf: (minute: Measures) => number
}

const perSecond = (amount: number) => amount / 60

/** The kernel counts packets that it drops, not their bytes: they are taken to be as long as those that passed. */
function droppedBits(dropped: number, bytes: number, packets: number): number {
  return packets === 0 ? 0 : perSecond((dropped * bytes * 8) / packets)
}

const traffic: Readonly<Record<string, Kind>> = {
  InBps: { unit: 'bit/s', about: 'into the endpoint', valueOf: (m) => perSecond(m.inBytes * 8) },
  OutBps: { unit: 'bit/s', about: 'out of the endpoint', valueOf: (m) => perSecond(m.outBytes * 8) },
  InPps: { unit: 'packet/s', about: 'into the endpoint', valueOf: (m) => perSecond(m.inPackets) },
  OutPps: { unit: 'packet/s', about: 'out of the endpoint', valueOf: (m) => perSecond(m.outPackets) },
  InDropBps: {
    unit: 'bit/s',
    about: 'dropped by the bandwidth limit on the way in',
    valueOf: (m) => droppedBits(m.inDropped, m.inBytes, m.inPackets),
  },
  OutDropBps: {
    unit: 'bit/s',
    about: 'dropped by the bandwidth limit on the way out',
    valueOf: (m) => droppedBits(m.outDropped, m.outBytes, m.outPackets),
  },
  InDropPps: {
    unit: 'packet/s',
    about: 'dropped by the bandwidth limit on the way in',
    valueOf: (m) => perSecond(m.inDropped),
  },
  OutDropPps: {
    unit: 'packet/s',
    about: 'dropped by the bandwidth limit on the way out',
    valueOf: (m) => perSecond(m.outDropped),
  },
  NoListenerDropPps: {
    unit: 'packet/s',
    about: 'refused because no listener has the port, or none with a server',
    valueOf: (m) => perSecond(m.unserved),
  },
  LimitDropConnection: {
    unit: 'connection/s',
    about: 'dropped because the consumer has too many open',
    valueOf: (m) => perSecond(m.overConnections),
  },
  ActiveConnection: { unit: 'count', about: 'open connections', valueOf: (m) => m.activeConnections },
  NewConnection: {
    unit: 'connection/s',
    about: 'new connections',
    valueOf: (m) => perSecond(m.newConnections),
  },
}

/** What the consumer's own security groups refuse is nobody else's business. */
const refusals: Readonly<Record<string, Kind>> = {
  SecurityGroupDropPps: {
    unit: 'packet/s',
    about: 'refused by its security groups',
    valueOf: (m) => perSecond(m.denied),
  },
}

type Family = Pick<Metric, 'kinds' | 'owner' | 'ids' | 'dimensions'> & {
  readonly prefix: string
  readonly of: string
}

const instance = (column: SeriesColumn): Dimension => ({ name: 'instanceId', column })
const zone: Dimension = { name: 'zoneId', column: 'zone_id' }

const endpointFamily = (prefix: string): Family => ({
  prefix,
  of: 'endpoint',
  kinds: ['wire'],
  owner: 'account_id',
  ids: undefined,
  dimensions: [instance('endpoint_id')],
})

const privateLink: readonly Family[] = [
  {
    prefix: 'EndpointENI',
    of: 'endpoint ENI',
    kinds: ['wire'],
    owner: 'account_id',
    ids: undefined,
    dimensions: [instance('endpoint_id'), { name: 'eniId', column: 'eni_id' }],
  },
  endpointFamily('Endpoint'),
  endpointFamily('VpcEndpoint'),
  {
    prefix: 'VpcEndpointZone',
    of: 'endpoint zone',
    kinds: ['wire'],
    owner: 'account_id',
    ids: undefined,
    dimensions: [instance('endpoint_id'), zone],
  },
  {
    prefix: 'VpcEndpointService',
    of: 'endpoint service',
    kinds: ['resource'],
    owner: 'account_id',
    ids: undefined,
    dimensions: [instance('service_id')],
  },
  {
    prefix: 'VpcEndpointServiceResource',
    of: 'service resource',
    kinds: ['resource'],
    owner: 'account_id',
    ids: undefined,
    dimensions: [instance('service_id'), zone, { name: 'resourceId', column: 'resource_id' }],
  },
  {
    prefix: 'VpcEndpointServiceEndpointZone',
    of: 'zone of an endpoint of the service',
    kinds: ['wire'],
    owner: 'provider_id',
    ids: undefined,
    dimensions: [instance('service_id'), { name: 'endpointId', column: 'endpoint_id' }, zone],
  },
]

const connections: Readonly<Record<string, Kind>> = {
  ActiveConnection: { unit: 'count', about: 'established connections', valueOf: (m) => m.activeConnections },
  InactiveConnection: {
    unit: 'count',
    about: 'connections in any other state',
    valueOf: (m) => m.inactiveConnections,
  },
  MaxConnection: {
    unit: 'count',
    about: 'connections in any state',
    valueOf: (m) => m.activeConnections + m.inactiveConnections,
  },
  NewConnection: {
    unit: 'connection/s',
    about: 'new connections',
    valueOf: (m) => perSecond(m.newConnections),
  },
  DropConnection: {
    unit: 'connection/s',
    about: 'connections dropped by a limit',
    valueOf: (m) => perSecond(m.overRate + m.overConnections),
  },
}

const packets: Readonly<Record<string, Kind>> = {
  PacketRX: { unit: 'packet/s', about: 'received', valueOf: (m) => perSecond(m.inPackets) },
  PacketTX: { unit: 'packet/s', about: 'sent', valueOf: (m) => perSecond(m.outPackets) },
}

const trafficOfBalancer = (suffix: string): Readonly<Record<string, Kind>> => ({
  [`TrafficRX${suffix}`]: { unit: 'bit/s', about: 'received', valueOf: (m) => perSecond(m.inBytes * 8) },
  [`TrafficTX${suffix}`]: { unit: 'bit/s', about: 'sent', valueOf: (m) => perSecond(m.outBytes * 8) },
})

const serversOfListener: Readonly<Record<string, Kind>> = {
  HeathyServerCount: {
    unit: 'count',
    about: 'servers that pass their health check',
    valueOf: (m) => m.healthyServers,
  },
  UnhealthyServerCount: {
    unit: 'count',
    about: 'servers that fail it',
    valueOf: (m) => m.unhealthyServers,
  },
}

const listenerFamily: Family = {
  prefix: '',
  of: 'listener',
  kinds: ['listener'],
  owner: 'account_id',
  ids: 'lb-',
  dimensions: [instance('resource_id'), { name: 'port', column: 'port' }, { name: 'vip', column: 'vip' }],
}

const nlbListenerFamily: Family = {
  ...listenerFamily,
  ids: 'nlb-',
  dimensions: [
    instance('resource_id'),
    { name: 'listenerProtocol', column: 'protocol' },
    { name: 'listenerPort', column: 'port' },
  ],
}

const instanceFamily = (ids: 'lb-' | 'nlb-'): Family => ({
  prefix: 'Instance',
  of: 'load balancer',
  kinds: ['listener', 'balancer'],
  owner: 'account_id',
  ids,
  dimensions: [instance('resource_id')],
})

function metricsOf(
  namespace: string,
  { prefix, of, ...family }: Family,
  kinds: Readonly<Record<string, Kind>>,
): readonly Metric[] {
  return Object.entries(kinds).map(([suffix, kind]) => ({
    namespace,
    name: `${prefix}${suffix}`,
    ...family,
    ...kind,
    about: `${of}: ${kind.about}`,
  }))
}

export const privateLinkNamespace = 'acs_privatelink'
export const balancerNamespace = 'acs_slb_dashboard'
export const networkBalancerNamespace = 'acs_nlb'

export const allMetrics: readonly Metric[] = [
  ...privateLink.flatMap((family) =>
    metricsOf(
      privateLinkNamespace,
      family,
      family.prefix.startsWith('VpcEndpointService') ? traffic : { ...traffic, ...refusals },
    ),
  ),
  ...metricsOf(balancerNamespace, listenerFamily, {
    ...connections,
    ...packets,
    ...trafficOfBalancer('New'),
    ...serversOfListener,
  }),
  ...metricsOf(balancerNamespace, instanceFamily('lb-'), {
    ...connections,
    ...packets,
    ...trafficOfBalancer(''),
  }),
  ...metricsOf(networkBalancerNamespace, nlbListenerFamily, { ...connections, ...trafficOfBalancer('') }),
  ...metricsOf(
    networkBalancerNamespace,
    { ...nlbListenerFamily, prefix: 'Listener' },
    { ...packets, ...serversOfListener },
  ),
  ...metricsOf(networkBalancerNamespace, instanceFamily('nlb-'), {
    ...connections,
    ...packets,
    ...trafficOfBalancer(''),
  }),
]

export function findMetric(namespace: string, name: string): Metric | undefined {
  return allMetrics.find((metric) => metric.namespace === namespace && metric.name === name)
}

export const statistics = ['Average', 'Minimum', 'Maximum'] as const
export type Statistic = (typeof statistics)[number]
