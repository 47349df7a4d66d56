import type { Kysely, Migration } from 'kysely'

/**
 * Certificates of HTTPS listeners. What one holds never changes, so none is an object of the world: a listener is told
 * another one, and that is a change of the listener.
 */
export const certificates: Migration = {
  async up(db: Kysely<unknown>) {
    let table = db.schema
      .createTable('server_certificate')
      .addColumn('id', 'text', (column) => column.primaryKey())
    const owned = ['account_id', 'region_id', 'resource_group_id', 'created_at', 'name']
    const held = ['chain', 'sealed_key', 'fingerprint', 'common_name', 'alternative_names', 'expires_at']
    for (const column of [...owned, ...held]) table = table.addColumn(column, 'text', (to) => to.notNull())
    await table.execute()
    await db.schema
      .createIndex('server_certificate_in_order')
      .on('server_certificate')
      .columns(['account_id', 'region_id', 'created_at', 'id'])
      .execute()
  },
}
