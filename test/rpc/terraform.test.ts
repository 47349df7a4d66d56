/**
 * Both examples of docs/terraform.md, call by call as the Terraform provider makes them (V1.246.0 and later): create,
 * read, update and read again each resource, then destroy all of them in the opposite order.
 */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Credentials, type RunningServer, startServer } from '../fixtures/running-server.ts'
import { backendServers, loadBalancer, tcpListener } from '../fixtures/terraform/balancer.ts'
import { type Terraform, terraform } from '../fixtures/terraform/client.ts'
import { instance } from '../fixtures/terraform/instance.ts'
import { securityGroup, securityGroupRule, vpc, vswitch } from '../fixtures/terraform/network.ts'
import {
  endpoint,
  endpointConnection,
  endpointService,
  endpointZone,
  serviceResource,
  serviceUser,
} from '../fixtures/terraform/privatelink.ts'
import type { Resource } from '../fixtures/terraform/resource.ts'

let server: RunningServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

interface Network {
  readonly vpc2: string
  readonly application: string
  readonly ecs2: string
  readonly ecs3: string
}

const zone = 'eu-central-1b'
const userData = readFileSync('examples/http-server.pl').toString('base64')

/** Creates everything an example declares, in the order of its dependencies. */
async function apply(
  consumer: Terraform,
  provider: Terraform,
  network: Network,
  user: string | undefined,
  created: Resource[],
): Promise<void> {
  const keep = async (making: Promise<Resource>) => {
    const made = await making
    created.push(made)
    await made.read()
    return made
  }
  const vpc1 = await keep(vpc(consumer, { name: 'VPC1', cidr: '10.0.0.0/16' }))
  const client = await keep(vswitch(consumer, { name: 'client', vpc: vpc1, cidr: '10.0.0.0/24', zone }))
  const place =
    user === undefined
      ? client
      : await keep(vswitch(consumer, { name: 'endpoint', vpc: vpc1, cidr: '10.0.1.0/24', zone }))
  const clientGroup = await keep(securityGroup(consumer, { name: 'client', vpc: vpc1 }))
  await keep(instance(consumer, { name: 'ECS1', vswitch: client, group: clientGroup, address: '10.0.0.182' }))

  const vpc2 = await keep(vpc(provider, { name: 'VPC2', cidr: network.vpc2 }))
  const inner = { name: 'application', vpc: vpc2, cidr: network.application, zone }
  const application = await keep(vswitch(provider, inner))
  const group = await keep(securityGroup(provider, { name: 'application', vpc: vpc2 }))
  await keep(securityGroupRule(provider, { group, port: '80/80', cidr: '0.0.0.0/0' }))
  const backend = (name: string, address: string) =>
    keep(instance(provider, { name, vswitch: application, group, address, userData }))
  const servers = [await backend('ECS2', network.ecs2), await backend('ECS3', network.ecs3)]
  const zones = { primary: zone, backup: 'eu-central-1a' }
  const balancer = await keep(loadBalancer(provider, { name: 'application', vswitch: application, ...zones }))
  await keep(backendServers(provider, { balancer, servers }))
  await keep(tcpListener(provider, { balancer, port: '80' }))

  const service = await keep(endpointService(provider, { description: 'The application of ECS2 and ECS3' }))
  await keep(serviceResource(provider, { service, balancer }))
  if (user !== undefined) await keep(serviceUser(provider, { service, user }))

  const endpointGroup = await keep(securityGroup(consumer, { name: 'endpoint', vpc: vpc1 }))
  await keep(securityGroupRule(consumer, { group: endpointGroup, port: '80/80', cidr: '10.0.0.0/16' }))
  const own = { name: 'application', vpc: vpc1, service, group: endpointGroup, spare: clientGroup }
  const ep = await keep(endpoint(consumer, own))
  await keep(endpointZone(consumer, { endpoint: ep, vswitch: place, zone }))
  await keep(endpointConnection(provider, { service, endpoint: ep, bandwidth: '1024' }))
}

/** Each resource as it is after `apply`, then changed, then away with all of them. */
async function changeAndDestroy(created: readonly Resource[]): Promise<void> {
  for (const resource of created) await resource.update()
  for (const resource of created) await resource.read()
  for (const resource of created.toReversed()) await resource.destroy()
}

async function configure(key: Credentials, protocol: 'http' | 'https'): Promise<Terraform> {
  const provider = terraform(server, key, protocol)
  // What the provider asks when it is configured without account_type.
  const product = { ProductCode: 'vipcloudfw', ProductType: 'vipcloudfw', SubscriptionType: 'Subscription' }
  await provider.rpc('BssOpenApi.QueryAvailableInstances', { PageSize: '50', PageNum: '1', ...product })
  await provider.rpc('Privatelink.OpenPrivateLinkService', {})
  return provider
}

async function expectNothingLeft(provider: Terraform): Promise<void> {
  const RegionId = 'eu-central-1'
  for (const action of ['Vpc.DescribeVpcs', 'Vpc.DescribeVSwitches', 'Ecs.DescribeSecurityGroups']) {
    expect(await provider.rpc(action, { RegionId }), action).toMatchObject({ TotalCount: 0 })
  }
  expect(await provider.rpc('Privatelink.ListVpcEndpointServices', { RegionId })).toMatchObject({
    Services: [],
  })
  expect(await provider.rpc('Privatelink.ListVpcEndpoints', { RegionId })).toMatchObject({ Endpoints: [] })
}

test.each(['http', 'https'] as const)('same account, by %s', { timeout: 60_000 }, async (protocol) => {
  const key = await server.createAccount(
    protocol === 'http' ? '1000000000000001' : '1000000000000002',
    protocol,
  )
  const provider = await configure(key, protocol)
  const addresses = {
    vpc2: '192.168.0.0/16',
    application: '192.168.20.0/24',
    ecs2: '192.168.20.200',
    ecs3: '192.168.20.201',
  }
  const created: Resource[] = []
  await apply(provider, provider, addresses, undefined, created)
  await changeAndDestroy(created)
  await expectNothingLeft(provider)
})

test('cross account, with the same addresses on both sides', { timeout: 60_000 }, async () => {
  const consumer = await configure(await server.createAccount('12345678', 'consumer'), 'https')
  const provider = await configure(await server.createAccount('87654321', 'provider'), 'https')
  const addresses = {
    vpc2: '10.0.0.0/16',
    application: '10.0.0.0/24',
    ecs2: '10.0.0.200',
    ecs3: '10.0.0.201',
  }
  const created: Resource[] = []
  await apply(consumer, provider, addresses, '12345678', created)
  await changeAndDestroy(created)
  await expectNothingLeft(consumer)
  await expectNothingLeft(provider)
})

/** The arguments of the provider's schema that are used here, per resource. */
const schema: Readonly<Record<string, readonly string[]>> = {
  alicloud_vpc: ['vpc_name', 'cidr_block'],
  alicloud_vswitch: ['vswitch_name', 'vpc_id', 'cidr_block', 'zone_id'],
  alicloud_security_group: ['security_group_name', 'vpc_id'],
  alicloud_security_group_rule: [
    'security_group_id',
    'type',
    'ip_protocol',
    'port_range',
    'cidr_ip',
    'policy',
    'priority',
  ],
  alicloud_instance: [
    'instance_name',
    'host_name',
    'image_id',
    'instance_type',
    'vswitch_id',
    'private_ip',
    'security_groups',
    'user_data',
  ],
  alicloud_slb_load_balancer: [
    'load_balancer_name',
    'address_type',
    'load_balancer_spec',
    'payment_type',
    'vswitch_id',
    'master_zone_id',
    'slave_zone_id',
  ],
  alicloud_slb_backend_server: ['load_balancer_id', 'backend_servers', 'server_id', 'weight'],
  alicloud_slb_listener: [
    'load_balancer_id',
    'protocol',
    'frontend_port',
    'backend_port',
    'health_check_type',
  ],
  alicloud_privatelink_vpc_endpoint_service: [
    'service_description',
    'auto_accept_connection',
    'zone_affinity_enabled',
  ],
  alicloud_privatelink_vpc_endpoint_service_resource: ['service_id', 'resource_id', 'resource_type'],
  alicloud_privatelink_vpc_endpoint_service_user: ['service_id', 'user_id'],
  alicloud_privatelink_vpc_endpoint: ['vpc_endpoint_name', 'vpc_id', 'service_id', 'security_group_ids'],
  alicloud_privatelink_vpc_endpoint_zone: ['endpoint_id', 'vswitch_id', 'zone_id'],
  alicloud_privatelink_vpc_endpoint_connection: ['service_id', 'endpoint_id', 'bandwidth'],
}

describe.each(['same-account', 'cross-account'])('the example %s', (name) => {
  const text = readFileSync(`examples/terraform/${name}/main.tf`, 'utf8')
  const resources = [...text.matchAll(/^resource "(\w+)" "(\w+)" \{\n([\s\S]*?)^\}/gm)].map(
    ([, type = '', label = '', body = '']) => ({ type, label, body }),
  )

  test('declares what is replayed above', () => {
    const types = new Set(resources.map(({ type }) => type))
    const wanted = Object.keys(schema).filter(
      (type) => name === 'cross-account' || !type.endsWith('_service_user'),
    )
    expect([...types].toSorted()).toEqual(wanted.toSorted())
    // One vSwitch for the endpoint and one user of the service more than within one account.
    expect(resources).toHaveLength(name === 'cross-account' ? 22 : 20)
  })

  test('gives resources arguments that the provider knows', () => {
    for (const { type, body } of resources) {
      const given = [...body.matchAll(/^ +(\w+) +(?:=|\{)/gm)].map(([, argument = '']) => argument)
      const known = [...(schema[type] ?? []), 'provider', 'depends_on']
      expect(given.filter((argument) => !known.includes(argument))).toEqual([])
    }
  })

  test('refers to what it declares', () => {
    const declared = new Set(resources.map(({ type, label }) => `${type}.${label}`))
    const used = [...text.matchAll(/\b(alicloud_\w+\.\w+)(?:\.\w+)?/g)].map(([, reference]) => reference)
    expect(used.filter((reference) => !declared.has(reference ?? ''))).toEqual([])
  })
})
