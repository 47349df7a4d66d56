import type { Kysely, Migration } from 'kysely'

/** What an instance may be given after it was made: a role. */
export const instanceLife: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('instance')
      .addColumn('ram_role_name', 'text', (column) => column.notNull().defaultTo(''))
      .execute()
  },
}
