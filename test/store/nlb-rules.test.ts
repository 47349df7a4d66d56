/** Rules of the Nlb product, and of NLBs behind endpoint services, each with the code that breaking it is refused with. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WireParams } from './call.ts'
import { makeNlb, otherZone, type Nlb } from './nlb.ts'
import { consumer, provider, refuses, setScene, type Scene } from './scene.ts'
import { textOf, zone } from './side.ts'

let scene: Scene
let nlb: Nlb
/** A service of type nlb, with the NLB in one zone. */
let service: string
beforeAll(async () => {
  scene = await setScene()
  nlb = await makeNlb(scene)
  const params = {
    ServiceResourceType: 'nlb',
    'Resource.1.ResourceType': 'nlb',
    'Resource.1.ResourceId': nlb.id,
    'Resource.1.ZoneId': zone,
  }
  service = textOf(await scene.of.call(provider, 'Privatelink.CreateVpcEndpointService', params), 'ServiceId')
  await scene.of.settle()
})
afterAll(() => scene.of.db.destroy())

const create = (change: WireParams) => () => ({
  AddressType: 'Intranet',
  VpcId: scene.vpc2.vpc,
  'ZoneMappings.1.ZoneId': zone,
  'ZoneMappings.1.VSwitchId': scene.vpc2.vswitch,
  'ZoneMappings.2.ZoneId': otherZone,
  'ZoneMappings.2.VSwitchId': nlb.vswitch,
  ...change,
})
const listener = (change: WireParams) => () => ({
  LoadBalancerId: nlb.id,
  ListenerProtocol: 'TCP',
  ListenerPort: 81,
  ServerGroupId: nlb.group,
  ...change,
})
const range = (change: WireParams) => listener({ ListenerPort: 0, StartPort: 1000, EndPort: 2000, ...change })
const group = (change: WireParams) => () => ({ ServerGroupName: 'web', VpcId: scene.vpc2.vpc, ...change })
const server = (change: WireParams) => () => ({
  ServerGroupId: nlb.group,
  'Servers.1.ServerId': scene.ecs2,
  'Servers.1.ServerType': 'Ecs',
  'Servers.1.Port': 81,
  ...change,
})
const resource = (change: WireParams) => () => ({
  ServiceId: service,
  ResourceType: 'nlb',
  ResourceId: nlb.id,
  ZoneId: otherZone,
  ...change,
})

refuses(
  () => scene.of,
  [
    [provider, 'Nlb.CreateLoadBalancer', create({ AddressType: '' }), 'MissingParam.AddressType'],
    [provider, 'Nlb.CreateLoadBalancer', create({ AddressType: 'Internet' }), 'IllegalParam.AddressType'],
    [provider, 'Nlb.CreateLoadBalancer', create({ LoadBalancerName: '1' }), 'IllegalParam.loadBalancerName'],
    [
      provider,
      'Nlb.CreateLoadBalancer',
      create({ AddressIpVersion: 'DualStack' }),
      'OperationDenied.VpcNotSupportIpv6',
    ],
    [provider, 'Nlb.CreateLoadBalancer', create({ VpcId: 'vpc-none' }), 'ResourceNotFound.Vpc'],
    [
      provider,
      'Nlb.CreateLoadBalancer',
      create({ 'ZoneMappings.2.ZoneId': '', 'ZoneMappings.2.VSwitchId': '' }),
      'InvalidZones',
    ],
    [provider, 'Nlb.CreateLoadBalancer', create({ 'ZoneMappings.2.ZoneId': 'mars-a' }), 'InvalidZones'],
    [
      provider,
      'Nlb.CreateLoadBalancer',
      create({ 'ZoneMappings.2.ZoneId': zone }),
      'OperationFailed.DuplicateZones',
    ],
    [
      provider,
      'Nlb.CreateLoadBalancer',
      create({ 'ZoneMappings.2.ZoneId': 'eu-central-1c' }),
      'Mismatch.ZoneIdAndVswitchId',
    ],
    [
      provider,
      'Nlb.CreateLoadBalancer',
      create({ 'ZoneMappings.2.VSwitchId': 'vsw-none' }),
      'ResourceNotFound.VSwitch',
    ],
    [
      provider,
      'Nlb.CreateLoadBalancer',
      create({ 'ZoneMappings.1.PrivateIPv4Address': '10.0.0.200' }),
      'ResourceInUse.IP',
    ],
    [
      provider,
      'Nlb.CreateLoadBalancer',
      create({ 'ZoneMappings.1.PrivateIPv4Address': '10.9.0.1' }),
      'IllegalParam.PrivateIPv4Address',
    ],
    [
      provider,
      'Nlb.CreateLoadBalancer',
      create({ 'ZoneMappings.1.AllocationId': 'eip-1' }),
      'IllegalParam.AllocationId',
    ],
    [
      provider,
      'Nlb.UpdateLoadBalancerAttribute',
      () => ({ LoadBalancerId: nlb.id, CrossZoneEnabled: false }),
      'IllegalParam.CrossZoneEnabled',
    ],
    [
      provider,
      'Nlb.CreateListener',
      listener({ ListenerProtocol: 'TCPSSL' }),
      'IllegalParam.ListenerProtocol',
    ],
    [provider, 'Nlb.CreateListener', listener({ ListenerPort: 80 }), 'Conflict.Port'],
    [provider, 'Nlb.CreateListener', listener({ StartPort: 81, EndPort: 90 }), 'IllegalParam.Port'],
    [provider, 'Nlb.CreateListener', range({ StartPort: '' }), 'MissingParam.StartPort'],
    [provider, 'Nlb.CreateListener', range({ EndPort: '' }), 'MissingParam.EndPort'],
    [provider, 'Nlb.CreateListener', range({ StartPort: 0 }), 'IllegalParam.Port'],
    [provider, 'Nlb.CreateListener', range({ EndPort: 1000 }), 'IllegalParam.Port'],
    [provider, 'Nlb.CreateListener', range({ EndPort: 65536 }), 'IllegalParam.EndPort'],
    [provider, 'Nlb.CreateListener', range({ StartPort: 80, EndPort: 81 }), 'Conflict.Port'],
    [provider, 'Nlb.CreateListener', range({ StartPort: 2, EndPort: 80 }), 'Conflict.Port'],
    [provider, 'Nlb.CreateListener', range({ StartPort: 1, EndPort: 65535 }), 'Conflict.Port'],
    [
      provider,
      'Nlb.CreateListener',
      range({}),
      'IllegalParam.AnyPortListenerConflictWithNonAnyPortServerGroup',
    ],
    [
      provider,
      'Nlb.CreateListener',
      range({ ProxyProtocolEnabled: true, EndPort: 1100 }),
      'IllegalParam.ProxyProtocolEnabled',
    ],
    [provider, 'Nlb.CreateListener', listener({ ServerGroupId: '' }), 'MissingParam.ServerGroupId'],
    [provider, 'Nlb.CreateListener', listener({ ServerGroupId: 'sgp-none' }), 'ResourceNotFound.serverGroup'],
    [
      provider,
      'Nlb.CreateListener',
      listener({ LoadBalancerId: 'nlb-none' }),
      'ResourceNotFound.loadBalancer',
    ],
    [
      provider,
      'Nlb.CreateListener',
      listener({ ListenerProtocol: 'UDP', IdleTimeout: 20 }),
      'Mismatch.Protocol',
    ],
    [
      provider,
      'Nlb.CreateListener',
      listener({ ListenerProtocol: 'UDP', IdleTimeout: 21 }),
      'IllegalParam.IdleTimeout',
    ],
    [
      provider,
      'Nlb.CreateListener',
      listener({ ListenerProtocol: 'UDP', ProxyProtocolEnabled: true }),
      'IllegalParam.ProxyProtocolEnabled',
    ],
    [provider, 'Nlb.CreateListener', listener({ Mss: 1400 }), 'IllegalParam.Mss'],
    [
      provider,
      'Nlb.GetListenerAttribute',
      () => ({ ListenerId: 'lsn-none@80' }),
      'ResourceNotFound.listener',
    ],
    [provider, 'Nlb.StartListener', () => ({ ListenerId: nlb.listener }), 'IncorrectStatus.listener'],
    [provider, 'Nlb.GetJobStatus', () => ({ JobId: 'none' }), 'ResourceNotFound.Job'],
    [provider, 'Nlb.CreateServerGroup', group({ ServerGroupName: '1' }), 'IllegalParam.ServerGroupName'],
    [provider, 'Nlb.CreateServerGroup', () => group({ VpcId: scene.vpc1.vpc })(), 'ResourceNotFound.Vpc'],
    [provider, 'Nlb.CreateServerGroup', group({ Scheduler: 'Qch' }), 'IllegalParam.Scheduler'],
    [
      provider,
      'Nlb.CreateServerGroup',
      group({ AnyPortEnabled: true }),
      'IllegalParam.AnyPortServerGroupConflictWithHealthCheckConfig',
    ],
    [
      provider,
      'Nlb.CreateServerGroup',
      group({ ConnectionDrainEnabled: true }),
      'MissingParam.ConnectionDrainTimeout',
    ],
    [
      provider,
      'Nlb.CreateServerGroup',
      group({ PreserveClientIpEnabled: false }),
      'IllegalParam.PreserveClientIpEnabled',
    ],
    [
      provider,
      'Nlb.CreateServerGroup',
      group({ 'HealthCheckConfig.HealthCheckType': 'UDP' }),
      'IllegalParam.HealthCheckType',
    ],
    [
      provider,
      'Nlb.CreateServerGroup',
      group({ 'HealthCheckConfig.HealthCheckInterval': 51 }),
      'IllegalParam.HealthCheckInterval',
    ],
    [provider, 'Nlb.AddServersToServerGroup', server({ 'Servers.1.Port': 80 }), 'DuplicatedParam.Server'],
    [provider, 'Nlb.AddServersToServerGroup', server({ 'Servers.1.Port': 0 }), 'IllegalParam.Port'],
    [
      provider,
      'Nlb.AddServersToServerGroup',
      () => server({ 'Servers.1.ServerId': scene.ecs1 })(),
      'ResourceNotFound.Ecs',
    ],
    [
      provider,
      'Nlb.AddServersToServerGroup',
      server({ 'Servers.1.ServerType': 'Ip', 'Servers.1.ServerId': '10.0.0.200' }),
      'Mismatch.ServerType',
    ],
    [
      provider,
      'Nlb.AddServersToServerGroup',
      server({ 'Servers.1.ServerType': 'Eci' }),
      'ResourceNotFound.Eci',
    ],
    [
      provider,
      'Nlb.RemoveServersFromServerGroup',
      server({ 'Servers.1.Port': 99 }),
      'ResourceNotFound.BackendServer',
    ],
    [provider, 'Nlb.DeleteServerGroup', () => ({ ServerGroupId: nlb.group }), 'ResourceInUse.ServerGroup'],
    [
      provider,
      'Privatelink.AttachResourceToVpcEndpointService',
      resource({ ZoneId: '' }),
      'MissingParam.ZoneId',
    ],
    [
      provider,
      'Privatelink.AttachResourceToVpcEndpointService',
      resource({ ZoneId: zone }),
      'EndpointServiceResourceExist',
    ],
    [
      provider,
      'Privatelink.AttachResourceToVpcEndpointService',
      resource({ ZoneId: 'eu-central-1c' }),
      'EndpointServiceNotSupportedZone',
    ],
    [
      provider,
      'Privatelink.AttachResourceToVpcEndpointService',
      resource({ ResourceId: 'nlb-none' }),
      'LoadBalancerNotFound',
    ],
    [
      provider,
      'Privatelink.AttachResourceToVpcEndpointService',
      () => resource({ ResourceType: 'slb', ResourceId: scene.clb })(),
      'EndpointServiceResourceTypeNotEqual',
    ],
    [
      provider,
      'Privatelink.AttachResourceToVpcEndpointService',
      () => resource({ ServiceId: scene.service })(),
      'EndpointServiceResourceTypeNotEqual',
    ],
    [
      provider,
      'Privatelink.DetachResourceFromVpcEndpointService',
      resource({ ZoneId: '' }),
      'MissingParam.ZoneId',
    ],
    [
      provider,
      'Privatelink.DetachResourceFromVpcEndpointService',
      resource({}),
      'EndpointServiceResourceNotFound',
    ],
    [
      consumer,
      'Nlb.GetLoadBalancerAttribute',
      () => ({ LoadBalancerId: nlb.id }),
      'ResourceNotFound.loadBalancer',
    ],
  ],
)

test('an NLB is one resource per zone, and an endpoint zone is led to its own', async () => {
  const { of } = scene
  await of.call(provider, 'Privatelink.AttachResourceToVpcEndpointService', resource({})())
  const listed = await of.call(provider, 'Privatelink.ListVpcEndpointServiceResources', {
    ServiceId: service,
  })
  expect(listed).toMatchObject({
    Resources: [
      { ResourceId: nlb.id, ZoneId: zone, VpcId: scene.vpc2.vpc },
      { ResourceId: nlb.id, ResourceType: 'nlb', ZoneId: otherZone, VSwitchId: nlb.vswitch, Ip: '10.0.1.1' },
    ],
  })
  const services = await of.call(provider, 'Privatelink.ListVpcEndpointServices', {
    ServiceResourceType: 'nlb',
  })
  expect(services).toMatchObject({
    TotalCount: 1,
    Services: [{ ServiceId: service, ServiceResourceType: 'nlb' }],
  })
  await of.call(provider, 'Privatelink.AddUserToVpcEndpointService', { ServiceId: service, UserId: consumer })
  await of.settle()
  const made = await of.call(consumer, 'Privatelink.CreateVpcEndpoint', {
    VpcId: scene.vpc1.vpc,
    ServiceId: service,
    'SecurityGroupId.1': scene.vpc1.group,
    'Zone.1.ZoneId': zone,
    'Zone.1.VSwitchId': scene.vpc1.vswitch,
  })
  await of.settle()
  const connection = { ServiceId: service, EndpointId: textOf(made, 'EndpointId') }
  await of.call(provider, 'Privatelink.EnableVpcEndpointConnection', connection)
  await of.settle()
  await limitsAreWanted(connection)
  const inUse = resource({ ZoneId: zone })()
  expect(await of.refusal(provider, 'Privatelink.DetachResourceFromVpcEndpointService', inUse)).toBe(
    'EndpointServiceConnectionDependence',
  )
  // The same NLB in the zone without an endpoint is free.
  await of.call(provider, 'Privatelink.DetachResourceFromVpcEndpointService', resource({})())
  const replace = { ...connection, ZoneId: zone, ResourceId: nlb.id, ResourceReplaceMode: 'Force' }
  expect(
    await of.refusal(provider, 'Privatelink.UpdateVpcEndpointZoneConnectionResourceAttribute', replace),
  ).toBe('EndpointServiceResourceTypeNotSupport')
})

/** A connection to an NLB has a bandwidth that limits nothing until its owner says so. */
async function limitsAreWanted(connection: { readonly ServiceId: string; readonly EndpointId: string }) {
  const { of } = scene
  const update = 'Privatelink.UpdateVpcEndpointConnectionAttribute'
  const change = async (limits: WireParams) => {
    await of.call(provider, update, { ...connection, ...limits })
    await of.settle()
    const { Connections } = await of.call(provider, 'Privatelink.ListVpcEndpointConnections', connection)
    const [{ Bandwidth, TrafficControlMode } = {}] = Connections as Record<string, unknown>[]
    const endpoint = (await of.world()).endpoints.find(({ id }) => id === connection.EndpointId)
    return [TrafficControlMode, Bandwidth, endpoint?.bandwidthMbps]
  }
  expect(await change({})).toEqual(['Scalability', 3072, undefined])
  expect(await change({ Bandwidth: 50_000 })).toEqual(['Scalability', 50_000, undefined])
  const limited = { TrafficControlMode: 'BandwidthLimit' }
  expect(await change(limited)).toEqual(['BandwidthLimit', 50_000, 50_000])
  expect(await change({ Bandwidth: 100 })).toEqual(['BandwidthLimit', 100, 100])
  expect(await of.refusal(provider, update, { ...connection, Bandwidth: 50_001 })).toBe(
    'IllegalParamFormat.Bandwidth',
  )
  expect(await change({ TrafficControlMode: 'Scalability' })).toEqual(['Scalability', 100, undefined])
}
