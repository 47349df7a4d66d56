import { ColumnNode, ReferenceNode, SelectQueryNode, sql, type OperationNode } from 'kysely'
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
  /** The page begins after the row that has these values in the columns of the order, whether it still exists or not. */
  readonly after?: Position | undefined
}

/** What a row has in the columns that its list is ordered by. They must tell any two rows apart. */
export type Position = readonly (string | number)[]

export interface Listing<Row> {
  readonly rows: readonly Row[]
  /** How many there are on all pages. */
  readonly total: number
  /** Where the next page begins; undefined at the end. */
  readonly next: Position | undefined
}

/** A position that is none of the list it was given for. */
export class WrongPosition extends Error {}

/** One page of an ordered query, and the size of all of it. */
export async function readPage<Table extends keyof Tables, Row>(
  query: SelectQueryBuilder<Tables, Table, Row>,
  page: Page,
): Promise<Listing<Row>> {
  if (page.limit === 0) return { rows: [], total: await countRows(query), next: undefined }
  const order = orderOf(query.toOperationNode())
  const start = page.after ? query.where(beyond(order, page.after)) : query.offset(page.offset)
  const found = await start.limit(page.limit + 1).execute()
  const rows = found.slice(0, page.limit)
  const last = found.length > rows.length ? rows.at(-1) : undefined
  // The last page by number tells how many there are: most lists fit on one page.
  const known = !page.after && !last && (rows.length > 0 || page.offset === 0)
  const total = known ? page.offset + rows.length : await countRows(query)
  return { rows, total, next: last && positionOf(order, last) }
}

async function countRows<Table extends keyof Tables, Row>(
  query: SelectQueryBuilder<Tables, Table, Row>,
): Promise<number> {
  const { total } = await query
    .clearSelect()
    .clearOrderBy()
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return total
}

/** The same of a list that is at hand, in the order of its keys. */
export function listPage<Row>(all: readonly Row[], keyOf: (row: Row) => string, page: Page): Listing<Row> {
  const [after] = page.after ?? []
  const isWrong = page.after && (page.after.length !== 1 || typeof after !== 'string')
  if (isWrong) throw new WrongPosition()
  const ordered = all.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const rest = ordered.filter((row) => after === undefined || keyOf(row) > after).slice(page.offset)
  const rows = rest.slice(0, page.limit)
  const last = rest.length > rows.length ? rows.at(-1) : undefined
  return { rows, total: all.length, next: last === undefined ? undefined : [keyOf(last)] }
}

interface OrderColumn {
  /** With its table, where the query says it. */
  readonly reference: string
  readonly name: string
}

/** The columns that the query is ordered by, all of them ascending. */
function orderOf(query: OperationNode): readonly OrderColumn[] {
  const items = SelectQueryNode.is(query) ? (query.orderBy?.items ?? []) : []
  return items.map(({ orderBy, direction }) => {
    if (direction || !ReferenceNode.is(orderBy) || !ColumnNode.is(orderBy.column)) {
      throw new Error('a list in pages is ordered by columns, ascending')
    }
    const { name } = orderBy.column.column
    const table = orderBy.table?.table.identifier.name
    return { name, reference: table === undefined ? name : `${table}.${name}` }
  })
}

function beyond(order: readonly OrderColumn[], after: Position) {
  if (after.length !== order.length || order.length === 0) throw new WrongPosition()
  const columns = sql.join(order.map(({ reference }) => sql.ref(reference)))
  return sql<boolean>`(${columns}) > (${sql.join(after)})`
}

function positionOf(order: readonly OrderColumn[], row: unknown): Position {
  return order.map(({ name }) => {
    const value = (row as Readonly<Record<string, unknown>>)[name]
    if (typeof value === 'string' || typeof value === 'number') return value
    throw new Error(`the rows of a list that is ordered by ${name} do not show it`)
  })
}
