import { sql, type Kysely, type Migration } from 'kysely'

/** Default networks, more blocks and route tables of a VPC, interfaces that come and go, and prefix lists. */
export const networks: Migration = {
  async up(db: Kysely<unknown>) {
    await addFlag(db, 'vpc', 'is_default', 0)
    await addFlag(db, 'vswitch', 'is_default', 0)
    await addFlag(db, 'eni', 'delete_on_release', 1)
    await addText(db, 'eni', 'status', 'InUse')
    await addText(db, 'route_table', 'type', 'System')
    await addText(db, 'route_table', 'created_at', '')
    await db.schema.alterTable('vswitch').addColumn('route_table_id', 'text').execute()
    await db.schema.alterTable('security_group_rule').addColumn('peer_prefix_list_id', 'text').execute()
    await db.schema
      .createTable('vpc_block')
      .addColumn('vpc_id', 'text', (column) => column.notNull().references('vpc.id').onDelete('cascade'))
      .addColumn('cidr', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('vpc_block_key', ['vpc_id', 'cidr'])
      .execute()
    await createPrefixLists(db)
    for (const [table, column] of [
      ['vswitch', 'route_table_id'],
      ['security_group_rule', 'peer_prefix_list_id'],
      ['prefix_list', 'account_id'],
    ] as const) {
      await db.schema.createIndex(`${table}_by_${column}`).on(table).column(column).execute()
    }
  },
}

async function createPrefixLists(db: Kysely<unknown>): Promise<void> {
  let table = db.schema
    .createTable('prefix_list')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('max_entries', 'integer', (column) => column.notNull())
  for (const column of [
    'account_id',
    'region_id',
    'resource_group_id',
    'created_at',
    'name',
    'description',
  ]) {
    table = table.addColumn(column, 'text', (definition) => definition.notNull())
  }
  await table.execute()
  await db.schema
    .createTable('prefix_list_entry')
    .addColumn('prefix_list_id', 'text', (column) =>
      column.notNull().references('prefix_list.id').onDelete('cascade'),
    )
    .addColumn('cidr', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('prefix_list_entry_key', ['prefix_list_id', 'cidr'])
    .execute()
  // As in migration 003: the world has the blocks of a list in each rule that names it.
  for (const event of ['insert', 'delete']) {
    const row = event === 'delete' ? 'old' : 'new'
    await sql`create trigger ${sql.ref(`prefix_list_entry_${event}_is_logged`)} after ${sql.raw(event)} on prefix_list_entry
      begin insert into change (kind, id) select 'securityGroups', security_group_id from security_group_rule
        where peer_prefix_list_id = ${sql.ref(`${row}.prefix_list_id`)}; end`.execute(db)
  }
}

async function addFlag(db: Kysely<unknown>, table: string, column: string, value: 0 | 1): Promise<void> {
  await db.schema
    .alterTable(table)
    .addColumn(column, 'integer', (definition) => definition.notNull().defaultTo(value))
    .execute()
}

async function addText(db: Kysely<unknown>, table: string, column: string, value: string): Promise<void> {
  await db.schema
    .alterTable(table)
    .addColumn(column, 'text', (definition) => definition.notNull().defaultTo(value))
    .execute()
}
