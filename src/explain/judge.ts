/**
 * Why a packet passes or not, said from the world alone and in other words than the compiler and the rules of the kernel, so
 * that a probe which disagrees shows a defect of one of them. It walks with the packet:
 *
 *     client → name → egress rules → address → ingress rules → connection and zone → listener → servers
 */
import { gatewayAddress, parseAddress, parseCidr, formatAddress } from '../model/ipv4.ts'
import type { Endpoint, EndpointZone, Eni, Instance, World } from '../model/world.ts'
import { balance } from './balancers.ts'
import { limitsOfWire } from './limits.ts'
import {
  judgementOf,
  passing,
  stopping,
  type Destination,
  type Judgement,
  type Question,
  type SecurityReason,
  type Step,
} from './judgement.ts'
import { domainOf, isAccepted, isServing, resolve } from './names.ts'
import { addressesOf, downZoneOf, instanceOf, ownerOfVpc, type Scene } from './scene.ts'
import { decide, inBlock } from './security.ts'

const resolvers = ['100.100.2.136', '100.100.2.138']

export function judge(scene: Scene, question: Question): Judgement {
  const { world } = scene
  const client = world.instances.find(({ id }) => id === question.client)
  if (!client) return judgementOf([stopping({ code: 'clientUnknown', client: question.client })])
  if (client.status !== 'Running') {
    const { id, status, owner: account } = client
    return judgementOf([stopping({ code: 'clientState', client: id, status, account })])
  }
  const { target } = question
  if (parseAddress(target) !== undefined) return judgeAddress(scene, client, target, question)
  const endpoint = world.endpoints.find(({ id }) => id === target)
  if (!endpoint && isId(target)) return judgeObject(scene, client, question)
  const name = endpoint ? domainOf(world, endpoint) : target
  const found = resolve(world, client.vpc, name)
  if (found.code !== 'nameResolves') return unresolved(scene, endpoint, stopping(found))
  const ways = found.addresses.map((address) => judgeAddress(scene, client, address, question))
  const way = ways.find(({ passes }) => !passes) ?? ways[0]
  const steps = [passing(found), ...(way?.steps ?? [])]
  return judgementOf(
    steps,
    ways.flatMap(({ destinations }) => destinations),
  )
}

/** The provider's half of the way: what comes by the connection of this endpoint, whoever sent it. */
export function judgeConnection(
  scene: Scene,
  endpoint: Endpoint,
  question: Pick<Question, 'protocol' | 'port' | 'request'>,
): Judgement {
  const zones = endpoint.zones.filter(({ status }) => status !== 'Deleting')
  const ways = zones.map((zone) => {
    const { steps, destinations } = acrossLink(scene, endpoint, zone, zone, question)
    return judgementOf(steps, destinations)
  })
  const way = ways.find(({ passes }) => !passes) ?? ways[0]
  if (!way) {
    const name = domainOf(scene.world, endpoint)
    return judgementOf([stopping({ code: 'nameEmpty', name, endpoint: endpoint.id })])
  }
  return judgementOf(
    way.steps,
    ways.flatMap(({ destinations }) => destinations),
  )
}

/** The name or the address that a client calls when this is asked for. */
export function calledAs(world: World, target: string): string {
  const endpoint = world.endpoints.find(({ id }) => id === target)
  if (endpoint) return domainOf(world, endpoint)
  const eni = world.enis.find((one) => instanceOf(one) === target)
  const balancer = world.loadBalancers.find(({ id }) => id === target)
  return eni?.address ?? balancer?.addresses[0]?.address ?? target
}

function isId(text: string): boolean {
  return /^(ep|i|lb|nlb)-[a-z0-9-]+$/.test(text)
}

/** A name without an answer is a consequence: what makes it so is told first. */
function unresolved({ world, whitelist }: Scene, asked: Endpoint | undefined, step: Step): Judgement {
  const { reason } = step
  if (reason.code !== 'nameEmpty') return judgementOf([step])
  const endpoint = asked ?? world.endpoints.find(({ id }) => id === reason.endpoint)
  const causes = endpoint?.zones.map((zone) => linkTrouble(world, whitelist, endpoint, zone)) ?? []
  const cause = causes.find((trouble) => trouble !== undefined)
  return judgementOf(cause ? [cause] : [step])
}

/** An instance or a balancer, called by its address. */
function judgeObject(scene: Scene, client: Instance, question: Question): Judgement {
  const { world } = scene
  const { target: object } = question
  const eni = world.enis.find((one) => instanceOf(one) === object)
  const balancer = world.loadBalancers.find(({ id }) => id === object)
  const place = eni
    ? { vpc: eni.vpc, address: eni.address }
    : balancer && { vpc: balancer.vpc, address: balancer.addresses[0]?.address ?? '' }
  if (!place) return judgementOf([stopping({ code: 'objectUnknown', target: object })])
  if (place.vpc !== client.vpc) {
    return judgementOf([stopping({ code: 'otherVpc', object, ...place, clientVpc: client.vpc })])
  }
  return judgeAddress(scene, client, place.address, question)
}

interface Caller {
  readonly scene: Scene
  readonly client: Instance
  readonly eni: Eni
  readonly address: string
  readonly question: Question
}

function judgeAddress(scene: Scene, client: Instance, address: string, question: Question): Judgement {
  const { world } = scene
  const all = world.enis.filter((eni) => instanceOf(eni) === client.id)
  const own = all.filter((eni) => downZoneOf(world, eni) === undefined)
  const isLoopback = inBlock(address, '127.0.0.0/8')
  const [lost] = own.length === 0 ? all : []
  const zone = lost && downZoneOf(world, lost)
  if (zone !== undefined && !isLoopback) {
    return judgementOf([stopping({ code: 'zoneDown', zone, object: client.id })])
  }
  if (isLoopback || own.some((eni) => addressesOf(eni).includes(address))) {
    const itself = { instance: client.id, address, port: question.port }
    return judgementOf([passing({ code: 'ownAddress', address, client: client.id })], [itself])
  }
  if (resolvers.includes(address) && question.port === 53) {
    const resolver = { instance: undefined, address, port: question.port }
    return judgementOf([passing({ code: 'resolver', address })], [resolver])
  }
  const eni = leavingBy(world, own, address)
  if (!eni) return judgementOf([stopping({ code: 'clientWithoutAddress', client: client.id })])
  const out = security(scene, 'egress', client.id, eni, { ...question, peer: address })
  if (out.verdict === 'stops') return judgementOf([out])
  const { steps, destinations = [] } = arrive({ scene, client, eni, address, question })
  return judgementOf([out, ...steps], destinations)
}

/** The interface whose vSwitch has the address, else the first. */
function leavingBy({ vswitches }: World, own: readonly Eni[], address: string): Eni | undefined {
  const device = ({ attachment }: Eni) => (attachment.kind === 'instance' ? attachment.device : 0)
  const sorted = own.toSorted((a, b) => device(a) - device(b))
  const near = sorted.find((eni) =>
    vswitches.some(({ id, cidr }) => id === eni.vswitch && inBlock(address, cidr)),
  )
  return near ?? sorted[0]
}

interface Arrival {
  readonly steps: readonly Step[]
  readonly destinations?: readonly Destination[] | undefined
}

function arrive(caller: Caller): Arrival {
  const { scene, client, address } = caller
  const { world } = scene
  const here = world.enis.find((eni) => eni.vpc === client.vpc && addressesOf(eni).includes(address))
  if (here?.attachment.kind === 'endpoint') return atEndpoint(caller, here, here.attachment.endpoint)
  const balancer = world.loadBalancers.find(
    ({ vpc, addresses }) => vpc === client.vpc && addresses.some((one) => one.address === address),
  )
  if (balancer) return atBalancer(caller, balancer)
  const instance = here && instanceOf(here)
  if (here && instance !== undefined) return atInstance(caller, here, instance)
  if (here) return { steps: [stopping({ code: 'addressUnattached', address, eni: here.id })] }
  return elsewhere(caller)
}

function atInstance({ scene, eni, address, question }: Caller, to: Eni, id: string): Arrival {
  const found = passing({ code: 'addressOf', address, object: id })
  const zone = downZoneOf(scene.world, to)
  if (zone !== undefined) {
    return { steps: [found, stopping({ code: 'zoneDown', zone, object: id })] }
  }
  const into = security(scene, 'ingress', id, to, { ...question, peer: eni.address })
  const instance = scene.world.instances.find((one) => one.id === id)
  if (!instance || instance.status !== 'Running') {
    const status = instance?.status ?? 'Deleting'
    const account = instance?.owner ?? ''
    return { steps: [found, stopping({ code: 'instanceState', instance: id, status, account })] }
  }
  if (into.verdict === 'stops') return { steps: [found, into] }
  const destination = { instance: id, address, port: question.port }
  return { steps: [found, into, passing({ code: 'arrives', instance: id })], destinations: [destination] }
}

function atBalancer(caller: Caller, balancer: World['loadBalancers'][number]): Arrival {
  const { scene, client, eni, address, question } = caller
  const { world } = scene
  const found = passing({ code: 'addressOf', address, object: balancer.id })
  const place = balancer.addresses.find((one) => one.address === address)
  const isDown = (zone: string | undefined) => zone === undefined || world.zonesDown.includes(zone)
  if (place && isDown(place.zone) && isDown(place.backup)) {
    return { steps: [found, stopping({ code: 'zoneDown', zone: place.zone, object: balancer.id })] }
  }
  const { steps, targets, itself, listener } = balance(scene, balancer, question)
  const passed = [found, ...steps]
  // A relay or a proxy calls the servers itself, and the network's own calls need no rule.
  if (targets.length === 0 || listener?.proxyProtocol || listener?.http)
    return { steps: passed, destinations: [...targets, ...itself] }
  const notItself = targets.filter(({ instance }) => instance !== client.id)
  if (notItself.length === 0) {
    const account = ownerOfVpc(world, balancer.vpc)
    const { protocol, port } = question
    return {
      steps: [...passed, stopping({ code: 'onlyItself', balancer: balancer.id, account, protocol, port })],
    }
  }
  const entries = notItself.map((target) => {
    const to = world.enis.find((one) => one.vpc === balancer.vpc && addressesOf(one).includes(target.address))
    const packet = { protocol: question.protocol, port: target.port, peer: eni.address }
    return {
      target,
      step: security(
        scene,
        'ingress',
        target.instance,
        to ?? { vpc: balancer.vpc, securityGroups: [] },
        packet,
      ),
    }
  })
  const open = entries.filter(({ step }) => step.verdict === 'passes')
  const shown = open[0] ?? entries[0]
  const reached = open.map(({ target }) => target)
  const unreached = targets.filter((target) => !reached.includes(target)).map(({ instance }) => instance)
  const { protocol, port } = question
  const of = { balancer: balancer.id, account: ownerOfVpc(world, balancer.vpc), protocol, port }
  const isMixed = unreached.length > 0 && open.length > 0
  return {
    steps: [
      ...passed,
      ...(shown ? [shown.step] : []),
      ...(isMixed ? [passing({ code: 'someUnreached', ...of, servers: unreached })] : []),
    ],
    destinations: reached,
  }
}

function atEndpoint(caller: Caller, to: Eni, id: string): Arrival {
  const { scene, eni, address, question } = caller
  const { world } = scene
  const found = passing({ code: 'addressOf', address, object: id })
  const endpoint = world.endpoints.find((one) => one.id === id)
  const zone = endpoint?.zones.find((one) => one.eni === to.id || one.replaced?.eni === to.id)
  if (!endpoint || !zone) return { steps: [stopping({ code: 'addressUnattached', address, eni: to.id })] }
  const into = security(scene, 'ingress', id, to, { ...question, peer: eni.address })
  if (into.verdict === 'stops') return { steps: [found, into] }
  const side = zone.status === 'Preparing' && zone.replaced?.eni === to.id ? zone.replaced : zone
  const { steps, destinations } = acrossLink(scene, endpoint, zone, side, question)
  return { steps: [found, into, ...steps], destinations }
}

/** From the endpoint's side of a wire to the servers behind it. */
function acrossLink(
  scene: Scene,
  endpoint: Endpoint,
  zone: EndpointZone,
  side: Pick<EndpointZone, 'loadBalancer'>,
  question: Pick<Question, 'protocol' | 'port' | 'request'>,
): Arrival {
  const { world } = scene
  const { id } = endpoint
  const trouble = linkTrouble(world, scene.whitelist, endpoint, zone)
  if (trouble) return { steps: [trouble] }
  const balancer = world.loadBalancers.find((one) => one.id === side.loadBalancer)
  if (!balancer) {
    return { steps: [stopping({ code: 'resourceGone', balancer: side.loadBalancer ?? '', endpoint: id })] }
  }
  if (balancer.vpc === endpoint.vpc) {
    return { steps: [stopping({ code: 'sameVpc', endpoint: id, vpc: endpoint.vpc })] }
  }
  const { steps, targets, itself } = balance(scene, balancer, question)
  const wire = passing({ code: 'connected', endpoint: id, zone: zone.zone, balancer: balancer.id })
  const limits = limitsOfWire(scene, endpoint, zone.zone)
  return { steps: [wire, ...limits, ...steps], destinations: [...targets, ...itself] }
}

/** Why a zone of an endpoint leads nowhere. */
function linkTrouble(
  world: World,
  whitelist: Scene['whitelist'],
  endpoint: Endpoint,
  zone: EndpointZone,
): Step | undefined {
  const { id, service, connection, owner } = endpoint
  const provider = world.services.find((one) => one.id === service)?.owner
  const of = { endpoint: id, service, provider }
  if (!isAccepted(connection)) {
    const users = whitelist.filter((entry) => entry.service === service).map(({ user }) => user)
    const whitelisted = owner === provider || users.includes('*') || users.includes(owner)
    return stopping({ code: 'connectionState', ...of, status: connection, account: owner, whitelisted })
  }
  if (world.zonesDown.includes(zone.zone)) {
    return stopping({ code: 'zoneDown', zone: zone.zone, object: id })
  }
  if (!isServing(zone.status)) {
    return stopping({ code: 'endpointZoneState', ...of, zone: zone.zone, status: zone.status })
  }
  if (!zone.loadBalancer || !zone.wire) {
    return stopping({ code: 'zoneWithoutResource', endpoint: id, service, zone: zone.zone })
  }
  return endpoint.bandwidthMbps === 0 ? stopping({ code: 'noBandwidth', ...of }) : undefined
}

/** Nobody's in this VPC: a custom route may lead on. */
function elsewhere(caller: Caller): Arrival {
  const { scene, client, eni, address } = caller
  const { world } = scene
  const vpc = world.vpcs.find(({ id }) => id === client.vpc)
  const inside = [vpc?.cidr ?? '', ...(vpc?.blocks ?? [])].some((block) => inBlock(address, block))
  const isGateway = world.vswitches.some(
    ({ vpc: of, cidr }) => of === client.vpc && gatewayOf(cidr) === address,
  )
  if (isGateway) return { steps: [stopping({ code: 'addressOfRouter', address, vpc: client.vpc })] }
  const table = world.vswitches.find(({ id }) => id === eni.vswitch)?.routeTable
  const [route] = world.routes
    .filter((one) => one.table === table && inBlock(address, one.destination))
    .toSorted((a, b) => prefixOf(b.destination) - prefixOf(a.destination))
  if (inside || inBlock(address, '100.64.0.0/10') || !route) return nobody(world, client, address)
  const hop = world.enis.find((one) => {
    const { attachment: to } = one
    const isPrimary = to.kind === 'instance' && to.instance === route.nextHop && to.primary
    return one.vpc === client.vpc && (one.id === route.nextHop || isPrimary)
  })
  const instance = hop && instanceOf(hop)
  if (!hop || instance === undefined) {
    return { steps: [stopping({ code: 'routeWithoutHop', address, route: route.id })] }
  }
  const { steps, destinations } = atInstance(caller, hop, instance)
  return {
    steps: [passing({ code: 'routed', address, route: route.id, instance }), ...steps.slice(1)],
    destinations,
  }
}

/** Who has it in another VPC is worth saying: that is what people mix up. */
function nobody(world: World, { vpc: clientVpc }: Instance, address: string): Arrival {
  const eni = world.enis.find((one) => addressesOf(one).includes(address))
  const balancer = world.loadBalancers.find(({ addresses }) =>
    addresses.some((one) => one.address === address),
  )
  const object = (eni && (instanceOf(eni) ?? eni.id)) ?? balancer?.id
  const vpc = eni?.vpc ?? balancer?.vpc
  const step =
    object !== undefined && vpc !== undefined
      ? stopping({ code: 'otherVpc', object, address, vpc, clientVpc })
      : stopping({ code: 'addressOfNobody', address, vpc: clientVpc })
  return { steps: [step] }
}

function security(
  { world }: Scene,
  direction: 'ingress' | 'egress',
  object: string,
  eni: Pick<Eni, 'vpc' | 'securityGroups'>,
  { protocol, port, peer }: Pick<Question, 'protocol' | 'port'> & { readonly peer: string },
): Step {
  const { allowed, decision } = decide(world, direction, eni, { protocol, port, peer })
  const account = ownerOfVpc(world, eni.vpc)
  const of = { object, peer, protocol, port, account, groups: eni.securityGroups, decision }
  const code: SecurityReason['code'] =
    direction === 'egress' ? (allowed ? 'leaves' : 'mayNotLeave') : allowed ? 'enters' : 'mayNotEnter'
  return allowed ? passing({ code, ...of }) : stopping({ code, ...of })
}

function prefixOf(cidr: string): number {
  return parseCidr(cidr)?.prefix ?? 0
}

function gatewayOf(cidr: string): string | undefined {
  const block = parseCidr(cidr)
  return block && formatAddress(gatewayAddress(block))
}
