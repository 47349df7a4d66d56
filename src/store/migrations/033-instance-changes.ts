import type { Kysely, Migration } from 'kysely'

/** What instances learn late: that they were moved in their network. */
export const instanceChanges: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('instance')
      .addColumn('moved_boot', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
  },
}
