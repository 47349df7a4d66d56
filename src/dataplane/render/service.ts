import type { VpcPlan } from '../../plan/host-plan.ts'
import { address, neighbour, route, rule } from '../netns/objects.ts'
import { proxyPorts, relayPorts } from '../../plan/leg-ports.ts'
import { baseChain } from '../nft/spec.ts'
import type { ServiceSlice } from '../slices.ts'
import type { IpObject, WantedDevice, WantedState, WantedTable } from '../state.ts'
import { chain, loopback, objectMap } from './build.ts'
import { serviceSysctls } from './sysctls.ts'

/**
 * The namespace of resolver and health checks has one leg into each VPC. The VPCs' addresses may be the same, so a
 * destination does not say which VPC is meant: the source address does.
 */
export function renderService({ netns, vpcs }: ServiceSlice): WantedState {
  return {
    netns,
    owner: netns,
    sysctls: serviceSysctls,
    devices: new Map([
      loopback(netns),
      ...vpcs.map(({ id, netns: vpcNetns, serviceLeg: leg }): [string, WantedDevice] => [
        leg.serviceDevice,
        {
          mac: leg.serviceMac,
          up: true,
          arp: true,
          peer: { netns: vpcNetns, device: leg.vpcDevice, mac: leg.vpcMac, makes: false },
          item: id,
        },
      ]),
    ]),
    objects: objectMap(vpcs.flatMap(legObjects)),
    rates: new Map(),
    table,
  }
}

function legObjects({ vswitches, serviceLeg: leg }: VpcPlan): readonly IpObject[] {
  const device = leg.serviceDevice
  const near = [leg.vpcAddress, ...vswitches.map(({ resolverSource }) => resolverSource)]
  return [
    address(device, `${leg.serviceAddress}/32`),
    ...near.map((to) => route({ to, device, source: leg.serviceAddress })),
    ...near.map((to) => neighbour(device, to, leg.vpcMac)),
    route({ to: 'default', via: leg.vpcAddress, device, table: String(leg.table) }),
    rule(device, leg.serviceAddress, leg.table),
  ]
}

/** Queries, clients of relays and proxies, and answers to what was asked from here. Nothing passes through. */
const table: WantedTable = {
  timeouts: new Map(),
  counters: new Set(),
  sets: new Map(),
  chains: new Map([
    [
      'input',
      chain(
        [
          'ct state established,related accept',
          'iifname "lo" accept',
          'meta l4proto { tcp, udp } th dport 53 ct state new accept',
          `meta l4proto tcp th dport ${relayPorts.first}-${proxyPorts.last} ct state new accept`,
        ],
        baseChain('filter', 'input', 0, 'drop'),
      ),
    ],
    ['forward', chain([], baseChain('filter', 'forward', 0, 'drop'))],
  ]),
}
