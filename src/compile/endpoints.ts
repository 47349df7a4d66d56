import { Mapping } from '../lists/mapping.ts'
import type { Identified } from '../lists/sorted.ts'
import { Union } from '../lists/union.ts'
import type { EniId, VpcId } from '../model/ids.ts'
import { serviceName } from '../model/names.ts'
import type { Endpoint, EndpointZone, Eni } from '../model/world.ts'
import type { EndpointEniPlan, NamePlan, PartiesPlan, WirePlan } from '../plan/host-plan.ts'
import { deviceName, macAddress } from '../plan/kernel-names.ts'
import type { Index, Problem, Report } from './index-world.ts'
import { namesOf } from './names.ts'

/** The name of one zone of a connection, in plans and reports. */
export function wireId(endpoint: string, zone: string): string {
  return `${endpoint}/${zone}`
}

/** What one endpoint puts into the plan, under its id. */
interface EndpointParts extends Identified {
  readonly enis: readonly EndpointEniPlan[]
  readonly wires: readonly WirePlan[]
  readonly names: readonly NamePlan[]
  readonly problems: readonly Problem[]
}

/** Each list sorted by id. There may be thousands of endpoints, and a change is about one: the others are not looked into. */
export function compileEndpoints(index: Index, report: Report) {
  const { memo, world } = index
  const parts = memo
    .keep('endpoints', () => new Mapping<Endpoint, Eni, EndpointParts>())
    .update({
      items: index.endpoints,
      around: [
        index.vpcs,
        index.services,
        index.loadBalancers,
        world.domainSuffix,
        index.zonesDown,
        index.limits,
      ],
      related: world.enis,
      itemOf: ({ attachment }) => (attachment.kind === 'endpoint' ? attachment.endpoint : undefined),
      partsOf: (endpoint) => partsOf(index, endpoint),
      make: (endpoint) => compileEndpoint(index, endpoint),
    })
  const all = <Item extends Identified>(name: string, itemsOf: (one: EndpointParts) => readonly Item[]) =>
    memo.keep(`${name} of endpoints`, () => new Union(itemsOf)).update(parts)
  for (const { id, message } of all('problems', ({ problems }) => problems)) report(id, message)
  return {
    endpointEnis: all('ENIs', ({ enis }) => enis),
    wires: all('wires', ({ wires }) => wires),
    names: all('names', ({ names }) => names),
  }
}

/** Everything that `compileEndpoint` looks at. */
function partsOf(index: Index, endpoint: Endpoint): readonly unknown[] {
  const sides = endpoint.zones.flatMap((zone) => (zone.replaced ? [zone, zone.replaced] : [zone]))
  return [
    endpoint,
    index.vpcs.has(endpoint.vpc),
    index.services.get(endpoint.service)?.zoneAffinity,
    index.services.get(endpoint.service)?.owner,
    index.world.domainSuffix,
    downIn(index, endpoint),
    connectionsOf(index, endpoint),
    ...sides.flatMap(({ eni, loadBalancer }) => [index.enis.get(eni), providerVpc(index, loadBalancer)]),
  ]
}

function connectionsOf({ limits }: Index, { owner }: Endpoint): number | undefined {
  return limits.get(owner) ?? limits.get('all')
}

function limitOf(index: Index, endpoint: Endpoint): WirePlan['limit'] {
  const connections = connectionsOf(index, endpoint)
  return connections === undefined ? undefined : { id: `${endpoint.owner}/${endpoint.service}`, connections }
}

/** Those of its zones that are down, as a text that is equal for equal ones. */
function downIn({ zonesDown }: Index, { zones }: Endpoint): string {
  return zones.flatMap(({ zone }) => (zonesDown.has(zone) ? [zone] : [])).join()
}

/** The VPC that a service resource is in, if both are there. */
function providerVpc(index: Index, loadBalancer: string | undefined): VpcId | undefined {
  const vpc = index.loadBalancers.get(loadBalancer ?? '')?.vpc
  return vpc !== undefined && index.vpcs.has(vpc) ? vpc : undefined
}

function compileEndpoint(index: Index, endpoint: Endpoint): EndpointParts {
  if (!index.vpcs.has(endpoint.vpc)) {
    const message = `its VPC ${endpoint.vpc} is not there`
    return { id: endpoint.id, enis: [], wires: [], names: [], problems: [{ id: endpoint.id, message }] }
  }
  const enis: EndpointEniPlan[] = []
  const wires: WirePlan[] = []
  const problems: Problem[] = []
  for (const zone of endpoint.zones) {
    if (zone.status === 'Deleting') continue
    for (const side of sidesOf(zone)) {
      const id = side.id(endpoint.id)
      const eni = compileEndpointEni(index, endpoint, zone, side.eni)
      if (!eni) {
        problems.push({ id, message: `its ENI ${side.eni} is not there` })
        continue
      }
      enis.push(eni)
      if (wantsWire(index, endpoint, zone)) {
        const wire = compileWire(index, endpoint, zone.zone, side)
        if (typeof wire === 'string') problems.push({ id, message: wire })
        else wires.push(wire)
      }
    }
  }
  return { id: endpoint.id, enis, wires, names: namesOf(index, endpoint), problems }
}

/** An ENI of a zone with the wire behind it, and the ENIs whose new flows take that wire. */
interface Side extends Pick<EndpointZone, 'eni' | 'loadBalancer' | 'wire' | 'furtherSources'> {
  readonly id: (endpoint: string) => string
  readonly newFlowsFrom: readonly EniId[]
}

/**
 * A zone has one side, and a second one while its resource is being replaced gracefully. New flows go to the new wire
 * only when the kernel has it; then they do so whichever of the two addresses the client knows, and the old wire keeps what it has.
 */
function sidesOf(zone: EndpointZone): readonly Side[] {
  const id = (endpoint: string) => wireId(endpoint, zone.zone)
  if (!zone.replaced || !isReplacing(zone)) return [{ ...zone, id, newFlowsFrom: [zone.eni] }]
  const led = zone.status !== 'Preparing'
  const { replaced } = zone
  return [
    { ...zone, id, newFlowsFrom: led ? [zone.eni, replaced.eni] : [zone.eni] },
    {
      ...replaced,
      id: (endpoint) => `${wireId(endpoint, zone.zone)}/replaced`,
      newFlowsFrom: led ? [] : [replaced.eni],
    },
  ]
}

function isReplacing({ status }: EndpointZone): boolean {
  return status === 'Preparing' || status === 'Migrating' || status === 'Migrated'
}

/** No accept, no wire: it exists only while the connection and its zone are, or are becoming, connected, and the zone is up. */
export function wantsWire(index: Index, endpoint: Endpoint, zone: EndpointZone): boolean {
  return whyClosed(index, endpoint, zone) === undefined
}

function whyClosed(index: Index, endpoint: Endpoint, zone: EndpointZone): EndpointEniPlan['closed'] {
  if (index.zonesDown.has(zone.zone)) return 'zone-down'
  const accepted =
    endpoint.connection === 'Connected' ||
    endpoint.connection === 'Connecting' ||
    endpoint.connection === 'Pending'
  if (!accepted) return 'connection'
  const open = zone.status === 'Connected' || zone.status === 'Connecting' || isReplacing(zone)
  return open ? undefined : 'zone'
}

/** The ENI that the zone's names lead to. */
export function namedEni(zone: EndpointZone): EniId {
  return zone.status === 'Preparing' && zone.replaced ? zone.replaced.eni : zone.eni
}

function compileEndpointEni(
  index: Index,
  endpoint: Endpoint,
  zone: EndpointZone,
  id: EniId,
): EndpointEniPlan | undefined {
  const eni = index.enis.get(id)
  return (
    eni && {
      id: eni.id,
      endpoint: endpoint.id,
      zone: zone.zone,
      vpc: endpoint.vpc,
      address: eni.address,
      securityGroups: eni.securityGroups.toSorted(),
      parties: partiesOf(index, endpoint),
      closed: whyClosed(index, endpoint, zone),
    }
  )
}

/** A service that is gone has no owner to be told. */
function partiesOf(index: Index, { owner, service, region }: Endpoint): PartiesPlan {
  const provider = index.services.get(service)?.owner ?? ''
  return { consumer: owner, provider, service, serviceName: serviceName(region, service) }
}

function compileWire(index: Index, endpoint: Endpoint, zone: string, side: Side): WirePlan | string {
  const { wire, loadBalancer } = side
  if (!wire) return 'it was accepted without transit addresses'
  if (!loadBalancer) return 'no service resource serves this zone'
  const vpc = providerVpc(index, loadBalancer)
  if (!vpc) return `its service resource ${loadBalancer} is not there`
  // The addresses are part of the name: a later accept is another pair of devices, never the old one again.
  const name = `${endpoint.id} ${zone} ${wire.first}`
  return {
    id: side.id(endpoint.id),
    endpoint: endpoint.id,
    zone,
    consumerVpc: endpoint.vpc,
    providerVpc: vpc,
    consumerDevice: deviceName('cw', name),
    providerDevice: deviceName('pw', name),
    mac: macAddress('wire', name),
    consumerAddress: wire.first,
    providerAddress: wire.second,
    furtherSources: side.furtherSources,
    portsPerSource: index.capacity.portsPerSource,
    limit: limitOf(index, endpoint),
    eniAddresses: side.newFlowsFrom.flatMap((eni) => index.enis.get(eni)?.address ?? []).sort(),
    balancer: loadBalancer,
    bandwidthMbps: endpoint.bandwidthMbps,
    relays: [],
  }
}
