import { closeSync, openSync } from 'node:fs'
import { Kysely, Migrator } from 'kysely'
import { migrations } from './migrations/list.ts'
import { NodeSqliteDialect } from './sqlite.ts'
import type { Tables } from './tables.ts'

/** Opens (or makes) the database and brings its schema up to date. `:memory:` is a database of its own. */
export async function openDatabase(file: string): Promise<Kysely<Tables>> {
  // SQLite gives its -wal and -shm files the mode of the database file.
  if (file !== ':memory:') closeSync(openSync(file, 'a', 0o600))
  const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(file) })
  try {
    await migrate(db)
  } catch (error) {
    await db.destroy()
    throw new Error(`cannot open the database ${file}`, { cause: error })
  }
  return db
}

async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
}
