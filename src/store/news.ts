/** What has changed since somebody last looked, and for whom: from the log of changes and the record of calls. */
import type { AccountId } from '../model/ids.ts'
import type { WorldList } from '../model/world.ts'
import type { Tx } from './page.ts'

/** How far the log of changes and the record of calls were read. */
export interface NewsPosition {
  readonly change: number
  readonly call: number
}

/** A list of the world, or the product whose action wrote. */
export type NewsKind = string

export type NewsByAccount = ReadonlyMap<AccountId, ReadonlySet<NewsKind>>

/** `kind` has changed of these objects of a list. */
export interface ObjectNews {
  readonly kind: NewsKind
  readonly list: WorldList
  readonly ids: readonly string[]
}

export interface News {
  readonly position: NewsPosition
  /** Undefined when so much has changed that nobody can say what: then everything is to be read anew. */
  readonly byAccount: NewsByAccount | undefined
}

export async function newsPosition(tx: Tx): Promise<NewsPosition> {
  const change = await tx
    .selectFrom('change')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .executeTakeFirst()
  const call = await tx
    .selectFrom('audit_event')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .executeTakeFirst()
  return { change: change?.seq ?? 0, call: call?.seq ?? 0 }
}

/** With more to read than this, nobody is helped by details. */
const many = 5_000

/** `more`: what is not in the store. */
export async function readNews(tx: Tx, since: NewsPosition, more: readonly ObjectNews[]): Promise<News> {
  const position = await newsPosition(tx)
  if (position.change - since.change > many || position.call - since.call > many) {
    return { position, byAccount: undefined }
  }
  const byAccount = new Map<AccountId, Set<NewsKind>>()
  const tell: Tell = (account, kind) => {
    const kinds = byAccount.get(account) ?? new Set()
    byAccount.set(account, kinds.add(kind))
  }
  if (position.change > since.change) await tellChanges(tx, since, tell)
  if (position.call > since.call) await tellWrites(tx, since, tell)
  for (const news of more) await tellOwners(tx, news, tell)
  return { position, byAccount }
}

type Tell = (account: AccountId, kind: NewsKind) => void

async function tellChanges(tx: Tx, since: NewsPosition, tell: Tell): Promise<void> {
  const rows = await tx
    .selectFrom('change')
    .select(['kind', 'id', 'account_id'])
    .where('seq', '>', since.change)
    .execute()
  const ids = new Map<WorldList, Set<string>>()
  for (const { kind, id, account_id } of rows) {
    if (kind === 'world' || kind === 'transit') continue
    if (account_id !== null) tell(account_id as AccountId, kind)
    else ids.set(kind, (ids.get(kind) ?? new Set()).add(id))
  }
  for (const [list, changed] of ids) await tellOwners(tx, { kind: list, list, ids: [...changed] }, tell)
}

/** Of what is written outside the world (users, tags, groups), the record of calls tells at least the product. */
async function tellWrites(tx: Tx, since: NewsPosition, tell: Tell): Promise<void> {
  const rows = await tx
    .selectFrom('audit_event')
    .select(['account_id', 'product'])
    .distinct()
    .where('seq', '>', since.call)
    .where('effect', '=', 'write')
    .where('event_type', 'in', ['ApiCall', 'ConsoleOperation'])
    .where('error_code', '=', '')
    .where('account_id', '<>', '')
    .execute()
  for (const { account_id, product } of rows) tell(account_id as AccountId, product)
}

const tables = {
  vpcs: ['vpc'],
  // A route is its VPC's: see `tellVpcOwners`.
  routes: [],
  vswitches: ['vswitch'],
  securityGroups: ['security_group'],
  instances: ['instance'],
  enis: ['eni'],
  loadBalancers: ['load_balancer', 'network_load_balancer'],
  services: ['endpoint_service'],
  endpoints: ['endpoint'],
} as const satisfies Record<WorldList, readonly string[]>

/** SQL has a limit of parameters. */
const atOnce = 500

/** To who owns the objects; of an endpoint, to who owns its service as well. */
async function tellOwners(tx: Tx, { kind, list, ids }: ObjectNews, tell: Tell): Promise<void> {
  for (let at = 0; at < ids.length; at += atOnce) {
    const part = ids.slice(at, at + atOnce)
    for (const table of tables[list]) {
      const owners = await tx
        .selectFrom<(typeof tables)[WorldList][number]>(table)
        .select('account_id')
        .distinct()
        .where('id', 'in', part)
        .execute()
      for (const { account_id } of owners) tell(account_id as AccountId, kind)
    }
    if (list === 'routes') await tellVpcOwners(tx, part, kind, tell)
    if (list === 'endpoints') await tellProviders(tx, part, kind === 'endpoints' ? 'services' : kind, tell)
  }
}

async function tellProviders(
  tx: Tx,
  endpoints: readonly string[],
  kind: NewsKind,
  tell: Tell,
): Promise<void> {
  const providers = await tx
    .selectFrom('endpoint')
    .innerJoin('endpoint_service as service', 'service.id', 'endpoint.service_id')
    .select('service.account_id')
    .distinct()
    .where('endpoint.id', 'in', endpoints)
    .execute()
  for (const { account_id } of providers) tell(account_id as AccountId, kind)
}

async function tellVpcOwners(tx: Tx, routes: readonly string[], kind: NewsKind, tell: Tell): Promise<void> {
  const owners = await tx
    .selectFrom('route_entry')
    .innerJoin('vpc', 'vpc.id', 'route_entry.vpc_id')
    .select('vpc.account_id')
    .distinct()
    .where('route_entry.id', 'in', routes)
    .execute()
  for (const { account_id } of owners) tell(account_id as AccountId, kind)
}
