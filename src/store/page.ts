import type { SelectQueryBuilder, Transaction } from 'kysely'
import type { AccountId, RegionId } from '../model/ids.ts'
import type { Tables } from './tables.ts'

export type Tx = Transaction<Tables>

/** Whose objects are meant. Every look-up names it, so that nobody finds another one's. */
export interface Owner {
  readonly account: AccountId
  readonly region: RegionId
}

export interface Page {
  readonly offset: number
  readonly limit: number
}

export interface Listing<Row> {
  readonly rows: readonly Row[]
  /** How many there are on all pages. */
  readonly total: number
}

/** One page of an ordered query, and the size of all of it. */
export async function readPage<Table extends keyof Tables, Row>(
  query: SelectQueryBuilder<Tables, Table, Row>,
  page: Page,
): Promise<Listing<Row>> {
  const { total } = await query
    .clearSelect()
    .clearOrderBy()
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await query.limit(page.limit).offset(page.offset).execute()
  return { rows, total }
}
