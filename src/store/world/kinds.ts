import type { Transaction } from 'kysely'
import type { LoadBalancer, WorldList } from '../../model/world.ts'
import type { Tables } from '../tables.ts'
import { readEndpoints, readServices } from './endpoints.ts'
import type { Ids } from './ids.ts'
import { readEnis, readInstances } from './instances.ts'
import { readLoadBalancers, type OpenKey } from './load-balancers.ts'
import { readNetworkLoadBalancers } from './network-load-balancers.ts'
import { readRoutes, readSecurityGroups, readVpcs, readVSwitches } from './networks.ts'

/** The lists of the world and how each is read, one query per table, joined in memory. */
export const readers = {
  vpcs: readVpcs,
  vswitches: readVSwitches,
  routes: readRoutes,
  securityGroups: readSecurityGroups,
  instances: readInstances,
  enis: readEnis,
  loadBalancers: readAllLoadBalancers,
  services: readServices,
  endpoints: readEndpoints,
} as const satisfies Record<WorldList, unknown>

/** Both kinds are one to the planner. */
async function readAllLoadBalancers(
  tx: Transaction<Tables>,
  ids: Ids,
  openKey: OpenKey,
): Promise<readonly LoadBalancer[]> {
  return [...(await readLoadBalancers(tx, ids, openKey)), ...(await readNetworkLoadBalancers(tx, ids))]
}

export type Item<K extends WorldList> = Awaited<ReturnType<(typeof readers)[K]>>[number]

export const kinds = Object.keys(readers) as readonly WorldList[]
