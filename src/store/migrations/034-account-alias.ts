import type { Kysely, Migration } from 'kysely'

/** The name that an account gives itself. */
export const accountAlias: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('account').addColumn('alias', 'text').execute()
    await db.schema.createIndex('account_by_alias').on('account').column('alias').unique().execute()
  },
}
