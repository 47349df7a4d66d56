import { sql, type Kysely, type Migration } from 'kysely'

const instanceTexts = {
  key_pair_name: '',
  public_key: '',
  disk_name: '',
  disk_description: '',
  disk_performance_level: '',
  terms: '{}',
}

/** Key pairs, further addresses of interfaces, and what else an instance is asked for. */
export const instances: Migration = {
  async up(db: Kysely<unknown>) {
    for (const [column, value] of Object.entries(instanceTexts)) {
      await db.schema
        .alterTable('instance')
        .addColumn(column, 'text', (definition) => definition.notNull().defaultTo(value))
        .execute()
    }
    await createKeyPairs(db)
    await createEniAddresses(db)
  },
}

async function createKeyPairs(db: Kysely<unknown>): Promise<void> {
  let table = db.schema
    .createTable('key_pair')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('region_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addUniqueConstraint('key_pair_name', ['account_id', 'region_id', 'name'])
  for (const column of ['resource_group_id', 'created_at', 'fingerprint', 'public_key']) {
    table = table.addColumn(column, 'text', (definition) => definition.notNull())
  }
  await table.execute()
  await db.schema
    .createIndex('key_pair_in_order')
    .on('key_pair')
    .columns(['account_id', 'region_id', 'created_at', 'id'])
    .execute()
  await db.schema.createIndex('instance_by_key_pair').on('instance').column('key_pair_name').execute()
}

async function createEniAddresses(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('eni_address')
    .addColumn('eni_id', 'text', (column) => column.notNull().references('eni.id').onDelete('cascade'))
    .addColumn('address', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('eni_address_key', ['eni_id', 'address'])
    .execute()
  // As in migration 003: an interface of the world has its addresses.
  for (const event of ['insert', 'delete']) {
    const row = event === 'delete' ? 'old' : 'new'
    await sql`create trigger ${sql.ref(`eni_address_${event}_is_logged`)} after ${sql.raw(event)} on eni_address
      begin insert into change (kind, id) values ('enis', ${sql.ref(`${row}.eni_id`)}); end`.execute(db)
  }
}
