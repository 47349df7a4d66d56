import type { Kysely, Migration } from 'kysely'

/** What PrivateLink keeps beside the way of packets, and the old side of a zone whose resource is being replaced. */
export const privatelink: Migration = {
  async up(db: Kysely<unknown>) {
    for (const column of ['replaced_load_balancer_id', 'replaced_eni_id']) {
      await db.schema.alterTable('endpoint_zone').addColumn(column, 'text').execute()
      await db.schema.createIndex(`endpoint_zone_by_${column}`).on('endpoint_zone').column(column).execute()
    }
    for (const column of ['policy_document', 'protected_by']) {
      await db.schema
        .alterTable('endpoint')
        .addColumn(column, 'text', (definition) => definition.notNull().defaultTo(''))
        .execute()
    }
  },
}
