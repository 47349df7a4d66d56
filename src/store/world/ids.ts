/** The objects to read; undefined for all of them. */
export type Ids = readonly string[] | undefined

interface Narrowing<Column, Query> {
  where(column: Column, operator: 'in', values: readonly string[]): Query
}

/** For a query's `$call`: narrows it to rows whose `column` is one of `ids`. */
export function chosen<Column extends string>(column: Column, ids: Ids) {
  return <Query extends Narrowing<Column, Query>>(query: Query): Query =>
    ids === undefined ? query : query.where(column, 'in', ids)
}
