import type { Migration } from 'kysely'

/** Accounts, access keys, and what makes a request count once: nonces and client tokens. */
export const identity: Migration = {
  async up(db) {
    await db.schema
      .createTable('account')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('privatelink_opened_at', 'text')
      .execute()
    await db.schema
      .createTable('access_key')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('account_id', 'text', (column) => column.notNull().references('account.id'))
      .addColumn('sealed_secret', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('access_key_account').on('access_key').column('account_id').execute()
    await db.schema
      .createTable('nonce')
      .addColumn('access_key_id', 'text', (column) => column.notNull())
      .addColumn('nonce', 'text', (column) => column.notNull())
      .addColumn('seen_at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('nonce_key', ['access_key_id', 'nonce'])
      .execute()
    await db.schema.createIndex('nonce_seen_at').on('nonce').column('seen_at').execute()
    await db.schema
      .createTable('client_token')
      .addColumn('account_id', 'text', (column) => column.notNull().references('account.id'))
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('token', 'text', (column) => column.notNull())
      .addColumn('params_hash', 'text', (column) => column.notNull())
      .addColumn('response', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('client_token_key', ['account_id', 'action', 'token'])
      .execute()
    await db.schema.createIndex('client_token_created_at').on('client_token').column('created_at').execute()
  },
}
