import type { Kysely, Migration } from 'kysely'

/** What instances learn late: that they were moved in their network, and when they are to be released. */
export const instanceChanges: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('instance')
      .addColumn('moved_boot', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    await db.schema
      .alterTable('instance')
      .addColumn('release_at', 'text', (column) => column.notNull().defaultTo(''))
      .execute()
    await db.schema.createIndex('instance_by_release_at').on('instance').column('release_at').execute()
  },
}
