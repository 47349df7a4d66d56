/**
 * Queries that every request makes are built once: kysely takes as long to build one as SQLite to run it. The builder below
 * is connected to nothing, it only writes SQL.
 */
import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Compilable,
  type QueryResult,
} from 'kysely'
import type { Tables } from './tables.ts'

const builder = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

/** Stands in a built query where a value will be. */
class Place {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/**
 * The query that `build` makes of the values with these names, ready to be run with any.
 *
 *     const findKey = prepare(['id'], (db, { id }) => db.selectFrom('access_key').selectAll().where('id', '=', id))
 *     const { rows } = await findKey(tx, { id: 'LTAI…' })
 */
export function prepare<const Name extends string, Row, Values extends Readonly<Record<Name, unknown>>>(
  names: readonly Name[],
  build: (db: Kysely<Tables>, values: Values) => Compilable<Row>,
): (db: Kysely<Tables>, values: Values) => Promise<QueryResult<Row>> {
  const places = Object.fromEntries(names.map((name) => [name, new Place(name)]))
  const query = build(builder, places as Values).compile()
  const valueOf = (values: Values, parameter: unknown) =>
    parameter instanceof Place ? values[parameter.name as Name] : parameter
  return (db, values) =>
    db.executeQuery({
      ...query,
      parameters: query.parameters.map((parameter) => valueOf(values, parameter)),
    })
}
