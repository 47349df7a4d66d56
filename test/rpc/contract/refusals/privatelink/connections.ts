/** How each error of the actions on connections and their zones is provoked. */
import { expect, vi } from 'vitest'
import type { Params } from '../../clients.ts'
import { endpointIs, makeBalancer, makeEndpoint, makeService, otherZone, zoneIs, zone } from '../../stage.ts'
import {
  connected,
  connecting,
  creatingEndpoint,
  freeze,
  fullVSwitch,
  reserve,
  twoResources,
  type Provoke,
  type RefusalWorld,
  type Refusals,
} from './world.ts'

/** The provider asks for the connection that waits. */
const waiting =
  (params: Params = {}): Provoke =>
  ({ provider, service, endpoint }) => [provider, { ServiceId: service, EndpointId: endpoint, ...params }]

/** A service or an endpoint that the provider does not have. */
function unknown(params: Params = {}) {
  return {
    EndpointConnectionNotFound: waiting({ ...params, EndpointId: 'ep-none' }),
    EndpointServiceNotFound: (({ stranger, service, endpoint }) => [
      stranger,
      { ServiceId: service, EndpointId: endpoint, ...params },
    ]) satisfies Provoke,
  }
}

const onItsWay =
  (params: Params = {}): Provoke =>
  async (world) => [world.provider, { ...(await connecting(world)), ...params }]

const ofNewEndpoint =
  (params: Params = {}): Provoke =>
  async (world) => [
    world.provider,
    { ServiceId: world.service, EndpointId: await creatingEndpoint(world), ...params },
  ]

/** Connects an endpoint, and leaves its service on the way: a replacement has begun and is not reported. */
async function replacing(world: RefusalWorld): Promise<Params> {
  const { to, connection } = await twoResources(world)
  const other = await makeEndpoint(world.consumer, String(connection['ServiceId']), world.network)
  freeze(world)
  await world.provider.privatelink('UpdateVpcEndpointZoneConnectionResourceAttribute', {
    ServiceId: connection['ServiceId'],
    EndpointId: other,
    ZoneId: zone,
    ResourceId: to,
    ResourceType: 'slb',
    ResourceAllocateMode: 'Manual',
  })
  return connection
}

/** A connected endpoint that gets another security group, which is not reported. */
async function changing(world: RefusalWorld): Promise<Params> {
  const { consumer, network } = world
  const connection = await connected(world)
  const made = await consumer.ecs('CreateSecurityGroup', { VpcId: network.vpc })
  freeze(world)
  await consumer.privatelink('AttachSecurityGroupToVpcEndpoint', {
    EndpointId: connection['EndpointId'],
    SecurityGroupId: made['SecurityGroupId'],
  })
  return connection
}

/** The zone of a connected endpoint is cut, and its service has nothing left to connect it by. */
async function withoutResource(world: RefusalWorld): Promise<Params> {
  const { provider, consumer, offer } = world
  const balancer = await makeBalancer(provider, offer)
  const connection = await connected(world, await makeService(provider, [balancer], [consumer]))
  await provider.privatelink('DisableVpcEndpointZoneConnection', connection)
  await zoneIs(consumer, String(connection['EndpointId']), 'Disconnected')
  const detach = { ServiceId: connection['ServiceId'], ResourceId: balancer }
  await provider.privatelink('DetachResourceFromVpcEndpointService', detach)
  return connection
}

const by =
  (make: (world: RefusalWorld) => Promise<Params>, params: Params = {}): Provoke =>
  async (world) => [world.provider, { ...(await make(world)), ...params }]

/** What both actions on a zone are refused for, but for the zone's own status. */
const ofZone = {
  ...unknown({ ZoneId: zone }),
  'IncorrectStatus.VpcEndpoint': by(changing),
  'IncorrectStatus.VpcEndpointConnection': waiting({ ZoneId: zone }),
  'IncorrectStatus.VpcEndpointService': by(replacing),
  'ResourceNotFound.VpcEndpointZone': by(connected, { ZoneId: otherZone }),
}

/** Replaces the resource of a connected zone, with these parameters instead of good ones. */
const replace =
  (params: Params | ((world: RefusalWorld) => Promise<Params>)): Provoke =>
  async (world) => {
    const { to, connection } = await twoResources(world)
    const good = { ResourceId: to, ResourceType: 'slb', ResourceReplaceMode: 'Graceful' }
    const change = typeof params === 'function' ? await params(world) : params
    return [world.provider, { ...connection, ...good, ...change }]
  }

const mode = { ZoneId: zone, ResourceId: 'lb-1', ResourceType: 'slb', ResourceReplaceMode: 'Force' }

export const connectionRefusals: Refusals = {
  EnableVpcEndpointConnection: {
    ...unknown(),
    EndpointConnectionOperationDenied: onItsWay(),
    EndpointOperationDenied: ofNewEndpoint(),
    'IllegalParamFormat.Bandwidth': waiting({ Bandwidth: 10_241 }),
    'IllegalParamFormat.TrafficControlMode': waiting({ TrafficControlMode: 'Scalability' }),
    'OperationDenied.NoAvailableServiceResource': async (world) => {
      const { provider, consumer, network, offer } = world
      const balancer = await makeBalancer(provider, offer)
      const ServiceId = await makeService(provider, [balancer], [consumer])
      const EndpointId = await makeEndpoint(consumer, ServiceId, network)
      const detach = { ServiceId, ResourceId: balancer }
      await provider.privatelink('DetachResourceFromVpcEndpointService', detach)
      return [provider, { ServiceId, EndpointId }]
    },
  },
  DisableVpcEndpointConnection: {
    ...unknown(),
    EndpointConnectionOperationDenied: by(async (world) => {
      const connection = await connected(world)
      freeze(world)
      await world.provider.privatelink('DisableVpcEndpointConnection', connection)
      return connection
    }),
  },
  EnableVpcEndpointZoneConnection: {
    ...ofZone,
    'IncorrectStatus.VpcEndpointZone': by(connected),
    'OperationDenied.NoAvailableServiceResource': by(withoutResource),
  },
  DisableVpcEndpointZoneConnection: {
    ...ofZone,
    'IncorrectStatus.VpcEndpointZone': by(connected, { ReplacedResource: true }),
  },
  ListVpcEndpointConnections: {
    EndpointServiceNotFound: ({ stranger, service }) => [stranger, { ServiceId: service }],
  },
  UpdateVpcEndpointConnectionAttribute: {
    ...unknown(),
    EndpointConnectionOperationDenied: onItsWay({ Bandwidth: 200 }),
    'IllegalParamFormat.Bandwidth': waiting({ Bandwidth: 10_241 }),
    'IllegalParamFormat.TrafficControlMode': waiting({ TrafficControlMode: 'Scalability' }),
  },
  UpdateVpcEndpointZoneConnectionResourceAttribute: {
    ...unknown(mode),
    EndpointConnectionOperationDenied: waiting(mode),
    EndpointLocked: by(changing, mode),
    EndpointServiceLocked: by(replacing, mode),
    EndpointServiceResourceNotFound: replace({ ResourceId: 'lb-none' }),
    EndpointServiceResourceTypeNotSupport: waiting({ ...mode, ResourceType: 'nlb' }),
    EndpointZoneNotFound: waiting({ ...mode, ZoneId: otherZone }),
    'IllegalParam.ResourceAllocateMode': waiting({ ...mode, ResourceAllocateMode: 'Never' }),
    'IllegalParam.ResourceReplaceMode': waiting({ ...mode, ResourceAllocateMode: 'Auto' }),
    'Mismatch.ZoneId': async (world) => {
      const { service, connection } = await twoResources(world)
      const elsewhere = await makeBalancer(world.provider, world.offer, otherZone)
      const attach = { ServiceId: service, ResourceId: elsewhere, ResourceType: 'slb' }
      await world.provider.privatelink('AttachResourceToVpcEndpointService', attach)
      return [world.provider, { ...connection, ...mode, ResourceId: elsewhere }]
    },
    'MissingParam.ResourceAllocateMode': waiting({ ZoneId: zone }),
    'MissingParam.ResourceId': replace({ ResourceId: '' }),
    'OperationDenied.CurrentResourceAutoAllocated': async (world) => {
      const connection = await connected(world)
      return [world.provider, { ...connection, ...mode, ResourceId: world.balancer }]
    },
    'ResourceNotEnough.VSwitchIp': async (world) => {
      const { provider, consumer, offer, network } = world
      const vswitch = await fullVSwitch(world, network.vpc, '10.0.14.0/29')
      // One of its addresses is given back, and the endpoint takes it.
      await freeOne(world, vswitch)
      const balancers = [await makeBalancer(provider, offer), await makeBalancer(provider, offer)]
      const [from = '', to = ''] = balancers
      const ServiceId = await makeService(provider, balancers, [consumer])
      const zones = [{ ZoneId: zone, VSwitchId: vswitch }]
      const EndpointId = await makeEndpoint(consumer, ServiceId, network, zones)
      await provider.privatelink('EnableVpcEndpointConnection', { ServiceId, EndpointId })
      await endpointIs(consumer, EndpointId, 'ConnectionStatus', 'Connected')
      const listed = await provider.privatelink('ListVpcEndpointConnections', { ServiceId })
      const [connection] = listed['Connections'] as { Zones: { ResourceId: string }[] }[]
      const present = connection?.Zones[0]?.ResourceId ?? ''
      await reserve(world, ServiceId, present)
      const ResourceId = present === from ? to : from
      return [provider, { ServiceId, EndpointId, ...mode, ResourceId, ResourceReplaceMode: 'Graceful' }]
    },
    ZoneOperationDenied: async (world) => {
      const { to, connection } = await twoResources(world)
      freeze(world)
      await world.provider.privatelink('DisableVpcEndpointZoneConnection', connection)
      return [world.provider, { ...connection, ...mode, ResourceId: to }]
    },
  },
}

/** Deletes one of the load balancers that fill a vSwitch; resolves when its address is free. */
async function freeOne({ consumer: { slb } }: RefusalWorld, VSwitchId: string): Promise<void> {
  const listed = await slb('DescribeLoadBalancers', { VSwitchId })
  const [first] = (listed['LoadBalancers'] as { LoadBalancer: { LoadBalancerId: string }[] }).LoadBalancer
  await slb('DeleteLoadBalancer', { LoadBalancerId: first?.LoadBalancerId })
  await vi.waitFor(async () => {
    const left = await slb('DescribeLoadBalancers', { VSwitchId })
    expect(left['TotalCount']).toBe(Number(listed['TotalCount']) - 1)
  })
}
