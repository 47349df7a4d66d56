import type { Kysely, Migration } from 'kysely'

/** What a resource group is called, beside its name. */
export const resourceGroups: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('resource_group')
      .addColumn('display_name', 'text', (column) => column.notNull().defaultTo(''))
      .execute()
  },
}
