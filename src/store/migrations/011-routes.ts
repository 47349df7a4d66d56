import { sql, type Kysely, type Migration } from 'kysely'

/** Custom routes. They, and the secondary blocks of a VPC, belong to the world from now on: see migration 003. */
export const routes: Migration = {
  async up(db: Kysely<unknown>) {
    let table = db.schema
      .createTable('route_entry')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('vpc_id', 'text', (column) => column.notNull().references('vpc.id').onDelete('cascade'))
      .addColumn('route_table_id', 'text', (column) =>
        column.notNull().references('route_table.id').onDelete('cascade'),
      )
      .addColumn('generation', 'integer', (column) => column.notNull())
    for (const column of [
      'name',
      'description',
      'destination',
      'next_hop_type',
      'next_hop_id',
      'status',
      'modified_at',
    ]) {
      table = table.addColumn(column, 'text', (definition) => definition.notNull())
    }
    await table.execute()
    for (const column of ['vpc_id', 'next_hop_id', 'status']) {
      await db.schema.createIndex(`route_entry_by_${column}`).on('route_entry').column(column).execute()
    }
    // A destination is in a table once.
    await db.schema
      .createIndex('route_entry_by_destination')
      .on('route_entry')
      .columns(['route_table_id', 'destination'])
      .unique()
      .execute()
    for (const event of ['insert', 'update', 'delete']) {
      await logged(db, 'route_entry', event, 'routes', 'id')
      await logged(db, 'vpc_block', event, 'vpcs', 'vpc_id')
    }
  },
}

async function logged(
  db: Kysely<unknown>,
  table: string,
  event: string,
  kind: string,
  column: string,
): Promise<void> {
  const row = event === 'delete' ? 'old' : 'new'
  await sql`create trigger ${sql.ref(`${table}_${event}_is_logged`)} after ${sql.raw(event)} on ${sql.table(table)}
    begin insert into change (kind, id) values (${sql.lit(kind)}, ${sql.ref(`${row}.${column}`)}); end`.execute(
    db,
  )
}
