import { sql, type Kysely, type Migration } from 'kysely'

/** Sessions of the console, links that sign in, and the kind of an audited event. */
export const consoleSessions: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('console_session')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('account_id', 'text', (column) => column.notNull().references('account.id'))
      .addColumn('every_account', 'integer', (column) => column.notNull())
      .addColumn('seen_at', 'text', (column) => column.notNull())
      .addColumn('ends_at', 'text', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('console_identity')
      .addColumn('session_id', 'text', (column) =>
        column.notNull().references('console_session.id').onDelete('cascade'),
      )
      .addColumn('account_id', 'text', (column) => column.notNull().references('account.id'))
      .addColumn('user_id', 'text')
      .addColumn('method', 'text', (column) => column.notNull())
      .addColumn('access_key_id', 'text')
      .addColumn('password_set_at', 'text')
      .addPrimaryKeyConstraint('console_identity_key', ['session_id', 'account_id'])
      .execute()
    await db.schema
      .createTable('console_link')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('account_id', 'text', (column) => column.references('account.id'))
      .addColumn('ends_at', 'text', (column) => column.notNull())
      .execute()
    await sql`alter table audit_event add column event_type text not null default 'ApiCall'`.execute(db)
  },
}
