/**
 * The log of changes: triggers write into it what every insert, update and delete of a row of the world touched,
 * whoever made it (migration 003). A reader remembers how far it has read.
 */
import type { Transaction } from 'kysely'
import type { WorldList } from '../../model/world.ts'
import type { Tables } from '../tables.ts'
import { furtherMark } from '../transit.ts'
import { kinds } from './kinds.ts'

export interface Change {
  /** A list of the world, or `world` for its own row, or `transit` for the pair of the owner named by `id`. */
  readonly kind: WorldList | 'world' | 'transit'
  readonly id: string
}

export interface Changes {
  readonly items: readonly Change[]
  /** Number of the newest entry. */
  readonly last: number
  /** False when entries after `since` were pruned already: then everything has to be read. */
  readonly complete: boolean
}

export type Changed = Readonly<Record<WorldList, ReadonlySet<string>>>

/** With more to read than this, reading everything is cheaper (and SQL has a limit of parameters). */
const many = 2_000
/** Entries kept behind the newest one. A reader that is further behind reads everything. */
const kept = 10_000
/** Pruning is put off until this many are too old, so that it is rare. */
const slack = 1_000

export async function readChanges(tx: Transaction<Tables>, since: number): Promise<Changes> {
  const { first, last } = await tx
    .selectFrom('change')
    .select((eb) => [eb.fn.min('seq').as('first'), eb.fn.max('seq').as('last')])
    .executeTakeFirstOrThrow()
  if (first === null || last === null) return { items: [], last: Math.max(since, 0), complete: since >= 0 }
  if (last - first > kept + slack)
    await tx
      .deleteFrom('change')
      .where('seq', '<=', last - kept)
      .execute()
  const complete = since >= 0 && first <= since + 1 && last - since <= many
  if (!complete) return { items: [], last, complete }
  const items = await tx.selectFrom('change').select(['kind', 'id']).where('seq', '>', since).execute()
  return { items, last, complete }
}

/** The objects to read anew: those that were changed, and those that hold something of one that was. */
export async function affected(tx: Transaction<Tables>, changes: readonly Change[]): Promise<Changed> {
  const sets = Object.fromEntries(kinds.map((kind) => [kind, new Set<string>()])) as Record<
    WorldList,
    Set<string>
  >
  for (const { kind, id } of changes) {
    if (kind === 'world') continue
    if (kind === 'transit') {
      const owner = id.replace(furtherMark, '')
      sets[holderOf(owner)].add(owner.split('/')[0] ?? owner)
    } else sets[kind].add(id)
  }
  // An ENI lives and goes with its holder, and a load balancer holds the addresses of its servers.
  const holders = [...sets.instances, ...sets.endpoints]
  if (holders.length > 0) {
    const enis = await tx
      .selectFrom('eni')
      .select('id')
      .where((eb) => eb.or([eb('instance_id', 'in', holders), eb('endpoint_id', 'in', holders)]))
      .execute()
    for (const { id } of enis) sets.enis.add(id)
  }
  const servers = [...sets.instances, ...sets.enis]
  if (servers.length > 0) {
    for (const table of ['backend_server', 'group_server'] as const) {
      const balancers = await tx
        .selectFrom<'backend_server' | 'group_server'>(table)
        .select('load_balancer_id')
        .where('server_id', 'in', servers)
        .execute()
      for (const balancer of balancers) sets.loadBalancers.add(balancer.load_balancer_id)
    }
    const listeners = await tx
      .selectFrom('nlb_server')
      .innerJoin('nlb_listener', 'nlb_listener.server_group_id', 'nlb_server.group_id')
      .select('nlb_listener.load_balancer_id')
      .where('nlb_server.server_id', 'in', servers)
      .execute()
    for (const listener of listeners) sets.loadBalancers.add(listener.load_balancer_id)
  }
  return sets
}

/** Owners of transit pairs: a VPC, a vSwitch, or `<endpoint>/<zone>`. */
function holderOf(owner: string): WorldList {
  if (owner.startsWith('vpc-')) return 'vpcs'
  return owner.startsWith('vsw-') ? 'vswitches' : 'endpoints'
}
