import type { Kysely, Migration } from 'kysely'

/**
 * How long open connections of a server that leaves may go on (null for as long as they like), and the zones that are down.
 * A zone is no row of the world's lists: its changes are seen because each moves the generation.
 */
export const balancing: Migration = {
  async up(db: Kysely<unknown>) {
    for (const table of ['listener', 'nlb_server_group']) {
      await db.schema.alterTable(table).addColumn('connection_drain_timeout', 'integer').execute()
    }
    await db.schema
      .createTable('zone_outage')
      .addColumn('zone_id', 'text', (column) => column.primaryKey())
      .addColumn('since', 'text', (column) => column.notNull())
      .execute()
  },
}
