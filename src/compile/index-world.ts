import type { Memo } from './memo.ts'
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
  readonly vpcs: ReadonlyMap<string, Vpc>
  readonly vswitches: ReadonlyMap<string, VSwitch>
  readonly vswitchesOfVpc: ReadonlyMap<string, readonly VSwitch[]>
  readonly instances: ReadonlyMap<string, Instance>
  readonly enis: ReadonlyMap<string, Eni>
  readonly loadBalancers: ReadonlyMap<string, LoadBalancer>
  readonly services: ReadonlyMap<string, EndpointService>
  readonly endpoints: readonly Endpoint[]
}

export function indexWorld(world: World, memo: Memo): Index {
  const vpcs = byId(world.vpcs.filter((vpc) => vpc.status !== 'Deleting'))
  const vswitches = world.vswitches.filter(
    (vswitch) => vswitch.status !== 'Deleting' && vpcs.has(vswitch.vpc),
  )
  return {
    world,
    memo,
    vpcs,
    vswitches: byId(vswitches),
    vswitchesOfVpc: Map.groupBy(vswitches, (vswitch) => vswitch.vpc),
    instances: byId(world.instances.filter((instance) => instance.status !== 'Deleting')),
    enis: byId(world.enis),
    loadBalancers: byId(world.loadBalancers),
    services: byId(world.services),
    endpoints: world.endpoints.filter((endpoint) => endpoint.status !== 'Deleting'),
  }
}

function byId<Item extends { readonly id: string }>(items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [item.id, item]))
}
