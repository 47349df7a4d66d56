import type { ColumnDefinitionBuilder, CreateTableBuilder, Kysely, Migration } from 'kysely'
import { defaultDomainSuffix } from '../../model/names.ts'

type Schema = Kysely<unknown>['schema']
type Table = CreateTableBuilder<string, string>

export const resources: Migration = {
  async up(db: Kysely<unknown>) {
    await createWorld(db)
    for (const [name, columns] of tables) await build(db.schema, name, columns).execute()
    for (const [table, ...columns] of indexes) {
      await db.schema
        .createIndex(`${table}_by_${columns.join('_')}`)
        .on(table)
        .columns(columns)
        .execute()
    }
  },
}

interface WorldSeed {
  world: {
    id: number
    generation: number
    deployment: string
    domain_suffix: string
    transit_cursor: number
    uid_cursor: number
  }
}

/** Numeric identities of instances start here, far from those of people and daemons. */
const firstUid = 0x20000000

async function createWorld(db: Kysely<WorldSeed>): Promise<void> {
  await build(db.schema, 'world', {
    id: 'integer!',
    generation: 'bigint',
    deployment: 'text',
    domain_suffix: 'text',
    transit_cursor: 'integer',
    uid_cursor: 'integer',
  }).execute()
  await db
    .insertInto('world')
    .values({
      id: 1,
      generation: 0,
      deployment: '',
      domain_suffix: defaultDomainSuffix,
      transit_cursor: 0,
      uid_cursor: firstUid - 1,
    })
    .execute()
}

/**
 * A column is its type; `?` makes it nullable, `!` part of the primary key, and `>table` a reference to that
 * table's id, whose row takes this one along when it goes.
 */
type Columns = Readonly<Record<string, string>>

const owned: Columns = {
  id: 'text!',
  account_id: 'text',
  region_id: 'text',
  resource_group_id: 'text',
  created_at: 'text',
  generation: 'bigint',
}

const tables: readonly (readonly [string, Columns])[] = [
  ['transit_pair', { pair: 'integer!', owner: 'text' }],
  ['address', { vpc_id: 'text!', value: 'bigint!', vswitch_id: 'text', owner: 'text' }],
  ['resource_group', { id: 'text!', account_id: 'text', name: 'text', created_at: 'text' }],
  ['tag', { resource_type: 'text!', resource_id: 'text!', key: 'text!', value: 'text' }],
  ['vpc', { ...owned, name: 'text', description: 'text', cidr: 'text', status: 'text', router_id: 'text' }],
  ['route_table', { id: 'text!', vpc_id: 'text>vpc', name: 'text', description: 'text' }],
  [
    'vswitch',
    {
      ...owned,
      vpc_id: 'text>vpc',
      zone_id: 'text',
      name: 'text',
      description: 'text',
      cidr: 'text',
      status: 'text',
    },
  ],
  [
    'security_group',
    {
      ...owned,
      vpc_id: 'text>vpc',
      name: 'text',
      description: 'text',
      type: 'text',
      inner_access: 'text',
    },
  ],
  [
    'security_group_rule',
    {
      id: 'text!',
      security_group_id: 'text>security_group',
      direction: 'text',
      protocol: 'text',
      from_port: 'integer',
      to_port: 'integer',
      policy: 'text',
      priority: 'integer',
      peer_cidr: 'text?',
      peer_group_id: 'text?',
      description: 'text',
      created_at: 'text',
      generation: 'bigint',
    },
  ],
  [
    'instance',
    {
      ...owned,
      vpc_id: 'text>vpc',
      zone_id: 'text',
      name: 'text',
      host_name: 'text',
      description: 'text',
      image_id: 'text',
      instance_type: 'text',
      memory_mib: 'integer',
      user_data: 'text',
      uid: 'integer',
      boot: 'integer',
      status: 'text',
      started_at: 'text',
      deletion_protection: 'integer',
      disk_id: 'text',
      disk_category: 'text',
      disk_size: 'integer',
    },
  ],
  [
    'endpoint_service',
    {
      ...owned,
      description: 'text',
      status: 'text',
      auto_accept: 'integer',
      zone_affinity: 'integer',
      connect_bandwidth: 'integer',
    },
  ],
  [
    'endpoint',
    {
      ...owned,
      vpc_id: 'text>vpc',
      service_id: 'text',
      name: 'text',
      description: 'text',
      status: 'text',
      connection: 'text',
      bandwidth: 'integer',
      zone_affinity: 'integer',
      modified_at: 'text',
    },
  ],
  [
    'eni',
    {
      ...owned,
      vpc_id: 'text>vpc',
      vswitch_id: 'text>vswitch',
      zone_id: 'text',
      address: 'text',
      mac: 'text',
      name: 'text',
      description: 'text',
      instance_id: 'text?>instance',
      is_primary: 'integer',
      device: 'integer',
      endpoint_id: 'text?>endpoint',
    },
  ],
  ['eni_security_group', { eni_id: 'text!>eni', security_group_id: 'text!>security_group' }],
  [
    'load_balancer',
    {
      ...owned,
      name: 'text',
      address_type: 'text',
      vpc_id: 'text?>vpc',
      vswitch_id: 'text?>vswitch',
      address: 'text',
      spec: 'text',
      pay_type: 'text',
      instance_charge_type: 'text',
      internet_charge_type: 'text',
      bandwidth: 'integer',
      master_zone_id: 'text',
      slave_zone_id: 'text',
      status: 'text',
      delete_protection: 'text',
      modification_protection: 'text',
      modification_protection_reason: 'text',
    },
  ],
  [
    'listener',
    {
      load_balancer_id: 'text!>load_balancer',
      protocol: 'text!',
      port: 'integer!',
      status: 'text',
      backend_port: 'integer',
      scheduler: 'text',
      established_timeout: 'integer',
      health_check: 'text',
      health_check_port: 'integer?',
      health_check_interval: 'integer',
      health_check_timeout: 'integer',
      healthy_threshold: 'integer',
      unhealthy_threshold: 'integer',
      description: 'text',
      generation: 'bigint',
    },
  ],
  [
    'backend_server',
    {
      load_balancer_id: 'text!>load_balancer',
      server_id: 'text!',
      type: 'text',
      server_ip: 'text!',
      weight: 'integer',
      description: 'text',
      generation: 'bigint',
    },
  ],
  [
    'service_resource',
    {
      service_id: 'text!>endpoint_service',
      resource_id: 'text!',
      zone_id: 'text!',
      auto_allocated: 'integer',
      created_at: 'text',
      generation: 'bigint',
    },
  ],
  ['service_user', { service_id: 'text!>endpoint_service', user_id: 'text!', created_at: 'text' }],
  [
    'endpoint_security_group',
    {
      endpoint_id: 'text!>endpoint',
      security_group_id: 'text!>security_group',
      status: 'text',
      generation: 'bigint',
    },
  ],
  [
    'endpoint_zone',
    {
      endpoint_id: 'text!>endpoint',
      zone_id: 'text!',
      vswitch_id: 'text>vswitch',
      eni_id: 'text>eni',
      status: 'text',
      load_balancer_id: 'text?',
      generation: 'bigint',
    },
  ],
]

const changing = tables.filter(([, columns]) => 'generation' in columns).map(([name]) => name)
const withStatus = tables.filter(([, columns]) => 'status' in columns).map(([name]) => name)

/** Lists by owner, dependants of a parent, rows on their way (`status`), rows of a generation. */
const indexes: readonly (readonly [string, ...string[]])[] = [
  ...changing.map((name) => [name, 'generation'] as const),
  ...withStatus.map((name) => [name, 'status'] as const),
  ...tables.filter(([, columns]) => 'account_id' in columns).map(([name]) => [name, 'account_id'] as const),
  ...['route_table', 'vswitch', 'security_group', 'instance', 'endpoint', 'eni', 'load_balancer'].map(
    (name) => [name, 'vpc_id'] as const,
  ),
  ['address', 'vswitch_id', 'value'],
  ['address', 'owner'],
  ['security_group_rule', 'security_group_id'],
  ['security_group_rule', 'peer_group_id'],
  ['eni', 'vswitch_id'],
  ['eni', 'instance_id'],
  ['eni', 'endpoint_id'],
  ['eni_security_group', 'security_group_id'],
  ['load_balancer', 'vswitch_id'],
  ['backend_server', 'server_id'],
  ['service_resource', 'resource_id'],
  ['endpoint', 'service_id'],
  ['endpoint', 'connection'],
  ['endpoint_security_group', 'security_group_id'],
  ['endpoint_zone', 'vswitch_id'],
  ['endpoint_zone', 'eni_id'],
  ['endpoint_zone', 'load_balancer_id'],
]

/** What no two rows may share, beside the primary keys. */
const unique: Readonly<Record<string, readonly string[][]>> = {
  transit_pair: [['owner']],
  resource_group: [['account_id', 'name']],
  instance: [['uid']],
  eni: [['vpc_id', 'address']],
}

function build(schema: Schema, name: string, columns: Columns): Table {
  let table: Table = schema.createTable(name)
  const keys: string[] = []
  for (const [column, text] of Object.entries(columns)) {
    const [, type = '', marks = '', parent] = /^([a-z]+)([?!]?)(?:>(\w+))?$/.exec(text) ?? []
    if (marks === '!') keys.push(column)
    table = table.addColumn(column, type as 'text' | 'integer' | 'bigint', (definition) =>
      constrain(definition, marks !== '?', parent),
    )
  }
  table = table.addPrimaryKeyConstraint(`${name}_key`, keys)
  for (const group of unique[name] ?? []) {
    table = table.addUniqueConstraint(`${name}_unique_${group.join('_')}`, group)
  }
  return table
}

function constrain(
  definition: ColumnDefinitionBuilder,
  required: boolean,
  parent: string | undefined,
): ColumnDefinitionBuilder {
  const column = required ? definition.notNull() : definition
  return parent ? column.references(`${parent}.id`).onDelete('cascade') : column
}
