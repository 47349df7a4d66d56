/** Many objects of one account, put into a database directly: by the API, quotas would stop it. */
import type { AccountId } from '../src/model/ids.ts'
import { openDatabase } from '../src/store/database.ts'
import type { Tables } from '../src/store/tables.ts'
import type { Kysely } from 'kysely'

const region = 'eu-central-1'
const zone = 'eu-central-1b'
const vswitchesPerVpc = 100
const rowsAtOnce = 200

/**
 * `count` each of vSwitches, instances, endpoints and connections to one service, and what they need; and as many of what is
 * listed beside them and belongs to nothing.
 */
export async function seed(file: string, account: AccountId, count: number): Promise<void> {
  const db = await openDatabase(file)
  try {
    await db.transaction().execute(async (tx) => {
      for (const [table, rows] of Object.entries(rowsFor(account, count))) {
        for (let start = 0; start < rows.length; start += rowsAtOnce) {
          await insert(tx, table as keyof Tables, rows.slice(start, start + rowsAtOnce))
        }
      }
    })
  } finally {
    await db.destroy()
  }
}

async function insert(tx: Kysely<Tables>, table: keyof Tables, rows: readonly object[]): Promise<void> {
  await tx.insertInto(table).values(rows).execute()
}

const id = (prefix: string, number: number) => `${prefix}-seed${String(number).padStart(16, '0')}`

type Row = Readonly<Record<string, string | number | null>>

function rowsFor(account: AccountId, count: number): Readonly<Record<string, readonly Row[]>> {
  const numbers = Array.from({ length: count }, (_, number) => number)
  const vpcs = numbers.slice(0, Math.ceil(count / vswitchesPerVpc))
  const vpcOf = (number: number) => id('vpc', Math.floor(number / vswitchesPerVpc))
  const owned = (number: number) => ({
    account_id: account,
    region_id: region,
    resource_group_id: id('rg', 0),
    created_at: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString(),
    generation: 1,
  })
  const subnet = (number: number) => `10.0.${number % vswitchesPerVpc}`
  const named = { name: 'seeded', description: '' }
  const eni = (number: number, prefix: 'i' | 'ep') => ({
    id: id(`eni`, number + (prefix === 'ep' ? count : 0)),
    ...owned(number),
    vpc_id: vpcOf(number),
    vswitch_id: id('vsw', number),
    zone_id: zone,
    address: `${subnet(number)}.${prefix === 'ep' ? 20 : 10}`,
    mac: '00:16:3e:00:00:00',
    ...named,
    instance_id: prefix === 'i' ? id('i', number) : null,
    is_primary: 1,
    device: 0,
    endpoint_id: prefix === 'ep' ? id('ep', number) : null,
  })
  return {
    transit_pair: [
      ...vpcs.map((number) => ({ pair: 1 + number, owner: id('vpc', number) })),
      ...numbers.map((number) => ({ pair: 1 + vpcs.length + number, owner: id('vsw', number) })),
    ],
    vpc: vpcs.map((number) => ({
      id: id('vpc', number),
      ...owned(number),
      ...named,
      cidr: '10.0.0.0/16',
      status: 'Available',
      router_id: id('vrt', number),
    })),
    route_table: vpcs.map((number) => ({
      id: id('vtb', number),
      vpc_id: id('vpc', number),
      ...named,
      type: 'System',
      created_at: owned(number).created_at,
    })),
    vswitch: numbers.map((number) => ({
      id: id('vsw', number),
      ...owned(number),
      ...named,
      vpc_id: vpcOf(number),
      zone_id: zone,
      cidr: `${subnet(number)}.0/24`,
      status: 'Available',
    })),
    instance: numbers.map((number) => ({
      id: id('i', number),
      ...owned(number),
      ...named,
      vpc_id: vpcOf(number),
      zone_id: zone,
      host_name: 'seeded',
      image_id: 'debian_12_x64',
      instance_type: 'ecs.t6-c1m1.large',
      memory_mib: 64,
      user_data: '',
      uid: 0x30000000 + number,
      boot: 0,
      status: 'Stopped',
      started_at: '',
      deletion_protection: 0,
      disk_id: id('d', number),
      disk_category: 'cloud_essd',
      disk_size: 20,
    })),
    endpoint_service: numbers.map((number) => ({
      id: id('epsrv', number),
      ...owned(number),
      description: '',
      status: 'Active',
      auto_accept: 0,
      zone_affinity: 0,
      connect_bandwidth: 1024,
    })),
    service_user: numbers.map((number) => ({
      service_id: id('epsrv', 0),
      user_id: String(1_000_000 + number),
      created_at: owned(number).created_at,
    })),
    security_group: numbers.map((number) => ({
      id: id('sg', number),
      ...owned(number),
      ...named,
      vpc_id: vpcOf(number),
      type: 'normal',
      inner_access: 'Accept',
    })),
    load_balancer: numbers.map((number) => ({
      id: id('lb', number),
      ...owned(number),
      name: named.name,
      address_type: 'intranet',
      vpc_id: vpcOf(number),
      vswitch_id: id('vsw', number),
      address: `${subnet(number)}.30`,
      spec: 'slb.s1.small',
      pay_type: 'PayOnDemand',
      instance_charge_type: 'PayBySpec',
      internet_charge_type: 'paybytraffic',
      bandwidth: 5120,
      master_zone_id: zone,
      slave_zone_id: 'eu-central-1a',
      status: 'active',
      delete_protection: 'off',
      modification_protection: 'NonProtection',
      modification_protection_reason: '',
    })),
    network_load_balancer: numbers.map((number) => ({
      id: id('nlb', number),
      ...owned(number),
      name: named.name,
      vpc_id: vpcOf(number),
      address_type: 'Intranet',
      cps: 0,
      cross_zone: 0,
      status: 'Active',
      deletion_protected_at: null,
      deletion_protection_reason: '',
      modification_protected_at: null,
      modification_protection_reason: '',
    })),
    nlb_server_group: numbers.map((number) => ({
      id: id('sgp', number),
      ...owned(number),
      name: named.name,
      type: 'Instance',
      vpc_id: vpcOf(number),
      protocol: 'TCP',
      scheduler: 'Wrr',
      status: 'Available',
      health_check: 0,
      health_check_http_version: 'HTTP1.0',
      health_check_port: null,
      health_check_interval: 10,
      health_check_timeout: 5,
      healthy_threshold: 2,
      unhealthy_threshold: 2,
      health_check_type: 'tcp',
      health_check_method: 'head',
      health_check_uri: '/',
      health_check_domain: '',
      health_check_http_code: 'http_2xx',
      health_check_req: '',
      health_check_exp: '',
    })),
    nlb_listener: numbers.map((number) => ({
      id: `${id('lsn', number)}@80`,
      account_id: account,
      region_id: region,
      load_balancer_id: id('nlb', number),
      created_at: owned(number).created_at,
      generation: 1,
      protocol: 'TCP',
      port: 80,
      description: '',
      server_group_id: id('sgp', number),
      idle_timeout: 900,
      cps: 0,
      proxy_protocol: 0,
      proxy_vpc_id: 0,
      proxy_endpoint_id: 0,
      proxy_service_id: 0,
      status: 'Stopped',
    })),
    prefix_list: numbers.map((number) => {
      const { generation: _, ...rest } = owned(number)
      return { id: id('pl', number), ...rest, ...named, max_entries: 5 }
    }),
    resource_group: numbers.map((number) => ({
      id: id('rg', number),
      account_id: account,
      name: number === 0 ? 'default' : `group-${number}`,
      display_name: 'seeded',
      created_at: owned(number).created_at,
    })),
    endpoint: numbers.map((number) => ({
      id: id('ep', number),
      ...owned(number),
      ...named,
      vpc_id: vpcOf(number),
      service_id: id('epsrv', 0),
      service_account_id: account,
      status: 'Active',
      connection: 'Disconnected',
      bandwidth: 1024,
      zone_affinity: 0,
      modified_at: owned(number).created_at,
    })),
    eni: numbers.flatMap((number) => [eni(number, 'i'), eni(number, 'ep')]),
    endpoint_zone: numbers.map((number) => ({
      endpoint_id: id('ep', number),
      zone_id: zone,
      vswitch_id: id('vsw', number),
      eni_id: id('eni', number + count),
      status: 'Wait',
      load_balancer_id: null,
      generation: 1,
    })),
  }
}
