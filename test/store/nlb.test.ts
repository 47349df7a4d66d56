/** NLB: load balancers in several zones, their listeners and server groups, and what the world has of them. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Answer, WireParams } from './call.ts'
import { provider, setScene, type Scene } from './scene.ts'
import { textOf, zone } from './side.ts'
import { makeNlb, otherZone, type Nlb } from './nlb.ts'

let scene: Scene
let nlb: Nlb
beforeEach(async () => {
  scene = await setScene()
  nlb = await makeNlb(scene)
})
afterEach(() => scene.of.db.destroy())

const call = (action: string, params: WireParams = {}) => scene.of.call(provider, `Nlb.${action}`, params)
const refused = (action: string, params: WireParams) => scene.of.refusal(provider, `Nlb.${action}`, params)
const job = async (answer: Answer) =>
  (await call('GetJobStatus', { JobId: textOf(answer, 'JobId') }))['Status']

async function carried() {
  const { loadBalancers } = await scene.of.world()
  return loadBalancers.find(({ id }) => id === nlb.id)
}

test('it has an address in each of its zones, and becomes active when the kernel has it', async () => {
  const described = await call('GetLoadBalancerAttribute', { LoadBalancerId: nlb.id })
  expect(described).toMatchObject({
    LoadBalancerStatus: 'Active',
    LoadBalancerType: 'network',
    AddressType: 'Intranet',
    VpcId: scene.vpc2.vpc,
    DeletionProtectionConfig: { Enabled: false },
    ModificationProtectionConfig: { Status: 'NonProtection' },
    ZoneMappings: [
      {
        ZoneId: otherZone,
        VSwitchId: nlb.vswitch,
        LoadBalancerAddresses: [{ PrivateIPv4Address: '10.0.1.1' }],
      },
      { ZoneId: zone, VSwitchId: scene.vpc2.vswitch, Status: 'Active' },
    ],
  })
  expect(nlb.id).toMatch(/^nlb-/)
  expect((await carried())?.addresses).toHaveLength(2)
  const listed = await call('ListLoadBalancers', { 'LoadBalancerIds.1': nlb.id, ZoneId: otherZone })
  expect(listed).toMatchObject({ TotalCount: 1, LoadBalancers: [{ LoadBalancerId: nlb.id }] })
  expect(await call('ListLoadBalancers', { AddressType: 'Internet' })).toMatchObject({ LoadBalancers: [] })
})

test('a listener runs once the kernel has it, with the servers, the scheduler and the checks of its group', async () => {
  const made = await call('CreateListener', {
    LoadBalancerId: nlb.id,
    ListenerProtocol: 'TCP',
    ListenerPort: 443,
    ServerGroupId: nlb.group,
    IdleTimeout: 60,
    Cps: 5,
    ProxyProtocolEnabled: true,
    'ProxyProtocolV2Config.Ppv2PrivateLinkEpIdEnabled': true,
  })
  const ListenerId = textOf(made, 'ListenerId')
  expect(ListenerId).toMatch(/^lsn-\w+@443$/)
  expect(await job(made)).toBe('Processing')
  expect(await call('GetListenerAttribute', { ListenerId })).toMatchObject({ ListenerStatus: 'Provisioning' })
  await scene.of.settle()
  expect(await job(made)).toBe('Succeeded')
  expect(await call('GetListenerAttribute', { ListenerId })).toMatchObject({
    ListenerStatus: 'Running',
    IdleTimeout: 60,
    Cps: 5,
    ProxyProtocolEnabled: true,
    ProxyProtocolV2Config: { Ppv2PrivateLinkEpIdEnabled: true, Ppv2VpcIdEnabled: false },
  })
  const listener = (await carried())?.listeners.find(({ port }) => port === 443)
  expect(listener).toMatchObject({
    protocol: 'tcp',
    status: 'running',
    scheduler: 'wrr',
    idleTimeoutS: 60,
    newConnectionsPerS: 5,
    proxyProtocol: { clientAddress: true, endpointId: true, serviceId: false, vpcId: false },
    servers: [{ server: scene.ecs2, address: '10.0.0.200', port: 80, weight: 100 }],
    healthCheck: { probe: { kind: 'tcp' }, intervalS: 5, healthyThreshold: 2 },
  })

  await call('UpdateServerGroupAttribute', {
    ServerGroupId: nlb.group,
    Scheduler: 'Sch',
    'HealthCheckConfig.HealthCheckType': 'HTTP',
    'HealthCheckConfig.HealthCheckUrl': '/healthy',
    'HealthCheckConfig.HealthCheckHttpCode.1': 'http_2xx',
    'HealthCheckConfig.HealthCheckHttpCode.2': 'http_3xx',
  })
  expect((await carried())?.listeners.find(({ port }) => port === 443)).toMatchObject({
    scheduler: 'sch',
    healthCheck: {
      probe: { kind: 'http', method: 'GET', path: '/healthy', host: undefined, statuses: [2, 3] },
    },
  })
})

test('a listener has a range of ports, and its servers are called at the port that was called', async () => {
  const group = textOf(
    await call('CreateServerGroup', {
      ServerGroupName: 'games',
      VpcId: scene.vpc2.vpc,
      AnyPortEnabled: true,
      'HealthCheckConfig.HealthCheckConnectPort': 8000,
    }),
    'ServerGroupId',
  )
  await scene.of.settle()
  const server = { ServerGroupId: group, 'Servers.1.ServerId': scene.ecs2, 'Servers.1.ServerType': 'Ecs' }
  expect(await refused('AddServersToServerGroup', { ...server, 'Servers.1.Port': 80 })).toBe(
    'IllegalParam.RSPortConflictWithServerGroup',
  )
  await call('AddServersToServerGroup', server)
  expect(await call('ListServerGroups', { 'ServerGroupIds.1': group })).toMatchObject({
    ServerGroups: [{ AnyPortEnabled: true, HealthCheck: { HealthCheckConnectPort: 8000 }, ServerCount: 1 }],
  })
  const listening = { LoadBalancerId: nlb.id, ListenerProtocol: 'TCP', ServerGroupId: group }
  const conflict = 'IllegalParam.NonAnyPortListenerConflictWithAnyPortServerGroup'
  expect(await refused('CreateListener', { ...listening, ListenerPort: 90 })).toBe(conflict)
  expect(await refused('UpdateListenerAttribute', { ListenerId: nlb.listener, ServerGroupId: group })).toBe(
    conflict,
  )
  const wanted = { ...listening, ListenerPort: 0, StartPort: 1000, EndPort: 2000 }
  const ListenerId = textOf(await call('CreateListener', wanted), 'ListenerId')
  await scene.of.settle()
  const told = { ListenerPort: 0, StartPort: '1000', EndPort: '2000' }
  expect(await call('GetListenerAttribute', { ListenerId })).toMatchObject(told)
  expect(await call('GetListenerAttribute', { ListenerId: nlb.listener })).not.toHaveProperty('StartPort')
  expect(await call('GetListenerHealthStatus', { ListenerId })).toMatchObject({
    ListenerHealthStatus: [{ ...told, ServerGroupInfos: [{ NonNormalServers: [{ Status: 'Initial' }] }] }],
  })
  expect((await carried())?.listeners.find(({ lastPort }) => lastPort !== undefined)).toMatchObject({
    protocol: 'tcp',
    port: 1000,
    lastPort: 2000,
    servers: [{ server: scene.ecs2, port: 0 }],
    healthCheck: { port: 8000 },
  })
  // Another range beside it, and the same one of another protocol, but none that overlaps.
  expect(await refused('CreateListener', { ...wanted, StartPort: 500, EndPort: 1000 })).toBe('Conflict.Port')
  expect(
    await refused('CreateListener', { ...listening, ListenerPort: 1500, ServerGroupId: nlb.group }),
  ).toBe('Conflict.Port')
  await call('CreateListener', { ...wanted, StartPort: 2001, EndPort: 2002, ProxyProtocolEnabled: true })
  await scene.of.settle()
  const off = { ServerGroupId: group, 'HealthCheckConfig.HealthCheckConnectPort': 0 }
  expect(await refused('UpdateServerGroupAttribute', off)).toBe(
    'IllegalParam.AnyPortServerGroupConflictWithHealthCheckConfig',
  )
  await call('UpdateServerGroupAttribute', { ...off, 'HealthCheckConfig.HealthCheckEnabled': false })
})

test('a listener stops, starts and goes, each with a job', async () => {
  const { listener: ListenerId } = nlb
  const statuses = async () => {
    const { Listeners } = await call('ListListeners', { 'LoadBalancerIds.1': nlb.id })
    return (Listeners as { ListenerStatus: string }[]).map(({ ListenerStatus }) => ListenerStatus)
  }
  const stopped = await call('StopListener', { ListenerId })
  expect(await statuses()).toEqual(['Stopping'])
  expect((await carried())?.listeners).toMatchObject([{ status: 'stopped' }])
  expect(await refused('StartListener', { ListenerId })).toBe('IncorrectStatus.listener')
  await scene.of.settle({ problems: [{ id: nlb.id, message: 'not yet' }] })
  expect(await job(stopped)).toBe('Processing')
  await scene.of.settle()
  expect([await job(stopped), await statuses()]).toEqual(['Succeeded', ['Stopped']])
  await call('StartListener', { ListenerId })
  await scene.of.settle()
  expect(await statuses()).toEqual(['Running'])
  await call('DeleteListener', { ListenerId })
  expect((await carried())?.listeners).toEqual([])
  await scene.of.settle()
  expect(await refused('GetListenerAttribute', { ListenerId })).toBe('ResourceNotFound.listener')
})

test('servers are added, weighed and removed, and every listener of the group follows', async () => {
  const group = { ServerGroupId: nlb.group }
  const server = { ...group, 'Servers.1.ServerId': scene.ecs2, 'Servers.1.ServerType': 'Ecs' }
  const weights = async () =>
    (await carried())?.listeners.flatMap(({ servers }) => servers.map(({ port, weight }) => [port, weight]))
  await call('AddServersToServerGroup', { ...server, 'Servers.1.Port': 81, 'Servers.1.Weight': 20 })
  expect(await weights()).toEqual([
    [80, 100],
    [81, 20],
  ])
  await call('UpdateServerGroupServersAttribute', { ...server, 'Servers.1.Port': 81, 'Servers.1.Weight': 0 })
  expect(await weights()).toContainEqual([81, 0])
  await scene.of.settle()
  expect(await call('ListServerGroupServers', group)).toMatchObject({
    TotalCount: 2,
    Servers: [
      {
        ServerId: scene.ecs2,
        ServerIp: '10.0.0.200',
        ZoneId: zone,
        Port: 80,
        Weight: 100,
        Status: 'Available',
      },
      { Port: 81, Weight: 0 },
    ],
  })
  await call('RemoveServersFromServerGroup', { ...server, 'Servers.1.Port': 80 })
  expect(await weights()).toEqual([[81, 0]])
  await scene.of.settle()
  expect(await call('ListServerGroups', { 'ServerGroupIds.1': nlb.group })).toMatchObject({
    ServerGroups: [{ ServerCount: 1, ServerGroupStatus: 'Available', RelatedLoadBalancerIds: [nlb.id] }],
  })
  await scene.of.call(provider, 'Ecs.DeleteInstance', { InstanceId: scene.ecs2, Force: true })
  expect(await weights()).toEqual([])
})

test('health tells only who is not well', async () => {
  const { listener: ListenerId } = nlb
  const ask = async () => {
    const answer = await call('GetListenerHealthStatus', { ListenerId })
    const [of] = answer['ListenerHealthStatus'] as { ServerGroupInfos: { NonNormalServers: object[] }[] }[]
    return of?.ServerGroupInfos[0]?.NonNormalServers
  }
  const seen = { balancer: nlb.id, protocol: 'tcp', port: 80, server: scene.ecs2, backendPort: 80 } as const
  const see = (status: 'normal' | 'abnormal') => {
    scene.of.observed = { ...scene.of.observed, health: [{ ...seen, status }] }
  }
  expect(await ask()).toMatchObject([
    { ServerId: scene.ecs2, ServerIp: '10.0.0.200', Port: 80, Status: 'Initial' },
  ])
  see('abnormal')
  expect(await ask()).toMatchObject([{ Status: 'Unhealthy' }])
  see('normal')
  expect(await ask()).toEqual([])
})

test('zones come and go, but not while a service offers them', async () => {
  const mapping = (index: number, ZoneId: string, VSwitchId: string) => ({
    [`ZoneMappings.${index}.ZoneId`]: ZoneId,
    [`ZoneMappings.${index}.VSwitchId`]: VSwitchId,
  })
  const third = textOf(
    await scene.of.call(provider, 'Vpc.CreateVSwitch', {
      VpcId: scene.vpc2.vpc,
      ZoneId: 'eu-central-1c',
      CidrBlock: '10.0.2.0/24',
    }),
    'VSwitchId',
  )
  await scene.of.settle()
  const keep = mapping(1, zone, scene.vpc2.vswitch)
  const update = (...mappings: object[]) => ({ LoadBalancerId: nlb.id, ...Object.assign({}, ...mappings) })
  expect(await refused('UpdateLoadBalancerZones', update(keep))).toBe('InvalidZones')
  expect(await refused('UpdateLoadBalancerZones', update(keep, mapping(2, zone, third)))).toBe(
    'OperationFailed.DuplicateZones',
  )
  await call('UpdateLoadBalancerZones', update(keep, mapping(2, 'eu-central-1c', third)))
  expect((await carried())?.addresses.map((one) => one.zone).toSorted()).toEqual([zone, 'eu-central-1c'])
  const vswitch = { VSwitchId: nlb.vswitch }
  expect(await scene.of.refusal(provider, 'Vpc.DeleteVSwitch', vswitch)).toBe('DependencyViolation')
  await scene.of.settle()
  await scene.of.call(provider, 'Vpc.DeleteVSwitch', vswitch)

  const service = textOf(
    await scene.of.call(provider, 'Privatelink.CreateVpcEndpointService', {
      ServiceResourceType: 'nlb',
      'Resource.1.ResourceId': nlb.id,
      'Resource.1.ZoneId': 'eu-central-1c',
    }),
    'ServiceId',
  )
  expect(service).toMatch(/^epsrv-/)
  expect(await refused('DeleteLoadBalancer', { LoadBalancerId: nlb.id })).toBe(
    'DependencyViolation.EndpointService',
  )
})

test('it is guarded, and goes with its listeners, addresses and tags', async () => {
  const balancer = { LoadBalancerId: nlb.id }
  await call('UpdateLoadBalancerProtection', {
    ...balancer,
    DeletionProtectionEnabled: true,
    DeletionProtectionReason: 'in use',
  })
  expect(await refused('DeleteLoadBalancer', balancer)).toBe('OperationDenied.DeletionProtectionEnabled')
  await call('UpdateLoadBalancerProtection', { ...balancer, DeletionProtectionEnabled: false })
  await call('TagResources', {
    ResourceType: 'loadbalancer',
    'ResourceId.1': nlb.id,
    'Tag.1.Key': 'env',
    'Tag.1.Value': 'test',
  })
  expect(await refused('DeleteServerGroup', { ServerGroupId: nlb.group })).toBe('ResourceInUse.ServerGroup')
  const deleted = await call('DeleteLoadBalancer', balancer)
  await scene.of.settle()
  expect(await job(deleted)).toBe('Succeeded')
  expect(await refused('GetLoadBalancerAttribute', balancer)).toBe('ResourceNotFound.loadBalancer')
  for (const table of ['nlb_zone', 'nlb_listener', 'tag'] as const) {
    expect(await scene.of.db.selectFrom(table).selectAll().execute()).toEqual([])
  }
  await scene.of.call(provider, 'Vpc.DeleteVSwitch', { VSwitchId: nlb.vswitch })
  await call('DeleteServerGroup', { ServerGroupId: nlb.group })
  await scene.of.settle()
  expect(await call('ListServerGroups')).toMatchObject({ ServerGroups: [] })
})

test('name, limit and resource group change', async () => {
  const changed = await call('UpdateLoadBalancerAttribute', {
    LoadBalancerId: nlb.id,
    LoadBalancerName: 'renamed',
    Cps: 100,
  })
  expect((await carried())?.limits).toEqual({ connections: undefined, newConnectionsPerS: 100 })
  expect(await call('GetLoadBalancerAttribute', { LoadBalancerId: nlb.id })).toMatchObject({
    LoadBalancerStatus: 'Configuring',
  })
  await scene.of.settle()
  expect(await job(changed)).toBe('Succeeded')
  const params = { Name: 'second', DisplayName: 'second' }
  const made = await scene.of.call(provider, 'ResourceManager.CreateResourceGroup', params)
  const NewResourceGroupId = (made['ResourceGroup'] as { Id: string }).Id
  await call('MoveResourceGroup', { ResourceType: 'loadbalancer', ResourceId: nlb.id, NewResourceGroupId })
  expect(await call('GetLoadBalancerAttribute', { LoadBalancerId: nlb.id })).toMatchObject({
    LoadBalancerName: 'renamed',
    Cps: 100,
    ResourceGroupId: NewResourceGroupId,
  })
})
