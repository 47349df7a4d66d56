import { sql, type Kysely, type Migration } from 'kysely'

/** Passwords of accounts, sessions of the console, links that sign in, the kind of an audited event, and the owner of what was deleted. */
export const consoleSessions: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('account_password')
      .addColumn('account_id', 'text', (column) => column.primaryKey().references('account.id'))
      .addColumn('salt', 'text', (column) => column.notNull())
      .addColumn('password_hash', 'text', (column) => column.notNull())
      .addColumn('set_at', 'text', (column) => column.notNull())
      .execute()
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
    await tellWhose(db)
  },
}

const owned = [
  ['vpc', 'vpcs'],
  ['vswitch', 'vswitches'],
  ['security_group', 'securityGroups'],
  ['instance', 'instances'],
  ['eni', 'enis'],
  ['load_balancer', 'loadBalancers'],
  ['network_load_balancer', 'loadBalancers'],
  ['endpoint_service', 'services'],
  ['endpoint', 'endpoints'],
] as const

/** Of what is gone nobody can ask any more whose it was, so the log of changes (migration 003) says so. */
async function tellWhose(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('change').addColumn('account_id', 'text').execute()
  for (const [table, kind] of owned) {
    const trigger = sql.ref(`${table}_delete_is_logged`)
    // The owner of a service has lost a connection.
    const connection =
      table === 'endpoint' ? sql`insert into change (kind, id) values ('services', old.service_id);` : sql``
    await sql`drop trigger ${trigger}`.execute(db)
    await sql`create trigger ${trigger} after delete on ${sql.table(table)}
      begin insert into change (kind, id, account_id) values (${sql.lit(kind)}, old.id, old.account_id);
      ${connection} end`.execute(db)
  }
}
