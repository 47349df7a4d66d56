/**
 * world → HostPlan. Pure and deterministic: the same content gives the same bytes, whatever the order of its
 * lists. It never throws for bad data: what refers to something that is not there is left out, and a problem
 * names it, so that one broken object does not stop the others.
 */
import { sortById } from '../lists/sorted.ts'
import { fullCapacity, type LinkCapacity } from '../model/source-ports.ts'
import type { World } from '../model/world.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import { serviceNetns } from '../plan/kernel-names.ts'
import { compileBalancers } from './balancers.ts'
import { compileEndpoints } from './endpoints.ts'
import { compileInstances } from './instances.ts'
import { noMemo, type Memo } from './memo.ts'
import { compileProxies } from './proxies.ts'
import { compileRelays } from './relays.ts'
import { compileSecurityGroups } from './security-groups.ts'
import { indexWorld, type Problem } from './index-world.ts'
import { compileRoutes } from './routes.ts'
import { compileVpcs } from './vpcs.ts'

export interface Compiled {
  readonly plan: HostPlan
  readonly problems: readonly Problem[]
}

export function compileHost(
  world: World,
  memo: Memo = noMemo,
  capacity: LinkCapacity = fullCapacity,
): Compiled {
  const problems: Problem[] = []
  const index = indexWorld(world, memo, capacity)
  const report = (id: string, message: string) => void problems.push({ id, message })
  const vpcs = compileVpcs(index)
  const { instances, enis } = compileInstances(index, report)
  const { endpointEnis, wires: plainWires, names } = compileEndpoints(index, report)
  const linked = { wires: plainWires, balancers: compileProxies(index, compileBalancers(index), report) }
  const { wires, balancers } = compileRelays(index, linked, report)
  const plan: HostPlan = {
    generation: world.generation,
    deployment: world.deployment,
    serviceNetns: serviceNetns(world.deployment),
    fabric: {
      vpcs: sortById(vpcs),
      routes: sortById(compileRoutes(index)),
      enis: sortById(enis),
      securityGroups: sortById(compileSecurityGroups(index, sortById(enis), endpointEnis)),
      instances: sortById(instances),
    },
    links: {
      endpointEnis,
      wires,
      balancers: sortById(balancers),
      names,
    },
  }
  return { plan, problems: sortById(problems) }
}
