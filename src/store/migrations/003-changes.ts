import { sql, type Kysely, type Migration } from 'kysely'

/** Tables of the world, the list of the world each row belongs to, and the column that names the object there. */
const watched: readonly (readonly [table: string, kind: string, column: string])[] = [
  ['world', 'world', 'id'],
  ['transit_pair', 'transit', 'owner'],
  ['vpc', 'vpcs', 'id'],
  ['vswitch', 'vswitches', 'id'],
  ['security_group', 'securityGroups', 'id'],
  ['security_group_rule', 'securityGroups', 'security_group_id'],
  ['instance', 'instances', 'id'],
  ['eni', 'enis', 'id'],
  ['eni_security_group', 'enis', 'eni_id'],
  ['load_balancer', 'loadBalancers', 'id'],
  ['listener', 'loadBalancers', 'load_balancer_id'],
  ['backend_server', 'loadBalancers', 'load_balancer_id'],
  ['endpoint_service', 'services', 'id'],
  ['service_resource', 'services', 'service_id'],
  ['endpoint', 'endpoints', 'id'],
  ['endpoint_zone', 'endpoints', 'endpoint_id'],
]

/**
 * The log of changes. Triggers fill it, so that no code that writes can forget to; a row that goes with its parent
 * fires them too. This is the one migration whose SQL is SQLite's own: PostgreSQL wants a function in its triggers.
 */
export const changes: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create table change (
      seq integer primary key autoincrement,
      kind text not null,
      id text not null
    )`.execute(db)
    for (const [table, kind, column] of watched) {
      for (const event of ['insert', 'update', 'delete']) {
        const row = event === 'delete' ? 'old' : 'new'
        await sql`create trigger ${sql.ref(`${table}_${event}_is_logged`)} after ${sql.raw(event)} on ${sql.table(table)}
          begin insert into change (kind, id) values (${sql.lit(kind)}, ${sql.ref(`${row}.${column}`)}); end`.execute(
          db,
        )
      }
    }
  },
}
