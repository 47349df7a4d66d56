import { address, neighbour, route } from '../netns/objects.ts'
import type { VpcSlice, Wire } from '../slices.ts'
import type { IpObject, WantedDevice, WantedState } from '../state.ts'
import { loopback, objectMap } from './build.ts'
import { vpcSysctls } from './sysctls.ts'
import { renderVpcTable } from './vpc-table.ts'

/**
 * The router of a VPC. What it has no route for goes to `lo` by the default route: such a packet passes the forward
 * hook, where it is refused at once, and leaves by nothing.
 */
export function renderVpc(slice: VpcSlice): WantedState {
  const { netns, vpc, consumed, provided } = slice
  return {
    netns,
    owner: vpc.id,
    sysctls: vpcSysctls,
    devices: new Map([loopback(vpc.id), leg(slice), ...eniDevices(slice), ...wireDevices(slice)]),
    objects: objectMap([
      route({ to: 'default', device: 'lo' }),
      ...vpc.vswitches.map(({ gateway }) => address('lo', `${gateway}/32`)),
      ...legObjects(slice),
      ...eniObjects(slice),
      ...[...consumed, ...provided].flatMap(wireObjects(slice)),
    ]),
    rates: new Map([
      ...consumed.flatMap(({ wire }) => limit(wire.consumerDevice, wire.bandwidthMbps)),
      ...provided.flatMap(({ wire }) => limit(wire.providerDevice, wire.bandwidthMbps)),
    ]),
    table: renderVpcTable(slice),
  }
}

function leg({ vpc, serviceNetns }: VpcSlice): [string, WantedDevice] {
  const { vpcDevice, vpcMac, serviceDevice, serviceMac } = vpc.serviceLeg
  const peer = { netns: serviceNetns, device: serviceDevice, mac: serviceMac, makes: true }
  return [vpcDevice, { mac: vpcMac, up: true, peer, item: vpc.id }]
}

function legObjects({ vpc }: VpcSlice): readonly IpObject[] {
  const { vpcDevice: device, vpcAddress, serviceAddress, serviceMac } = vpc.serviceLeg
  return [
    address(device, `${vpcAddress}/32`),
    route({ to: serviceAddress, device, source: vpcAddress }),
    neighbour(device, serviceAddress, serviceMac),
  ]
}

function eniDevices({ enis }: VpcSlice): readonly [string, WantedDevice][] {
  return enis.map((eni) => {
    const peer = { netns: eni.netns, device: eni.device, mac: eni.mac, makes: true }
    return [eni.vpcDevice, { mac: eni.vpcMac, up: true, peer, item: eni.id }]
  })
}

function eniObjects({ enis }: VpcSlice): readonly IpObject[] {
  return enis.flatMap(({ vpcDevice: device, address: to, mac, gateway }) => [
    route({ to, device, source: gateway }),
    neighbour(device, to, mac),
  ])
}

function wireDevices({ consumed, provided }: VpcSlice): readonly [string, WantedDevice][] {
  const near = consumed.map(({ wire, peerNetns }): [string, WantedDevice] => {
    const peer = { netns: peerNetns, device: wire.providerDevice, mac: wire.providerMac, makes: true }
    return [wire.consumerDevice, { mac: wire.consumerMac, up: true, peer, item: wire.id }]
  })
  const far = provided.map(({ wire, peerNetns }): [string, WantedDevice] => {
    const peer = { netns: peerNetns, device: wire.consumerDevice, mac: wire.consumerMac, makes: false }
    return [wire.providerDevice, { mac: wire.providerMac, up: true, peer, item: wire.id }]
  })
  return [...near, ...far]
}

function wireObjects({ vpc }: VpcSlice): (end: Wire) => readonly IpObject[] {
  return ({ wire }) => {
    const near = { device: wire.consumerDevice, address: wire.consumerAddress, mac: wire.consumerMac }
    const far = { device: wire.providerDevice, address: wire.providerAddress, mac: wire.providerMac }
    const [own, other] = wire.consumerVpc === vpc.id ? [near, far] : [far, near]
    return [
      address(own.device, `${own.address}/32`),
      route({ to: other.address, device: own.device, source: own.address }),
      neighbour(own.device, other.address, other.mac),
    ]
  }
}

function limit(device: string, rateMbps: number | undefined): readonly [string, number][] {
  return rateMbps === undefined ? [] : [[device, rateMbps]]
}
