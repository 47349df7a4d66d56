/** Custom routes, in packets: who uses the table reaches the block at the next hop, nobody else does. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until, type Account } from '../../fixtures/deployment.ts'
import { makeGroup, makeInstance, makeVpc, makeVSwitch } from '../../fixtures/topology.ts'
import { Workload } from '../dataplane-world.ts'
import { startSystem, type System } from './system.ts'

const beyond = '172.30.5.7'
const block = '172.30.0.0/16'

const scope = new AsyncDisposableStack()
let system: System
let account: Account
/** Of the vSwitch of the client. */
let table: string
let closed: string
/** By the names of the workloads. */
const instances = new Map<string, string>()
/** In the vSwitch with the custom table, in one with the system table, and the two that routes lead to. */
let client: Workload
let bystander: Workload
let gateway: Workload
let other: Workload
/** In another VPC with the same addresses. */
let stranger: Workload

beforeAll(async () => {
  system = scope.use(await startSystem())
  account = system
  const vpc = await makeVpc(account)
  const near = await makeVSwitch(account, vpc, '10.0.0.0/24')
  const far = await makeVSwitch(account, vpc, '10.0.1.0/24')
  const open = await makeGroup(account, vpc, [{ PortRange: '80/80' }])
  closed = await makeGroup(account, vpc)
  client = await workload(near, open, 'client', '10.0.0.10')
  bystander = await workload(far, open, 'bystander', '10.0.1.10')
  const own = await makeGroup(account, vpc, [{ PortRange: '80/80' }])
  gateway = await workload(far, own, 'gateway', '10.0.1.20')
  other = await workload(far, open, 'other', '10.0.1.30')
  const abroad = await makeVpc(account)
  const group = await makeGroup(account, abroad, [{ PortRange: '80/80' }])
  stranger = await workload(await makeVSwitch(account, abroad, '10.0.0.0/24'), group, 'stranger', '10.0.0.20')
  table = String((await vpcCall('CreateRouteTable', { VpcId: vpc }))['RouteTableId'])
  await vpcCall('AssociateRouteTable', { RouteTableId: table, VSwitchId: near })
})

afterAll(() => scope.disposeAsync())

async function workload(vswitch: string, group: string, name: string, address: string): Promise<Workload> {
  const id = await makeInstance(account, vswitch, group, '', address)
  instances.set(name, id)
  const made = new Workload(system.netns(id), name)
  scope.defer(() => made.end())
  await made.serve(80)
  return made
}

type Params = Readonly<Record<string, string>>
const instance = (name: string) => instances.get(name) ?? ''
const vpcCall = (action: string, params: Params) => account.call('Vpc', action, params)

async function addRoute(params: Params): Promise<string> {
  const { RouteEntryId } = await vpcCall('CreateRouteEntry', { RouteTableId: table, ...params })
  await routeIs(String(RouteEntryId), 'Available')
  return String(RouteEntryId)
}

async function routeIs(RouteEntryId: string, status: string | undefined): Promise<void> {
  await until(`the route to be ${status}`, async () => {
    const { RouteEntrys } = await vpcCall('DescribeRouteEntryList', { RouteTableId: table, RouteEntryId })
    const [route] = (RouteEntrys as { RouteEntry: { Status: string }[] }).RouteEntry
    return route?.Status === status || undefined
  })
}

async function removeRoute(RouteEntryId: string): Promise<void> {
  await vpcCall('DeleteRouteEntry', { RouteEntryId })
  await routeIs(RouteEntryId, undefined)
}

test('without a route the block is nowhere', async () => {
  expect(await client.call(beyond, 80)).toBe('ECONNREFUSED')
})

test('a route leads the vSwitches of its table to the instance, and nobody else', async () => {
  const route = await addRoute({ DestinationCidrBlock: block, NextHopId: instance('gateway') })
  expect(await client.call(beyond, 80)).toBe('gateway 10.0.0.10')
  for (const who of [bystander, stranger]) expect(await who.knock(beyond, 80)).not.toMatch(/ /)
  expect(await client.knock('172.31.0.1', 80)).not.toMatch(/ /)
  await removeRoute(route)
  expect(await client.knock(beyond, 80)).not.toMatch(/ /)
})

test('a flow that is open ends with its route', async () => {
  const route = await addRoute({ DestinationCidrBlock: block, NextHopId: instance('gateway') })
  const say = await client.open(beyond, 80)
  expect(await say()).toMatchObject({ text: 'gateway 10.0.0.10' })
  await removeRoute(route)
  expect(await say()).toHaveProperty('error')
})

test('only the next hop may send from the block, and only to whom the route is for', async () => {
  expect(await gateway.call('10.0.0.10', 80, { from: '10.0.1.20' })).toBe('client 10.0.1.20')
  const route = await addRoute({ DestinationCidrBlock: block, NextHopId: instance('gateway') })
  expect(await gateway.call('10.0.0.10', 80, { from: beyond })).toBe('client 172.30.5.7')
  expect(await gateway.knock('10.0.1.10', 80, { from: beyond })).not.toMatch(/ /)
  await removeRoute(route)
  expect(await gateway.knock('10.0.0.10', 80, { from: beyond })).not.toMatch(/ /)
})

test('the security groups of the next hop are asked', async () => {
  const [eni = ''] = await interfacesOf(instance('gateway'))
  const route = await addRoute({
    DestinationCidrBlock: block,
    NextHopId: eni,
    NextHopType: 'NetworkInterface',
  })
  expect(await client.call(beyond, 80)).toBe('gateway 10.0.0.10')
  expect(await client.knock(beyond, 81)).toBe('timeout')
  await account.call('Ecs', 'ModifyNetworkInterfaceAttribute', {
    NetworkInterfaceId: eni,
    SecurityGroupId: [closed],
  })
  expect(await client.knock(beyond, 80)).toBe('timeout')
  await removeRoute(route)
})

test('a default route leaves the VPC and the services of the cloud where they are', async () => {
  const id = instance('other')
  const route = await addRoute({ DestinationCidrBlock: '0.0.0.0/0', NextHopId: id })
  const narrow = await addRoute({ DestinationCidrBlock: block, NextHopId: id })
  expect(await client.call(beyond, 80)).toBe('other 10.0.0.10')
  expect(await client.call('10.0.1.10', 80)).toBe('bystander 10.0.0.10')
  // Addresses that nobody has are refused by the router, and do not go the way of the route.
  for (const nobody of ['10.0.1.99', '10.0.200.1', '100.64.9.9', '100.100.100.200']) {
    expect(await client.call(nobody, 80)).toBe('ECONNREFUSED')
  }
  expect(await other.call('10.0.0.10', 80, { from: '10.0.1.30' })).toBe('client 10.0.1.30')
  await removeRoute(narrow)
  await removeRoute(route)
})

test('an instance that a route leads to is not deleted', async () => {
  const id = instance('other')
  const route = await addRoute({ DestinationCidrBlock: block, NextHopId: id })
  const deletion = account.call('Ecs', 'DeleteInstance', { InstanceId: id, Force: true })
  await expect(deletion).rejects.toThrow('DependencyViolation.RouteEntry')
  await removeRoute(route)
})

async function interfacesOf(InstanceId: string): Promise<readonly string[]> {
  const answer = await account.call('Ecs', 'DescribeNetworkInterfaces', { InstanceId })
  const { NetworkInterfaceSet: found } = answer['NetworkInterfaceSets'] as {
    NetworkInterfaceSet: { NetworkInterfaceId: string }[]
  }
  return found.map(({ NetworkInterfaceId }) => NetworkInterfaceId)
}
