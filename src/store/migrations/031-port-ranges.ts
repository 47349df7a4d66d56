import type { Kysely, Migration } from 'kysely'

/** Listeners of an NLB with a range of ports, and groups whose servers are called at the port that the client called. */
export const portRanges: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('nlb_listener').addColumn('last_port', 'integer').execute()
    await db.schema
      .alterTable('nlb_server_group')
      .addColumn('any_port', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
  },
}
