import type { WorldList } from '../../model/world.ts'
import { readEndpoints, readServices } from './endpoints.ts'
import { readEnis, readInstances } from './instances.ts'
import { readLoadBalancers } from './load-balancers.ts'
import { readSecurityGroups, readVpcs, readVSwitches } from './networks.ts'

/** The lists of the world and how each is read, one query per table, joined in memory. */
export const readers = {
  vpcs: readVpcs,
  vswitches: readVSwitches,
  securityGroups: readSecurityGroups,
  instances: readInstances,
  enis: readEnis,
  loadBalancers: readLoadBalancers,
  services: readServices,
  endpoints: readEndpoints,
} as const satisfies Record<WorldList, unknown>

export type Item<K extends WorldList> = Awaited<ReturnType<(typeof readers)[K]>>[number]

export const kinds = Object.keys(readers) as readonly WorldList[]
