/** Where everything in the picture is: consumers' VPCs on the left, providers' on the right, services between. */
import { addressOf } from '../instances/address.ts'
import type { Topology } from './topology.ts'

export type NodeKind = 'instance' | 'endpoint' | 'balancer' | 'service' | 'foreign'

export interface Node {
  readonly id: string
  readonly kind: NodeKind
  readonly name: string
  readonly detail: string
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
export const nodeHeight = 52
const gap = 16
const head = 40
const boxWidth = 2 * nodeWidth + 64 + 2 * gap
const middle = 280
const rightX = boxWidth + middle

type Placed = Omit<Node, 'x' | 'y'>

export function layOut(topology: Topology): Picture {
  const boxes: Box[] = []
  const nodes = new Map<string, Node>()
  const bottoms = { left: 0, right: 0 }
  for (const vpc of topology.vpcs) {
    const own = nodesIn(topology, vpc.VpcId)
    const provider = own.edge.some(({ kind }) => kind === 'balancer')
    const side = provider ? 'right' : 'left'
    const rows = Math.max(own.edge.length, own.inner.length, 1)
    const box = {
      id: vpc.VpcId,
      name: vpc.VpcName || vpc.VpcId,
      cidr: vpc.CidrBlock,
      x: side === 'left' ? 0 : rightX,
      y: bottoms[side],
      width: boxWidth,
      height: head + rows * (nodeHeight + gap) + gap,
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
    const placed: Placed = { id, kind: 'foreign', name: id, detail, state: connection.ConnectionStatus }
    nodes.set(id, { ...placed, x: boxWidth - gap - nodeWidth, y: bottoms.left })
    bottoms.left += nodeHeight + gap
  }
  placeServices(topology, nodes)
  const lowest = Math.max(
    ...[...nodes.values()].map(({ y }) => y + nodeHeight),
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
function nodesIn({ instances, endpoints, balancers }: Topology, vpc: string) {
  const edge: Placed[] = [
    ...endpoints
      .filter(({ VpcId }) => VpcId === vpc)
      .map((one): Placed => {
        const detail = one.addresses.join(', ')
        return {
          id: one.EndpointId,
          kind: 'endpoint',
          name: one.EndpointName || one.EndpointId,
          detail,
          state: one.ConnectionStatus,
        }
      }),
    ...balancers
      .filter(({ VpcId }) => VpcId === vpc)
      .map((one): Placed => {
        const name = one.LoadBalancerName || one.LoadBalancerId
        return {
          id: one.LoadBalancerId,
          kind: 'balancer',
          name,
          detail: one.Address,
          state: one.LoadBalancerStatus,
        }
      }),
  ]
  const inner = instances
    .filter(({ VpcAttributes }) => VpcAttributes.VpcId === vpc)
    .map((one): Placed => {
      const name = one.InstanceName || one.InstanceId
      return { id: one.InstanceId, kind: 'instance', name, detail: addressOf(one) ?? '', state: one.Status }
    })
  return { edge, inner }
}

function placeColumn(nodes: Map<string, Node>, column: readonly Placed[], x: number, box: Box): void {
  const free = box.height - head - gap - column.length * (nodeHeight + gap)
  column.forEach((placed, row) => {
    nodes.set(placed.id, { ...placed, x, y: box.y + head + free / 2 + row * (nodeHeight + gap) })
  })
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
      state: one.ServiceStatus,
    },
    beside: one.resources.map(({ ResourceId }) => nodes.get(ResourceId)?.y),
  }))
  const known = new Set(services.map(({ ServiceId }) => ServiceId))
  const others = new Map(
    endpoints.filter(({ ServiceId }) => !known.has(ServiceId)).map((one) => [one.ServiceId, one] as const),
  )
  const foreign = [...others.values()].map((one) => ({
    node: { id: one.ServiceId, kind: 'foreign' as const, name: one.ServiceId, detail: '', state: 'Active' },
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
    free = place + nodeHeight + gap
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
