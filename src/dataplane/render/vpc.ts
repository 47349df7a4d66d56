import { addressesOf, type EniPlan, type VpcPlan, type WirePlan } from '../../plan/host-plan.ts'
import { netnsName } from '../../plan/kernel-names.ts'
import { address, neighbour, route } from '../netns/objects.ts'
import type { VpcSlice } from '../slices.ts'
import type { WantedState } from '../state.ts'
import { loopback, objectMap } from './build.ts'
import type { Part, PartCache } from './parts.ts'
import { part } from './parts.ts'
import { renderRoutes } from './routes.ts'
import { vpcSysctls } from './sysctls.ts'
import { renderVpcTable } from './vpc-table.ts'

/**
 * The router of a VPC. What it has no route for goes to `lo` by the default route: such a packet passes the forward
 * hook, where it is refused at once, and leaves by nothing.
 */
export function renderVpc(slice: VpcSlice, cache: PartCache): WantedState {
  const { netns, deployment, serviceNetns, vpc, enis, consumed, provided } = slice
  const parts = [
    cache.legs.get(vpc, serviceNetns, () => leg(vpc, serviceNetns)),
    ...enis.map((eni) => cache.enis.get(eni, '', () => eniPart(eni))),
    ...consumed.map((wire) => consumerEnd(wire, netnsName(deployment, wire.providerVpc))),
    ...provided.map((wire) => providerEnd(wire, netnsName(deployment, wire.consumerVpc))),
  ]
  const own = objectMap([
    route({ to: 'default', device: 'lo' }),
    ...vpc.vswitches.map(({ gateway }) => address('lo', `${gateway}/32`)),
    ...renderRoutes(slice),
  ])
  return {
    netns,
    owner: vpc.id,
    sysctls: vpcSysctls,
    devices: new Map([loopback(vpc.id), ...parts.map(({ device }) => device)]),
    objects: new Map([...own, ...parts.flatMap(({ objects }) => objects)]),
    rates: new Map(parts.flatMap(({ rate }) => (rate ? [rate] : []))),
    table: renderVpcTable(slice, cache),
  }
}

function leg({ id, serviceLeg }: VpcPlan, serviceNetns: string): Part {
  const { vpcDevice: device, vpcMac, vpcAddress, serviceDevice, serviceAddress, serviceMac } = serviceLeg
  const peer = { netns: serviceNetns, device: serviceDevice, mac: serviceMac, makes: true }
  return part(device, { mac: vpcMac, arp: true, peer, item: id }, [
    address(device, `${vpcAddress}/32`),
    route({ to: serviceAddress, device, source: vpcAddress }),
    neighbour(device, serviceAddress, serviceMac),
  ])
}

function eniPart(eni: EniPlan): Part {
  const { vpcDevice: device, vpcMac, mac, gateway } = eni
  const peer = { netns: eni.netns, device: eni.device, mac, makes: true }
  const objects = addressesOf(eni).flatMap((to) => [
    route({ to, device, source: gateway }),
    neighbour(device, to, mac),
  ])
  return part(device, { mac: vpcMac, arp: true, peer, item: eni.id }, objects)
}

function consumerEnd(wire: WirePlan, peerNetns: string): Part {
  const near = { device: wire.consumerDevice, address: wire.consumerAddress }
  const far = { device: wire.providerDevice, address: wire.providerAddress }
  return wireEnd(wire, near, { ...far, netns: peerNetns, makes: true })
}

function providerEnd(wire: WirePlan, peerNetns: string): Part {
  const near = { device: wire.providerDevice, address: wire.providerAddress }
  const far = { device: wire.consumerDevice, address: wire.consumerAddress }
  return wireEnd(wire, near, { ...far, netns: peerNetns, makes: false }, wire.furtherSources)
}

interface End {
  readonly device: string
  readonly address: string
}

/** Without ARP and so without neighbours: to add one, `ip` would list all devices of the namespace. */
function wireEnd(
  { id: item, mac, bandwidthMbps }: WirePlan,
  { device, address: local }: End,
  {
    device: peerDevice,
    address: to,
    netns,
    makes,
  }: End & { readonly netns: string; readonly makes: boolean },
  beyond: readonly string[] = [],
): Part {
  const peer = { netns, device: peerDevice, mac, makes }
  const objects = [
    address(device, `${local}/32`),
    ...[to, ...beyond].map((there) => route({ to: there, device, source: local })),
  ]
  return part(device, { mac, arp: false, peer, item }, objects, bandwidthMbps)
}
