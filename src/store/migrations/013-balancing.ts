import type { Kysely, Migration } from 'kysely'

/** How long open connections of a server that leaves may go on; null for as long as they like. */
export const balancing: Migration = {
  async up(db: Kysely<unknown>) {
    for (const table of ['listener', 'nlb_server_group']) {
      await db.schema.alterTable(table).addColumn('connection_drain_timeout', 'integer').execute()
    }
  },
}
