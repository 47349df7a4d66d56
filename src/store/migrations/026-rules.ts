import { sql, type Kysely, type Migration } from 'kysely'

/** Authorities whose clients an HTTPS listener lets in, and forwarding rules of HTTP and HTTPS listeners. */
export const rules: Migration = {
  async up(db: Kysely<unknown>) {
    let authorities = db.schema
      .createTable('ca_certificate')
      .addColumn('id', 'text', (column) => column.primaryKey())
    const owned = ['account_id', 'region_id', 'resource_group_id', 'created_at', 'name']
    for (const name of [...owned, 'chain', 'fingerprint', 'common_name', 'expires_at'])
      authorities = authorities.addColumn(name, 'text', (column) => column.notNull())
    await authorities.execute()
    await db.schema
      .createIndex('ca_certificate_in_order')
      .on('ca_certificate')
      .columns(['account_id', 'region_id', 'created_at', 'id'])
      .execute()
    await db.schema
      .createTable('listener_rule')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('account_id', 'text', (column) => column.notNull())
      .addColumn('region_id', 'text', (column) => column.notNull())
      .addColumn('load_balancer_id', 'text', (column) => column.notNull())
      .addColumn('protocol', 'text', (column) => column.notNull())
      .addColumn('port', 'integer', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('domain', 'text', (column) => column.notNull())
      .addColumn('url', 'text', (column) => column.notNull())
      .addColumn('server_group_id', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addForeignKeyConstraint(
        'listener_rule_of_listener',
        ['load_balancer_id', 'protocol', 'port'],
        'listener',
        ['load_balancer_id', 'protocol', 'port'],
        (constraint) => constraint.onDelete('cascade'),
      )
      .execute()
    await db.schema
      .createIndex('listener_rule_by_listener')
      .on('listener_rule')
      .columns(['load_balancer_id', 'protocol', 'port'])
      .execute()
    // As in migration 003.
    for (const event of ['insert', 'update', 'delete']) {
      const row = event === 'delete' ? 'old' : 'new'
      await sql`create trigger ${sql.ref(`listener_rule_${event}_is_logged`)} after ${sql.raw(event)} on listener_rule
        begin insert into change (kind, id) values ('loadBalancers', ${sql.ref(`${row}.load_balancer_id`)}); end`.execute(
        db,
      )
    }
  },
}
