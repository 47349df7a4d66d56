import type { Kysely, Migration } from 'kysely'

/**
 * Listeners of an NLB with a range of ports, groups whose servers are called at the port that the client called, and connections to an
 * NLB that no bandwidth limits. Those that are there keep their limit.
 */
export const rangesAndLimits: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('nlb_listener').addColumn('last_port', 'integer').execute()
    await db.schema
      .alterTable('nlb_server_group')
      .addColumn('any_port', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    await db.schema
      .alterTable('endpoint')
      .addColumn('traffic_control_mode', 'text', (column) => column.notNull().defaultTo('BandwidthLimit'))
      .execute()
  },
}
