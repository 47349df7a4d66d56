import { sql, type Kysely, type Migration } from 'kysely'

type Column = readonly [name: string, type: 'text' | 'integer', value: string | number]

const healthCheck: readonly Column[] = [
  ['health_check_type', 'text', 'tcp'],
  ['health_check_method', 'text', 'head'],
  ['health_check_uri', 'text', '/'],
  ['health_check_domain', 'text', ''],
  ['health_check_http_code', 'text', 'http_2xx'],
  ['health_check_req', 'text', ''],
  ['health_check_exp', 'text', ''],
]

/** Columns that older rows get with a value of their own. */
const added: Readonly<Record<string, readonly Column[]>> = {
  listener: [...healthCheck, ['persistence_timeout', 'integer', 0], ['proxy_protocol', 'integer', 0]],
  server_group: [['kind', 'text', 'vserver']],
  group_server: [['server_type', 'text', '']],
  endpoint_service: [['resource_type', 'text', 'slb']],
}

/** `?` may be null, `!` is a key. */
const made: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  network_load_balancer: {
    id: 'text!',
    account_id: 'text',
    region_id: 'text',
    resource_group_id: 'text',
    created_at: 'text',
    generation: 'bigint',
    name: 'text',
    vpc_id: 'text',
    address_type: 'text',
    cps: 'integer',
    cross_zone: 'integer',
    status: 'text',
    deletion_protected_at: 'text?',
    deletion_protection_reason: 'text',
    modification_protected_at: 'text?',
    modification_protection_reason: 'text',
  },
  nlb_zone: {
    load_balancer_id: 'text!',
    zone_id: 'text!',
    vswitch_id: 'text',
    address: 'text',
    eni_id: 'text',
    status: 'text',
    generation: 'bigint',
  },
  nlb_server_group: {
    id: 'text!',
    account_id: 'text',
    region_id: 'text',
    resource_group_id: 'text',
    created_at: 'text',
    generation: 'bigint',
    name: 'text',
    type: 'text',
    vpc_id: 'text',
    protocol: 'text',
    scheduler: 'text',
    status: 'text',
    health_check: 'integer',
    health_check_http_version: 'text',
    health_check_port: 'integer?',
    health_check_interval: 'integer',
    health_check_timeout: 'integer',
    healthy_threshold: 'integer',
    unhealthy_threshold: 'integer',
    ...Object.fromEntries(healthCheck.map(([name, type]) => [name, type])),
  },
  nlb_listener: {
    id: 'text!',
    account_id: 'text',
    region_id: 'text',
    load_balancer_id: 'text',
    created_at: 'text',
    generation: 'bigint',
    protocol: 'text',
    port: 'integer',
    description: 'text',
    server_group_id: 'text',
    idle_timeout: 'integer',
    cps: 'integer',
    proxy_protocol: 'integer',
    proxy_vpc_id: 'integer',
    proxy_endpoint_id: 'integer',
    proxy_service_id: 'integer',
    status: 'text',
  },
  nlb_server: {
    group_id: 'text!',
    server_id: 'text!',
    server_ip: 'text!',
    port: 'integer!',
    server_type: 'text',
    weight: 'integer',
    description: 'text',
    status: 'text',
    generation: 'bigint',
  },
  nlb_job: {
    id: 'text!',
    account_id: 'text',
    region_id: 'text',
    created_at: 'text',
    generation: 'bigint',
    balancers: 'text',
    status: 'text',
  },
}

const references: Readonly<Record<string, readonly [column: string, table: string]>> = {
  nlb_zone: ['load_balancer_id', 'network_load_balancer.id'],
  nlb_listener: ['load_balancer_id', 'network_load_balancer.id'],
  nlb_server: ['group_id', 'nlb_server_group.id'],
}

const indexed: readonly (readonly [table: string, column: string])[] = [
  ['network_load_balancer', 'account_id'],
  ['network_load_balancer', 'vpc_id'],
  ['network_load_balancer', 'status'],
  ['nlb_zone', 'vswitch_id'],
  ['nlb_zone', 'status'],
  ['nlb_listener', 'load_balancer_id'],
  ['nlb_listener', 'server_group_id'],
  ['nlb_listener', 'status'],
  ['nlb_server_group', 'account_id'],
  ['nlb_server_group', 'vpc_id'],
  ['nlb_server_group', 'status'],
  ['nlb_server', 'server_id'],
  ['nlb_server', 'status'],
  ['nlb_job', 'status'],
]

/** The load balancers that a row belongs to: itself, its own, or all that use the server group. */
const balancersOf: Readonly<Record<string, (row: string) => string>> = {
  network_load_balancer: (row) => `select 'loadBalancers', ${row}.id`,
  nlb_zone: (row) => `select 'loadBalancers', ${row}.load_balancer_id`,
  nlb_listener: (row) => `select 'loadBalancers', ${row}.load_balancer_id`,
  nlb_server_group: (row) =>
    `select distinct 'loadBalancers', load_balancer_id from nlb_listener where server_group_id = ${row}.id`,
  nlb_server: (row) =>
    `select distinct 'loadBalancers', load_balancer_id from nlb_listener where server_group_id = ${row}.group_id`,
}

/** NLB, and what CLB listeners can be given beside TCP: datagrams, HTTP checks, persistence, master and slave. */
export const balancers: Migration = {
  async up(db: Kysely<unknown>) {
    for (const [table, columns] of Object.entries(added)) {
      for (const [name, type, value] of columns) {
        await db.schema
          .alterTable(table)
          .addColumn(name, type, (column) => column.notNull().defaultTo(value))
          .execute()
      }
    }
    await sql`update listener set health_check_type = 'udp' where protocol = 'udp'`.execute(db)
    for (const [table, columns] of Object.entries(made)) await makeTable(db, table, columns)
    for (const [table, column] of indexed) {
      await db.schema.createIndex(`${table}_by_${column}`).on(table).column(column).execute()
    }
    // As in migration 003.
    for (const [table, select] of Object.entries(balancersOf)) {
      for (const event of ['insert', 'update', 'delete']) {
        const row = event === 'delete' ? 'old' : 'new'
        await sql`create trigger ${sql.ref(`${table}_${event}_is_logged`)} after ${sql.raw(event)} on ${sql.table(table)}
          begin insert into change (kind, id) ${sql.raw(select(row))}; end`.execute(db)
      }
    }
  },
}

async function makeTable(
  db: Kysely<unknown>,
  table: string,
  columns: Readonly<Record<string, string>>,
): Promise<void> {
  const [referring, target] = references[table] ?? []
  let building = db.schema.createTable(table)
  for (const [name, text] of Object.entries(columns)) {
    const type = text.replace(/[!?]$/, '') as 'text' | 'integer' | 'bigint'
    building = building.addColumn(name, type, (column) => {
      const plain = text.endsWith('?') ? column : column.notNull()
      return name === referring && target ? plain.references(target).onDelete('cascade') : plain
    })
  }
  const keys = Object.entries(columns).flatMap(([name, text]) => (text.endsWith('!') ? [name as never] : []))
  await building.addPrimaryKeyConstraint(`${table}_key`, keys).execute()
}
