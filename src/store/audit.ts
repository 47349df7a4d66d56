/** The record of all calls. It is only added to; triggers refuse the rest (migration 007). */
import { sql, type Insertable, type Selectable } from 'kysely'
import type { AccountId } from '../model/ids.ts'
import type { Tx } from './page.ts'
import { prepare } from './prepared.ts'
import type { AuditEventTable, AuditResourceTable } from './tables.ts'

export type NewAuditEvent = Omit<Insertable<AuditEventTable>, 'seq' | 'resources'> & {
  readonly resources: AuditResources
}

export type AuditEvent = Selectable<AuditEventTable>

/** Ids by type. */
export type AuditResources = Readonly<Record<string, readonly string[]>>

type EventRow = Insertable<Omit<AuditEventTable, 'seq'>>

/** An object, so that the compiler misses a column that is not here. */
const columns: Readonly<Record<keyof EventRow, true>> = {
  at: true,
  account_id: true,
  principal_type: true,
  principal_id: true,
  user_name: true,
  access_key_id: true,
  source_ip: true,
  user_agent: true,
  host: true,
  scheme: true,
  event_type: true,
  product: true,
  version: true,
  action: true,
  effect: true,
  region_id: true,
  request_id: true,
  error_code: true,
  error_message: true,
  parameters: true,
  resources: true,
}

const addEvent = prepare(Object.keys(columns), (db, row: EventRow) =>
  db.insertInto('audit_event').values(row),
)

const addResource = prepare(['account_id', 'name', 'at', 'seq'], (db, row: AuditResourceTable) =>
  db.insertInto('audit_resource').values(row),
)

/** To be called in the transaction of the call that is recorded. */
export async function recordEvent(tx: Tx, { resources, ...event }: NewAuditEvent): Promise<void> {
  const { insertId } = await addEvent(tx, { ...event, resources: JSON.stringify(resources) })
  const seq = Number(insertId)
  for (const name of new Set(Object.values(resources).flat())) {
    await addResource(tx, { account_id: event.account_id, name, at: event.at, seq })
  }
}

/** Where a page ended. */
export interface AuditPosition {
  readonly at: string
  readonly seq: number
}

export interface AuditQuery {
  /** Undefined stands for all: the operator's view. */
  readonly account: string | undefined
  /** Both inclusive. */
  readonly from: string
  readonly to: string
  readonly order: 'asc' | 'desc'
  readonly after: AuditPosition | undefined
  readonly limit: number
  readonly resource?: string | undefined
  readonly resourceType?: string | undefined
  readonly requestId?: string | undefined
  readonly product?: string | undefined
  readonly action?: string | undefined
  readonly user?: string | undefined
  readonly accessKey?: string | undefined
  readonly effect?: AuditEventTable['effect'] | undefined
}

export interface AuditPage {
  readonly events: readonly AuditEvent[]
  /** Undefined at the end. A page may be short, even empty, and still not be the last. */
  readonly next: AuditPosition | undefined
}

/** What one query looks at, so that a filter that matches little holds nobody up: the next page goes on from there. */
const mostLookedAt = 10_000

export async function lookUpEvents(tx: Tx, query: AuditQuery): Promise<AuditPage> {
  const looked = candidates(tx, query)
  let filtered = tx
    .selectFrom(looked.as('looked'))
    .innerJoin('audit_event', 'audit_event.seq', 'looked.seq')
    .selectAll('audit_event')
    .orderBy('looked.at', query.order)
    .orderBy('looked.seq', query.order)
  for (const [column, wanted] of filtersOf(query)) {
    if (wanted !== undefined) filtered = filtered.where(`audit_event.${column}`, '=', wanted)
  }
  if (query.resourceType !== undefined) {
    filtered = filtered.where(
      sql<string | null>`json_extract(resources, ${typePath(query.resourceType)})`,
      'is not',
      null,
    )
  }
  const rows = await filtered.limit(query.limit + 1).execute()
  const events = rows.slice(0, query.limit)
  if (rows.length > query.limit) return { events, next: positionOf(events.at(-1)) }
  const last = await looked.offset(mostLookedAt - 1).executeTakeFirst()
  return { events, next: last }
}

function candidates(tx: Tx, query: AuditQuery) {
  const named = query.account !== undefined && query.resource !== undefined && query.requestId === undefined
  let keys = tx
    .selectFrom(named ? 'audit_resource' : 'audit_event')
    .select(['at', 'seq'])
    .where('at', '>=', query.from)
    .where('at', '<=', query.to)
    .orderBy('at', query.order)
    .orderBy('seq', query.order)
    .limit(mostLookedAt)
  if (query.account !== undefined) keys = keys.where('account_id', '=', query.account)
  if (query.requestId !== undefined) keys = keys.where(sql.ref('request_id'), '=', query.requestId)
  if (named) keys = keys.where(sql.ref('name'), '=', query.resource)
  if (query.after) {
    const comparison = query.order === 'asc' ? sql`>` : sql`<`
    keys = keys.where(sql<boolean>`(at, seq) ${comparison} (${query.after.at}, ${query.after.seq})`)
  }
  return keys
}

function filtersOf(query: AuditQuery) {
  return [
    ['product', query.product],
    ['action', query.action],
    ['user_name', query.user],
    ['access_key_id', query.accessKey],
    ['effect', query.effect],
  ] as const
}

function typePath(type: string): string {
  return `$.${JSON.stringify(type)}`
}

function positionOf(event: AuditEvent | undefined): AuditPosition | undefined {
  return event && { at: event.at, seq: event.seq }
}

/** When an account's key last signed a call that is on record. */
export async function lastUseOf(
  tx: Tx,
  { account, accessKey }: { readonly account: AccountId; readonly accessKey: string },
): Promise<string | undefined> {
  const { at } = await tx
    .selectFrom('audit_event')
    .select((eb) => eb.fn.max('at').as('at'))
    .where('access_key_id', '=', accessKey)
    // Calls that nobody signed name keys as well.
    .where('account_id', '=', account)
    .executeTakeFirstOrThrow()
  return at ?? undefined
}

/** Days that the public record goes back, and how many calls are kept at most: a gigabyte or two. */
const keptDays = 90
const keptEvents = 5_000_000
const purgedAtOnce = 2000

/** Drops the oldest events that are too old or too many; true when there is more to drop. */
export async function purgeEvents(tx: Tx, now: Date): Promise<boolean> {
  const oldest = new Date(now.getTime() - keptDays * 86_400_000).toISOString()
  const ends = await tx
    .selectFrom('audit_event')
    .select((eb) => [eb.fn.min('seq').as('first'), eb.fn.max('seq').as('last')])
    .executeTakeFirstOrThrow()
  if (ends.first === null || ends.last === null) return false
  const upTo = ends.first + purgedAtOnce
  const kept = await tx
    .selectFrom('audit_event')
    .select('seq')
    .where('seq', '<', upTo)
    .where('at', '>=', oldest)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst()
  const tooOld = kept?.seq ?? upTo
  const tooMany = Math.min(ends.last - keptEvents + 1, upTo)
  const horizon = Math.max(tooOld, tooMany)
  if (horizon <= ends.first) return false
  await tx.updateTable('audit_horizon').set({ seq: horizon }).where('seq', '<', horizon).execute()
  await tx.deleteFrom('audit_event').where('seq', '<', horizon).execute()
  return horizon === upTo
}
