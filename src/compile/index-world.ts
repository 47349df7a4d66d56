import { ById } from '../lists/by-id.ts'
import type { Memo } from './memo.ts'
import type { LinkCapacity } from '../model/source-ports.ts'
import type { Endpoint, Eni, LoadBalancer, Vpc, VSwitch, World } from '../model/world.ts'
import type { EndpointService, Instance } from '../model/world.ts'

/** Something in the world that cannot be carried out, and why. */
export interface Problem {
  readonly id: string
  readonly message: string
}
export type Report = (id: string, message: string) => void

/** The world by id, without what is being deleted: an object that is `Deleting` is not in the plan any more. */
export interface Index {
  readonly world: World
  readonly memo: Memo
  readonly capacity: LinkCapacity
  /** Connections by consumer, and `all`. */
  readonly limits: ReadonlyMap<string, number>
  readonly zonesDown: ReadonlySet<string>
  readonly vpcs: ReadonlyMap<string, Vpc>
  readonly vswitches: ReadonlyMap<string, VSwitch>
  readonly vswitchesOfVpc: ReadonlyMap<string, readonly VSwitch[]>
  readonly instances: ReadonlyMap<string, Instance>
  readonly enis: ReadonlyMap<string, Eni>
  readonly loadBalancers: ReadonlyMap<string, LoadBalancer>
  readonly services: ReadonlyMap<string, EndpointService>
  readonly endpoints: readonly Endpoint[]
}

export function indexWorld(world: World, memo: Memo, capacity: LinkCapacity): Index {
  /** A list that did not change is the same list, and need not be indexed again. */
  const once = <Value>(name: string, lists: readonly unknown[], make: () => Value) =>
    memo.of(`index ${name}`, lists, make)
  const vpcs = once('vpcs', [world.vpcs], () => byId(world.vpcs.filter(isThere)))
  const vswitches = once('vswitches', [world.vswitches, vpcs], () =>
    world.vswitches.filter((vswitch) => isThere(vswitch) && vpcs.has(vswitch.vpc)),
  )
  return {
    world,
    memo,
    capacity,
    limits: once(
      'limits',
      [JSON.stringify(world.consumerLimits)],
      () => new Map(world.consumerLimits.map(({ consumer, connections }) => [consumer, connections])),
    ),
    zonesDown: once('zones down', [world.zonesDown.join()], () => new Set(world.zonesDown)),
    vpcs,
    vswitches: once('vswitches by id', [vswitches], () => byId(vswitches)),
    vswitchesOfVpc: once('vswitches by VPC', [vswitches], () => Map.groupBy(vswitches, ({ vpc }) => vpc)),
    instances: once('instances', [world.instances], () => byId(world.instances.filter(isThere))),
    enis: memo.keep('ENIs', () => new ById<Eni>()).update(world.enis),
    loadBalancers: once('load balancers', [world.loadBalancers], () => byId(world.loadBalancers)),
    services: once('services', [world.services], () => byId(world.services)),
    endpoints: once('endpoints', [world.endpoints], () => world.endpoints.filter(isThere)),
  }
}

function isThere({ status }: { readonly status: string }): boolean {
  return status !== 'Deleting'
}

function byId<Item extends { readonly id: string }>(items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [item.id, item]))
}
