import type { Kysely, Migration } from 'kysely'

/** Passwords of RAM users, what their account demands of them, and when a key was used. */
export const logins: Migration = {
  async up(db: Kysely<unknown>) {
    let profiles = db.schema
      .createTable('login_profile')
      .addColumn('user_id', 'text', (column) =>
        column.primaryKey().references('ram_user.id').onDelete('cascade'),
      )
    for (const text of [
      'salt',
      'password_hash',
      'earlier_hashes',
      'created_at',
      'changed_at',
      'attempts_since',
    ]) {
      profiles = profiles.addColumn(text, 'text', (column) => column.notNull())
    }
    for (const integer of ['reset_required', 'mfa_required', 'attempts']) {
      profiles = profiles.addColumn(integer, 'integer', (column) => column.notNull())
    }
    await profiles.execute()
    let policies = db.schema
      .createTable('password_policy')
      .addColumn('account_id', 'text', (column) => column.primaryKey().references('account.id'))
    for (const integer of [
      'minimum_length',
      'require_lowercase',
      'require_uppercase',
      'require_numbers',
      'require_symbols',
      'hard_expiry',
      'max_age_days',
      'reuse_prevention',
      'max_login_attempts',
    ]) {
      policies = policies.addColumn(integer, 'integer', (column) => column.notNull())
    }
    await policies.execute()
    await db.schema
      .createIndex('audit_event_by_access_key')
      .on('audit_event')
      .columns(['access_key_id', 'at'])
      .execute()
    await db.schema.alterTable('ram_user').addColumn('last_login_at', 'text').execute()
  },
}
