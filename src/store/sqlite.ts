/**
 * SQLite through `node:sqlite`. There is one connection, so transactions run one after the other: code inside a
 * transaction must use the transaction, never the database, or it waits for itself for ever.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { CompiledQuery, SqliteDialect, SqliteDriver } from 'kysely'
import type { DatabaseConnection, Driver, SqliteDatabase, SqliteDialectConfig } from 'kysely'

export class NodeSqliteDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig

  constructor(file: string) {
    const config = { database: openSqlite(file) }
    super(config)
    this.#config = config
  }

  override createDriver(): Driver {
    return new ImmediateDriver(this.#config)
  }
}

/** A deferred `begin` takes the write lock at the first write, when another process may have changed what was read. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

const statementsKept = 500

function openSqlite(file: string): SqliteDatabase {
  const sqlite = new DatabaseSync(file)
  sqlite.exec('pragma busy_timeout = 5000')
  sqlite.exec('pragma journal_mode = WAL')
  sqlite.exec('pragma synchronous = FULL')
  sqlite.exec('pragma foreign_keys = ON')
  const statements = new Map<string, Statement>()

  /** Preparing a statement costs more than running it. The oldest go first, so the number stays bounded. */
  function prepare(text: string): Statement {
    const known = statements.get(text)
    if (known) return known
    const statement = describe(sqlite.prepare(text))
    statements.set(text, statement)
    for (const oldest of statements.keys()) {
      if (statements.size <= statementsKept) break
      statements.delete(oldest)
    }
    return statement
  }

  return { close: () => sqlite.close(), prepare }
}

type Statement = ReturnType<SqliteDatabase['prepare']>

/**
 * Rows are made here: the objects that node itself makes of them are slow to read, as they have no prototype and find each
 * field by a hash of its name. The columns stay as they are once the migrations are done.
 */
function describe(statement: StatementSync): Statement {
  const names = statement.columns().map(({ name }) => name)
  statement.setReturnArrays(true)
  // The types of node do not know what was just set.
  const rowOf = (values: unknown) => makeRow(names, values as readonly unknown[])
  return {
    reader: names.length > 0,
    all: (values) => statement.all(...(values as SQLInputValue[])).map(rowOf),
    run: (values) => statement.run(...(values as SQLInputValue[])),
    *iterate(values) {
      for (const row of statement.iterate(...(values as SQLInputValue[]))) yield rowOf(row)
    },
  }
}

function makeRow(names: readonly string[], values: readonly unknown[]): Readonly<Record<string, unknown>> {
  const row: Record<string, unknown> = {}
  let column = 0
  for (const name of names) row[name] = values[column++]
  return row
}
