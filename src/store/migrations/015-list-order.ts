import { sql, type Kysely, type Migration } from 'kysely'

/** Every list in pages has an index that begins with whose it is and goes on in the list's order. */
export const listOrder: Migration = {
  async up(db: Kysely<unknown>) {
    // Its service's owner, who lists it as a connection. A service never changes hands.
    await db.schema
      .alterTable('endpoint')
      .addColumn('service_account_id', 'text', (column) => column.notNull().defaultTo(''))
      .execute()
    await sql`update endpoint set service_account_id =
      coalesce((select account_id from endpoint_service where id = service_id), '')`.execute(db)
    for (const [table, ...columns] of inOrder) {
      await db.schema
        .createIndex(`${table}_${columns[0]}_in_order`)
        .on(table)
        .columns([...columns, 'id'])
        .execute()
    }
    await db.schema
      .createIndex('service_user_in_order')
      .on('service_user')
      .columns(['service_id', 'created_at', 'user_id'])
      .execute()
    await db.schema
      .createIndex('service_user_by_user_id')
      .on('service_user')
      .columns(['user_id', 'service_id'])
      .execute()
    for (const index of covered) await db.schema.dropIndex(index).execute()
    await rebuildNonces(db)
  },
}

const inOrder: readonly (readonly [table: string, ...columns: string[]])[] = [
  ['network_load_balancer', 'account_id', 'region_id', 'created_at'],
  ['nlb_listener', 'account_id', 'region_id', 'created_at'],
  ['nlb_server_group', 'account_id', 'region_id', 'created_at'],
  ['prefix_list', 'account_id', 'region_id', 'created_at'],
  ['resource_group', 'account_id', 'created_at'],
  ['route_table', 'vpc_id', 'created_at'],
  ['endpoint', 'service_account_id', 'region_id', 'created_at'],
]

/** What the new ones begin with. */
const covered = [
  'network_load_balancer_by_account_id',
  'nlb_server_group_by_account_id',
  'prefix_list_by_account_id',
  'resource_group_by_account_id',
  'route_table_by_vpc_id',
]

/** Every request adds a nonce: as its own index, the table has one tree less of which a commit writes pages. */
async function rebuildNonces(db: Kysely<unknown>): Promise<void> {
  await sql`create table nonce_kept (
    access_key_id text not null,
    nonce text not null,
    seen_at text not null,
    primary key (access_key_id, nonce)
  ) without rowid`.execute(db)
  await sql`insert into nonce_kept select access_key_id, nonce, seen_at from nonce`.execute(db)
  await db.schema.dropTable('nonce').execute()
  await db.schema.alterTable('nonce_kept').renameTo('nonce').execute()
  await db.schema.createIndex('nonce_seen_at').on('nonce').column('seen_at').execute()
}
