import { addressesOf, type EniPlan } from '../../plan/host-plan.ts'
import { netnsName } from '../../plan/kernel-names.ts'
import { address, neighbour, route, rule } from '../netns/objects.ts'
import type { InstanceSlice } from '../slices.ts'
import type { IpObject, WantedDevice, WantedState } from '../state.ts'
import { loopback, objectMap } from './build.ts'
import { renderLocalBlocks } from './routes.ts'
import { instanceSysctls } from './sysctls.ts'

/** An instance sees its gateway and nothing else: each of its packets goes through the VPC's router. */
export function renderInstance({ netns, deployment, instance, enis, routes }: InstanceSlice): WantedState {
  return {
    netns,
    owner: instance.id,
    sysctls: instanceSysctls,
    devices: new Map([
      loopback(instance.id),
      ...enis.map((eni): [string, WantedDevice] => [
        eni.device,
        {
          mac: eni.mac,
          up: true,
          arp: true,
          peer: {
            netns: netnsName(deployment, eni.vpc),
            device: eni.vpcDevice,
            mac: eni.vpcMac,
            makes: false,
          },
          item: eni.id,
        },
      ]),
    ]),
    objects: objectMap([...enis.flatMap(eniObjects), ...renderLocalBlocks(routes)]),
    rates: new Map(),
    table: undefined,
  }
}

/**
 * Only the first interface has the default route. What answers from another one's address must leave by that one,
 * because the router checks sources, so each other interface has a table of its own. Only the first address has the
 * block's mask: it is the source of what the instance begins, and the kernel would drop others with it.
 */
function eniObjects(eni: EniPlan): readonly IpObject[] {
  const { device, address: local, furtherAddresses, prefixLength, gateway, vpcMac } = eni
  const position = Number(/\d+$/.exec(device)?.[0] ?? 0)
  const table = position === 0 ? undefined : 100 + position
  return [
    address(device, `${local}/${prefixLength}`),
    ...furtherAddresses.map((further) => address(device, `${further}/32`)),
    route({ to: 'default', via: gateway, device, table: table?.toString() }),
    neighbour(device, gateway, vpcMac),
    ...(table === undefined ? [] : addressesOf(eni).map((source) => rule(device, source, table))),
  ]
}
