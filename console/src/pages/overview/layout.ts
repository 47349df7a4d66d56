/** Where everything in the picture is: consumers' VPCs on the left, providers' on the right, services between. */
import type { Topology } from './topology.ts'

export type NodeKind = 'instance' | 'endpoint' | 'balancer' | 'networkBalancer' | 'service' | 'foreign'

/** An interface: where a node is plugged into its VPC. */
export interface Eni {
  readonly id: string
  readonly address: string
  readonly zone: string
  readonly state: string
}

export interface Node {
  readonly id: string
  readonly kind: NodeKind
  readonly name: string
  readonly detail: string
  readonly enis: readonly Eni[]
  readonly state: string
  readonly x: number
  readonly y: number
}

export interface Box {
  readonly id: string
  readonly name: string
  readonly cidr: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Edge {
  readonly id: string
  readonly from: Node
  readonly to: Node
  readonly state: string
  /** The connection itself, whose counters are known. */
  readonly wire: boolean
  /** What passes just now; 0 when nothing does. */
  readonly bitsPerSecond: number
}

export interface Picture {
  readonly width: number
  readonly height: number
  readonly boxes: readonly Box[]
  readonly nodes: readonly Node[]
  readonly edges: readonly Edge[]
}

export const nodeWidth = 176
const usualHeight = 52
export const eniHeight = 16
const gap = 16
const head = 40
const boxWidth = 2 * nodeWidth + 64 + 2 * gap
const middle = 280
const rightX = boxWidth + middle

type Placed = Omit<Node, 'x' | 'y'>

/** The first interface has room beside the kind. */
export function heightOf({ enis }: Pick<Node, 'enis'>): number {
  return usualHeight + Math.max(0, enis.length - 1) * eniHeight
}

function heightOfAll(column: readonly Placed[]): number {
  return column.reduce((sum, node) => sum + heightOf(node) + gap, 0)
}

export function layOut(topology: Topology): Picture {
  const boxes: Box[] = []
  const nodes = new Map<string, Node>()
  const bottoms = { left: 0, right: 0 }
  for (const vpc of topology.vpcs) {
    const own = nodesIn(topology, vpc.VpcId)
    const provider = own.edge.some(({ kind }) => kind === 'balancer' || kind === 'networkBalancer')
    const side = provider ? 'right' : 'left'
    const content = Math.max(heightOfAll(own.edge), heightOfAll(own.inner), usualHeight + gap)
    const box = {
      id: vpc.VpcId,
      name: vpc.VpcName || vpc.VpcId,
      cidr: vpc.CidrBlock,
      x: side === 'left' ? 0 : rightX,
      y: bottoms[side],
      width: boxWidth,
      height: head + content + gap,
    }
    boxes.push(box)
    bottoms[side] += box.height + 24
    const near = box.x + gap
    const far = box.x + boxWidth - gap - nodeWidth
    placeColumn(nodes, own.edge, side === 'left' ? far : near, box)
    placeColumn(nodes, own.inner, side === 'left' ? near : far, box)
  }
  const foreign = topology.connections.filter(({ EndpointId }) => !nodes.has(EndpointId))
  for (const connection of foreign) {
    const id = connection.EndpointId
    const detail = String(connection.EndpointOwnerId)
    const placed: Placed = {
      id,
      kind: 'foreign',
      name: id,
      detail,
      enis: [],
      state: connection.ConnectionStatus,
    }
    nodes.set(id, { ...placed, x: boxWidth - gap - nodeWidth, y: bottoms.left })
    bottoms.left += usualHeight + gap
  }
  placeServices(topology, nodes)
  const lowest = Math.max(
    ...[...nodes.values()].map((node) => node.y + heightOf(node)),
    bottoms.left,
    bottoms.right,
    120,
  )
  return {
    width: rightX + boxWidth,
    height: lowest + 8,
    boxes,
    nodes: [...nodes.values()],
    edges: edgesOf(topology, nodes),
  }
}

/** `edge` is what faces the other VPC; `inner` the instances. */
function nodesIn(topology: Topology, vpc: string) {
  const here = ({ VpcId }: { readonly VpcId: string }) => VpcId === vpc
  const edge: readonly Placed[] = [
    ...topology.endpoints.filter(here).map((one): Placed => ({
      id: one.EndpointId,
      kind: 'endpoint',
      name: one.EndpointName || one.EndpointId,
      detail: '',
      enis: one.zones.map((zone) => ({
        id: zone.EniId,
        address: zone.EniIp,
        zone: zone.ZoneId,
        state: zone.ZoneStatus,
      })),
      state: one.ConnectionStatus,
    })),
    ...topology.balancers.filter(here).map((one): Placed => ({
      id: one.LoadBalancerId,
      kind: 'balancer',
      name: one.LoadBalancerName || one.LoadBalancerId,
      detail: one.Address,
      enis: [],
      state: one.LoadBalancerStatus,
    })),
    ...topology.networkBalancers.filter(here).map((one): Placed => ({
      id: one.LoadBalancerId,
      kind: 'networkBalancer',
      name: one.LoadBalancerName || one.LoadBalancerId,
      detail: '',
      enis: one.ZoneMappings.flatMap(({ ZoneId, LoadBalancerAddresses }) =>
        LoadBalancerAddresses.map(({ EniId, PrivateIPv4Address }) => ({
          id: EniId,
          address: PrivateIPv4Address,
          zone: ZoneId,
          state: one.LoadBalancerStatus,
        })),
      ),
      state: one.LoadBalancerStatus,
    })),
  ]
  const inner = topology.instances
    .filter(({ VpcAttributes }) => VpcAttributes.VpcId === vpc)
    .map((one): Placed => ({
      id: one.InstanceId,
      kind: 'instance',
      name: one.InstanceName || one.InstanceId,
      detail: '',
      enis: one.NetworkInterfaces.NetworkInterface.map((eni) => ({
        id: eni.NetworkInterfaceId,
        address: eni.PrimaryIpAddress,
        zone: one.ZoneId,
        state: one.Status,
      })),
      state: one.Status,
    }))
  return { edge, inner }
}

function placeColumn(nodes: Map<string, Node>, column: readonly Placed[], x: number, box: Box): void {
  let y = box.y + head + (box.height - head - gap - heightOfAll(column)) / 2
  for (const placed of column) {
    nodes.set(placed.id, { ...placed, x, y })
    y += heightOf(placed) + gap
  }
}

/** Each service at the height of what it leads to; two never on top of each other. */
function placeServices({ services, endpoints }: Topology, nodes: Map<string, Node>): void {
  const x = boxWidth + (middle - nodeWidth) / 2
  const own = services.map((one) => ({
    node: {
      id: one.ServiceId,
      kind: 'service' as const,
      name: one.ServiceDescription || one.ServiceId,
      detail: one.ServiceDescription ? one.ServiceId : '',
      enis: [],
      state: one.ServiceStatus,
    },
    beside: one.resources.map(({ ResourceId }) => nodes.get(ResourceId)?.y),
  }))
  const known = new Set(services.map(({ ServiceId }) => ServiceId))
  const others = new Map(
    endpoints.filter(({ ServiceId }) => !known.has(ServiceId)).map((one) => [one.ServiceId, one] as const),
  )
  const foreign = [...others.values()].map((one) => ({
    node: {
      id: one.ServiceId,
      kind: 'foreign' as const,
      name: one.ServiceId,
      detail: '',
      enis: [],
      state: 'Active',
    },
    beside: [nodes.get(one.EndpointId)?.y],
  }))
  let free = 0
  const wanted = [...own, ...foreign].map(({ node, beside }) => ({
    node,
    y: beside.find((y) => y !== undefined) ?? 0,
  }))
  for (const { node, y } of wanted.sort((a, b) => a.y - b.y)) {
    const place = Math.max(y, free)
    nodes.set(node.id, { ...node, x, y: place })
    free = place + usualHeight + gap
  }
}

function edgesOf(topology: Topology, nodes: ReadonlyMap<string, Node>): readonly Edge[] {
  const edges: Edge[] = []
  const add = (fromId: string, toId: string, edge: Pick<Edge, 'state' | 'wire' | 'bitsPerSecond'>) => {
    const [from, to] = [nodes.get(fromId), nodes.get(toId)]
    const id = `${fromId} ${toId}`
    if (from && to && !edges.some((one) => one.id === id)) edges.push({ id, from, to, ...edge })
  }
  const quiet = { wire: false, bitsPerSecond: 0 }
  for (const { EndpointId, ServiceId, ConnectionStatus } of topology.endpoints) {
    add(EndpointId, ServiceId, {
      state: ConnectionStatus,
      wire: true,
      bitsPerSecond: topology.traffic.get(EndpointId)?.bitsPerSecond ?? 0,
    })
  }
  for (const { EndpointId, ServiceId, ConnectionStatus } of topology.connections) {
    add(EndpointId, ServiceId, {
      state: ConnectionStatus,
      wire: true,
      bitsPerSecond: topology.traffic.get(EndpointId)?.bitsPerSecond ?? 0,
    })
  }
  for (const { ServiceId, ServiceStatus, resources } of topology.services) {
    for (const { ResourceId } of resources) add(ServiceId, ResourceId, { state: ServiceStatus, ...quiet })
  }
  for (const [balancer, servers] of topology.health) {
    for (const { ServerId, ServerHealthStatus } of servers) {
      add(balancer, ServerId, { state: ServerHealthStatus, ...quiet })
    }
  }
  return edges
}
