import { sql, type Kysely, type Migration } from 'kysely'

/** VServer groups: servers with a port of their own, for listeners that name the group. */
export const serverGroups: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('server_group')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('account_id', 'text', (column) => column.notNull())
      .addColumn('region_id', 'text', (column) => column.notNull())
      .addColumn('load_balancer_id', 'text', (column) =>
        column.notNull().references('load_balancer.id').onDelete('cascade'),
      )
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('group_server')
      .addColumn('group_id', 'text', (column) =>
        column.notNull().references('server_group.id').onDelete('cascade'),
      )
      .addColumn('load_balancer_id', 'text', (column) => column.notNull())
      .addColumn('server_id', 'text', (column) => column.notNull())
      .addColumn('port', 'integer', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('server_ip', 'text', (column) => column.notNull())
      .addColumn('weight', 'integer', (column) => column.notNull())
      .addColumn('description', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('group_server_key', ['group_id', 'server_id', 'port'])
      .execute()
    await db.schema.alterTable('listener').addColumn('server_group_id', 'text').execute()
    for (const [table, column] of [
      ['server_group', 'account_id'],
      ['server_group', 'load_balancer_id'],
      ['group_server', 'load_balancer_id'],
      ['group_server', 'server_id'],
      ['listener', 'server_group_id'],
    ] as const) {
      await db.schema.createIndex(`${table}_by_${column}`).on(table).column(column).execute()
    }
    // As in migration 003: what a listener's servers are belongs to the world.
    for (const event of ['insert', 'update', 'delete']) {
      const row = event === 'delete' ? 'old' : 'new'
      await sql`create trigger ${sql.ref(`group_server_${event}_is_logged`)} after ${sql.raw(event)} on group_server
        begin insert into change (kind, id) values ('loadBalancers', ${sql.ref(`${row}.load_balancer_id`)}); end`.execute(
        db,
      )
    }
  },
}
