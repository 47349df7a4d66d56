import type { Kysely, Migration } from 'kysely'

/** What only HTTP listeners can be told, as one JSON text. */
export const http: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('listener').addColumn('http', 'text').execute()
  },
}
