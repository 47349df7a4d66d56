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
      const eni = compileEndpointEni(index, endpoint, zone)
      if (!eni) {
        report(wireId(endpoint.id, zone.zone), `its ENI ${zone.eni} is not there`)
        continue
      }
      endpointEnis.push(eni)
      if (wantsWire(endpoint, zone)) {
        const wire = compileWire(index, endpoint, zone, eni.address)
        if (typeof wire === 'string') report(wireId(endpoint.id, zone.zone), wire)
        else wires.push(wire)
      }
    }
  }
  return { endpointEnis, wires }
}

/** No accept, no wire: it exists only while the connection and its zone are, or are becoming, connected. */
export function wantsWire(endpoint: Endpoint, zone: EndpointZone): boolean {
  const accepted =
    endpoint.connection === 'Connected' ||
    endpoint.connection === 'Connecting' ||
    endpoint.connection === 'Pending'
  return accepted && (zone.status === 'Connected' || zone.status === 'Connecting')
}

function compileEndpointEni(
  index: Index,
  endpoint: Endpoint,
  zone: EndpointZone,
): EndpointEniPlan | undefined {
  const eni = index.enis.get(zone.eni)
  if (!eni) return undefined
  return index.memo.of(eni.id, [eni, endpoint], () => ({
    id: eni.id,
    endpoint: endpoint.id,
    zone: zone.zone,
    vpc: endpoint.vpc,
    address: eni.address,
    securityGroups: eni.securityGroups.toSorted(),
  }))
}

function compileWire(
  index: Index,
  endpoint: Endpoint,
  zone: EndpointZone,
  eniAddress: string,
): WirePlan | string {
  const { wire } = zone
  if (!wire) return 'it was accepted without transit addresses'
  if (!zone.loadBalancer) return 'no service resource serves this zone'
  const balancer = index.loadBalancers.get(zone.loadBalancer)
  if (!balancer || !index.vpcs.has(balancer.vpc))
    return `its service resource ${zone.loadBalancer} is not there`
  const id = wireId(endpoint.id, zone.zone)
  const parts = [endpoint, eniAddress, balancer.id, balancer.vpc]
  return index.memo.of(id, parts, () => makeWire(id, endpoint, zone.zone, wire, eniAddress, balancer))
}

function makeWire(
  id: string,
  endpoint: Endpoint,
  zone: string,
  wire: TransitPair,
  eniAddress: string,
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
    eniAddress,
    balancer: balancer.id,
    bandwidthMbps: endpoint.bandwidthMbps,
    relays: [],
  }
}
