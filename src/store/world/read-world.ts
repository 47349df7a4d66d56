/**
 * The snapshot the planner works on. What is being deleted is not part of the world any more; its rows only wait
 * for the report that the kernel has let go of it.
 *
 * A reader keeps the last snapshot and reads anew only what the log of changes names, so a change costs the same
 * however large the world is. An object that did not change stays the same object: the compiler relies on that to
 * do no work twice.
 */
import type { Transaction } from 'kysely'
import { patched, type Identified } from '../../lists/sorted.ts'
import type { World, WorldList } from '../../model/world.ts'
import type { Tables } from '../tables.ts'
import { listLimits } from '../consumer-limits.ts'
import { listOutages } from '../zone-outages.ts'
import { affected, readChanges, type Changed } from './changes.ts'
import { kinds, readers, type Item } from './kinds.ts'
import type { OpenKey } from './load-balancers.ts'

export type WorldReader = (tx: Transaction<Tables>) => Promise<World>

/** Each list sorted by id. */
type Known = { readonly [K in WorldList]: readonly Item<K>[] }

/** `openKey` opens the private keys of certificates. */
export function createWorldReader(openKey: OpenKey): WorldReader {
  let seen = -1
  let known: Known | undefined
  let world: World | undefined
  return async (tx) => {
    const changes = await readChanges(tx, seen)
    if (world && changes.complete && changes.items.length === 0) return world
    const update =
      known && changes.complete
        ? await refresh(tx, known, await affected(tx, changes.items), openKey)
        : await refresh(tx, {}, undefined, openKey)
    known = update
    world = await assemble(tx, update)
    seen = changes.last
    return world
  }
}

/** Everything, read anew, but for private keys: who asks so carries nothing out. */
export async function readWorld(tx: Transaction<Tables>): Promise<World> {
  return await assemble(tx, await refresh(tx, {}, undefined, () => ''))
}

async function refresh(
  tx: Transaction<Tables>,
  known: Partial<Known>,
  changed: Changed | undefined,
  openKey: OpenKey,
): Promise<Known> {
  const next: Record<string, readonly Identified[]> = { ...known }
  for (const kind of kinds) {
    const ids = changed?.[kind]
    if (ids?.size === 0) continue
    const kept: readonly Identified[] = ids ? (known[kind] ?? []) : []
    next[kind] = patched(kept, await readers[kind](tx, ids && [...ids], openKey), [...(ids ?? [])])
  }
  return next as unknown as Known
}

async function assemble(tx: Transaction<Tables>, known: Known): Promise<World> {
  const row = await tx.selectFrom('world').selectAll().executeTakeFirstOrThrow()
  return {
    generation: row.generation,
    deployment: row.deployment,
    domainSuffix: row.domain_suffix,
    consumerLimits: await listLimits(tx),
    zonesDown: (await listOutages(tx)).map(({ zone_id: zone }) => zone),
    vpcs: known.vpcs,
    vswitches: known.vswitches,
    routes: known.routes,
    securityGroups: known.securityGroups,
    instances: known.instances,
    enis: known.enis,
    loadBalancers: known.loadBalancers,
    services: known.services,
    endpoints: known.endpoints,
  }
}
