/**
 * world → HostPlan. Pure and deterministic: the same content gives the same bytes, whatever the order of its
 * lists. It never throws for bad data: what refers to something that is not there is left out, and a problem
 * names it, so that one broken object does not stop the others.
 */
import type { World } from '../model/world.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import { serviceNetns } from '../plan/kernel-names.ts'
import { compileBalancers } from './balancers.ts'
import { compileEndpoints } from './endpoints.ts'
import { compileInstances } from './instances.ts'
import { noMemo, type Memo } from './memo.ts'
import { compileNames } from './names.ts'
import { compileRelays } from './relays.ts'
import { compileSecurityGroups } from './security-groups.ts'
import { indexWorld, type Problem } from './index-world.ts'
import { compileRoutes } from './routes.ts'
import { compileVpcs } from './vpcs.ts'

export interface Compiled {
  readonly plan: HostPlan
  readonly problems: readonly Problem[]
}

export function compileHost(world: World, memo: Memo = noMemo): Compiled {
  const problems: Problem[] = []
  const index = indexWorld(world, memo)
  const report = (id: string, message: string) => void problems.push({ id, message })
  const vpcs = compileVpcs(index)
  const { instances, enis } = compileInstances(index, report)
  const { endpointEnis, wires: plainWires } = compileEndpoints(index, report)
  const linked = { wires: plainWires, balancers: compileBalancers(index) }
  const { wires, balancers } = compileRelays(index, linked, report)
  const plan: HostPlan = {
    generation: world.generation,
    deployment: world.deployment,
    serviceNetns: serviceNetns(world.deployment),
    fabric: {
      vpcs: byId(vpcs),
      routes: byId(compileRoutes(index)),
      enis: byId(enis),
      securityGroups: byId(compileSecurityGroups(index, [...enis, ...endpointEnis])),
      instances: byId(instances),
    },
    links: {
      endpointEnis: byId(endpointEnis),
      wires: byId(wires),
      balancers: byId(balancers),
      names: byId(compileNames(index)),
    },
  }
  return { plan, problems: byId(problems) }
}

/** Most lists come in order, because the world's do; to see that costs less than to sort. */
function byId<Item extends { readonly id: string }>(items: readonly Item[]): readonly Item[] {
  const sorted = items.every((item, position) => position === 0 || (items[position - 1]?.id ?? '') <= item.id)
  return sorted ? items : items.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}
