import type { EniId } from '../model/ids.ts'
import type { Endpoint, EndpointZone, LoadBalancer, TransitPair } from '../model/world.ts'
import type { EndpointEniPlan, WirePlan } from '../plan/host-plan.ts'
import { deviceName, macAddress } from '../plan/kernel-names.ts'
import type { Index, Report } from './index-world.ts'

/** The name of one zone of a connection, in plans and reports. */
export function wireId(endpoint: string, zone: string): string {
  return `${endpoint}/${zone}`
}

export function compileEndpoints(
  index: Index,
  report: Report,
): { endpointEnis: EndpointEniPlan[]; wires: WirePlan[] } {
  const endpointEnis: EndpointEniPlan[] = []
  const wires: WirePlan[] = []
  for (const endpoint of index.endpoints) {
    if (!index.vpcs.has(endpoint.vpc)) {
      report(endpoint.id, `its VPC ${endpoint.vpc} is not there`)
      continue
    }
    for (const zone of endpoint.zones) {
      if (zone.status === 'Deleting') continue
      for (const side of sidesOf(zone)) {
        const eni = compileEndpointEni(index, endpoint, zone.zone, side.eni)
        if (!eni) {
          report(wireId(endpoint.id, zone.zone), `its ENI ${side.eni} is not there`)
          continue
        }
        endpointEnis.push(eni)
        if (wantsWire(index, endpoint, zone)) {
          const wire = compileWire(index, endpoint, zone.zone, side)
          if (typeof wire === 'string') report(side.id(endpoint.id), wire)
          else wires.push(wire)
        }
      }
    }
  }
  return { endpointEnis, wires }
}

/** An ENI of a zone with the wire behind it, and the ENIs whose new flows take that wire. */
interface Side extends Pick<EndpointZone, 'eni' | 'loadBalancer' | 'wire'> {
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
  if (index.zonesDown.has(zone.zone)) return false
  const accepted =
    endpoint.connection === 'Connected' ||
    endpoint.connection === 'Connecting' ||
    endpoint.connection === 'Pending'
  return accepted && (zone.status === 'Connected' || zone.status === 'Connecting' || isReplacing(zone))
}

/** The ENI that the zone's names lead to. */
export function namedEni(zone: EndpointZone): EniId {
  return zone.status === 'Preparing' && zone.replaced ? zone.replaced.eni : zone.eni
}

function compileEndpointEni(
  index: Index,
  endpoint: Endpoint,
  zone: string,
  id: EniId,
): EndpointEniPlan | undefined {
  const eni = index.enis.get(id)
  if (!eni) return undefined
  return index.memo.of(eni.id, [eni, endpoint], () => ({
    id: eni.id,
    endpoint: endpoint.id,
    zone,
    vpc: endpoint.vpc,
    address: eni.address,
    securityGroups: eni.securityGroups.toSorted(),
  }))
}

function compileWire(index: Index, endpoint: Endpoint, zone: string, side: Side): WirePlan | string {
  const { wire } = side
  if (!wire) return 'it was accepted without transit addresses'
  if (!side.loadBalancer) return 'no service resource serves this zone'
  const balancer = index.loadBalancers.get(side.loadBalancer)
  if (!balancer || !index.vpcs.has(balancer.vpc))
    return `its service resource ${side.loadBalancer} is not there`
  const id = side.id(endpoint.id)
  const enis = side.newFlowsFrom.flatMap((eni) => index.enis.get(eni)?.address ?? []).sort()
  const parts = [endpoint, ...enis, balancer.id, balancer.vpc]
  return index.memo.of(id, parts, () => makeWire(id, endpoint, zone, wire, enis, balancer))
}

function makeWire(
  id: string,
  endpoint: Endpoint,
  zone: string,
  wire: TransitPair,
  eniAddresses: readonly string[],
  balancer: LoadBalancer,
): WirePlan {
  // The addresses are part of the name: a later accept is another pair of devices, never the old one again.
  const name = `${endpoint.id} ${zone} ${wire.first}`
  return {
    id,
    endpoint: endpoint.id,
    zone,
    consumerVpc: endpoint.vpc,
    providerVpc: balancer.vpc,
    consumerDevice: deviceName('cw', name),
    providerDevice: deviceName('pw', name),
    mac: macAddress('wire', name),
    consumerAddress: wire.first,
    providerAddress: wire.second,
    eniAddresses,
    balancer: balancer.id,
    bandwidthMbps: endpoint.bandwidthMbps,
    relays: [],
  }
}
