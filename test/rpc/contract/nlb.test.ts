/** All actions of Nlb succeed, in the order of a life with them, through every kind of client in turn. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startServer, type RunningServer } from '../../fixtures/running-server.ts'
import { families, type Answer, type Params } from './clients.ts'
import { actionsOf } from './sdk.ts'
import {
  makeInstance,
  makeNetwork,
  makeParty,
  makeVSwitch,
  otherZone,
  partyOf,
  zone,
  type Party,
} from './stage.ts'

let server: RunningServer
let owner: Party
const called = new Set<string>()

beforeAll(async () => {
  server = await startServer()
  owner = await makeParty(server, '87654321')
})
afterAll(() => server[Symbol.asyncDispose]())

async function nlb(action: string, params: Params = {}): Promise<Answer> {
  const family = families[called.size % families.length] ?? 'tea-rpc'
  const protocol = called.size % 2 === 0 ? 'HTTP' : 'HTTPS'
  called.add(action)
  return await partyOf(server, owner.credentials, family, protocol).nlb(action, params)
}

/** A write, and the end of its job. */
async function done(action: string, params: Params): Promise<Answer> {
  const answer = await nlb(action, params)
  const job = { JobId: answer['JobId'] }
  await vi.waitFor(
    async () => expect(await nlb('GetJobStatus', job)).toMatchObject({ Status: 'Succeeded' }),
    5000,
  )
  return answer
}

test('where load balancers can be', async () => {
  expect(JSON.stringify(await nlb('DescribeRegions'))).toContain('"RegionId":"eu-central-1"')
  expect(JSON.stringify(await nlb('DescribeZones'))).toContain(zone)
})

test('the life of a load balancer with its listeners and servers', async () => {
  const network = await makeNetwork(owner)
  const vswitch = await makeVSwitch(owner, network.vpc, '10.0.1.0/24', otherZone)
  const third = await makeVSwitch(owner, network.vpc, '10.0.2.0/24', 'eu-central-1c')
  const instance = await makeInstance(owner, network)
  const zones = [
    { ZoneId: zone, VSwitchId: network.vswitch },
    { ZoneId: otherZone, VSwitchId: vswitch },
  ]
  const made = await nlb('CreateLoadBalancer', {
    AddressType: 'Intranet',
    VpcId: network.vpc,
    LoadBalancerName: 'first',
    ZoneMappings: zones,
    Tag: [{ Key: 'use', Value: 'test' }],
  })
  const own = { LoadBalancerId: String(made['LoadbalancerId']) }
  const read = () => nlb('GetLoadBalancerAttribute', own)
  await vi.waitFor(async () => expect(await read()).toMatchObject({ LoadBalancerStatus: 'Active' }), 5000)
  await done('UpdateLoadBalancerAttribute', { ...own, LoadBalancerName: 'second', Cps: 100 })
  await done('UpdateLoadBalancerZones', {
    ...own,
    ZoneMappings: [...zones, { ZoneId: 'eu-central-1c', VSwitchId: third }],
  })
  await nlb('UpdateLoadBalancerProtection', { ...own, DeletionProtectionEnabled: true })
  expect(await read()).toMatchObject({
    LoadBalancerName: 'second',
    Cps: 100,
    DeletionProtectionConfig: { Enabled: true },
    ZoneMappings: [
      {},
      {},
      { LoadBalancerAddresses: [{ PrivateIPv4Address: expect.any(String) as unknown }] },
    ],
    Tags: [{ TagKey: 'use', TagValue: 'test' }],
  })
  expect(await nlb('ListLoadBalancers', { LoadBalancerIds: [own.LoadBalancerId] })).toMatchObject({
    TotalCount: 1,
  })

  const grouped = await done('CreateServerGroup', { ServerGroupName: 'web', VpcId: network.vpc })
  const group = { ServerGroupId: String(grouped['ServerGroupId']) }
  await done('UpdateServerGroupAttribute', { ...group, ServerGroupName: 'shop' })
  const backend = { ServerId: instance, ServerType: 'Ecs', Port: 80 }
  await done('AddServersToServerGroup', { ...group, Servers: [backend] })
  await done('UpdateServerGroupServersAttribute', { ...group, Servers: [{ ...backend, Weight: 5 }] })
  expect(await nlb('ListServerGroupServers', group)).toMatchObject({
    Servers: [{ ServerId: instance, Port: 80, Weight: 5, Status: 'Available', ZoneId: zone }],
  })

  const listening = await done('CreateListener', {
    ...own,
    ...group,
    ListenerProtocol: 'TCP',
    ListenerPort: 80,
  })
  const listener = { ListenerId: String(listening['ListenerId']) }
  await done('UpdateListenerAttribute', { ...listener, IdleTimeout: 60 })
  expect(await nlb('GetListenerAttribute', listener)).toMatchObject({
    ListenerStatus: 'Running',
    IdleTimeout: 60,
  })
  expect(await nlb('ListListeners', { ListenerIds: [listener.ListenerId] })).toMatchObject({ TotalCount: 1 })
  expect(await nlb('GetListenerHealthStatus', listener)).toMatchObject({
    ListenerHealthStatus: [{ ServerGroupInfos: [{ HeathCheckEnabled: true, NonNormalServers: [] }] }],
  })
  expect(await nlb('ListServerGroups', { ServerGroupIds: [group.ServerGroupId] })).toMatchObject({
    ServerGroups: [{ ServerGroupName: 'shop', RelatedLoadBalancerIds: [own.LoadBalancerId], ServerCount: 1 }],
  })
  await done('StopListener', listener)
  await done('StartListener', listener)

  const tagged = { ResourceType: 'loadbalancer', ResourceId: [own.LoadBalancerId] }
  await nlb('TagResources', { ...tagged, Tag: [{ Key: 'more', Value: '1' }] })
  await nlb('UntagResources', { ...tagged, TagKey: ['use'] })
  expect(await nlb('ListTagResources', tagged)).toMatchObject({ TagResources: [{ TagKey: 'more' }] })
  const shop = await owner.resourceManager('CreateResourceGroup', { Name: 'shop', DisplayName: 'shop' })
  const { Id } = shop['ResourceGroup'] as { Id: string }
  await nlb('MoveResourceGroup', {
    ResourceType: 'loadbalancer',
    ResourceId: own.LoadBalancerId,
    NewResourceGroupId: Id,
  })
  expect(await read()).toMatchObject({ ResourceGroupId: Id })

  await done('DeleteListener', listener)
  await done('RemoveServersFromServerGroup', { ...group, Servers: [backend] })
  await done('DeleteServerGroup', group)
  await nlb('UpdateLoadBalancerProtection', { ...own, DeletionProtectionEnabled: false })
  await done('DeleteLoadBalancer', own)
  expect(await nlb('ListLoadBalancers', { LoadBalancerIds: [own.LoadBalancerId] })).toMatchObject({
    TotalCount: 0,
  })
})

test('no action was left out', () => {
  expect([...called].toSorted()).toEqual(actionsOf('Nlb'))
})
