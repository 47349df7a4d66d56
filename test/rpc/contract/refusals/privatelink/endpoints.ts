/** How each error of the actions on endpoints, their zones and their security groups is provoked. */
import type { Params } from '../../clients.ts'
import {
  endpointIs,
  intoDatabase,
  makeEndpoint,
  makeNetwork,
  makeService,
  makeVSwitch,
  otherZone,
  zone,
} from '../../stage.ts'
import {
  connecting,
  creatingEndpoint,
  creatingService,
  fullVSwitch,
  makeGroup,
  nothingToAllocate,
  orphan,
  pendingVSwitch,
  protectedEndpoint,
  type Provoke,
  type RefusalWorld,
  type Refusals,
} from './world.ts'

const own =
  (params: Params = {}): Provoke =>
  ({ consumer, endpoint }) => [consumer, { EndpointId: endpoint, ...params }]

/** Somebody else asks: of what is not his he learns nothing. */
const foreign =
  (params: Params = {}): Provoke =>
  ({ stranger, endpoint }) => [stranger, { ...params, EndpointId: endpoint }]

/** Refused whatever else is asked: because of whose the endpoint is, or of its state. */
function ofState(params: Params = {}) {
  const at =
    (make: (world: RefusalWorld) => Promise<unknown>): Provoke =>
    async (world) => [world.consumer, { ...params, EndpointId: await make(world) }]
  return {
    EndpointConnectionOperationDenied: at(async (world) => (await connecting(world))['EndpointId']),
    EndpointNotFound: foreign(params),
    EndpointOperationDenied: at(creatingEndpoint),
    EndpointProtected: at(protectedEndpoint),
  }
}

const orphaned =
  (params: Params = {}): Provoke =>
  async (world) => [world.consumer, { ...params, EndpointId: await orphan(world) }]

/** Creates an endpoint with these parameters instead of good ones. */
const create =
  (params: Params | ((world: RefusalWorld) => Params | Promise<Params>)): Provoke =>
  async (world) => {
    const { consumer, service, network } = world
    const good = { ServiceId: service, VpcId: network.vpc, SecurityGroupId: [network.group] }
    return [consumer, { ...good, ...(typeof params === 'function' ? await params(world) : params) }]
  }

const createIn = (params: (world: RefusalWorld) => Params | Promise<Params>) =>
  create(async (world) => ({
    Zone: [{ ZoneId: zone, VSwitchId: world.network.vswitch, ...(await params(world)) }],
  }))

/** Adds a zone to an endpoint that has none. */
const addZone =
  (params: (world: RefusalWorld) => Params | Promise<Params>): Provoke =>
  async (world) => {
    const { consumer, service, network } = world
    const { ServiceId = service, ...change } = await params(world)
    const EndpointId = await makeEndpoint(consumer, String(ServiceId), network, [])
    return [consumer, { EndpointId, ZoneId: zone, VSwitchId: network.vswitch, ...change }]
  }

const place = { ZoneId: zone, VSwitchId: 'vsw-1' }

/** More groups than an endpoint may have, all in its VPC. */
async function withTenGroups(world: RefusalWorld): Promise<string> {
  const { consumer, network, service } = world
  const groups = [network.group]
  while (groups.length < 10) groups.push(await makeGroup(world))
  const made = await consumer.privatelink('CreateVpcEndpoint', {
    ServiceId: service,
    VpcId: network.vpc,
    SecurityGroupId: groups,
  })
  const EndpointId = String(made['EndpointId'])
  await endpointIs(consumer, EndpointId, 'EndpointStatus', 'Active')
  return EndpointId
}

/** The columns of an endpoint, save its id. */
const copied =
  'account_id, region_id, resource_group_id, created_at, generation, vpc_id, service_id, name, description, status, connection, bandwidth, zone_affinity, modified_at'

export const endpointRefusals: Refusals = {
  CreateVpcEndpoint: {
    DuplicatedTagKey: create({
      Tag: [
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ],
    }),
    EndpointMustContainSecurityGroup: create({ SecurityGroupId: [] }),
    EndpointServiceNotAuthorized: async ({ provider, consumer, network, balancer }) => [
      consumer,
      {
        ServiceId: await makeService(provider, [balancer]),
        VpcId: network.vpc,
        SecurityGroupId: [network.group],
      },
    ],
    EndpointServiceNotFound: create({ ServiceId: 'epsrv-none' }),
    EndpointServiceNotSupportedZone: createIn(async ({ consumer, network }) => ({
      ZoneId: otherZone,
      VSwitchId: await makeVSwitch(consumer, network.vpc, '10.0.8.0/24', otherZone),
    })),
    EndpointServiceNotSupportIpv6: create({ AddressIpVersion: 'DualStack' }),
    EndpointServiceResourceNotFound: create(async (world) => ({
      ServiceId: await nothingToAllocate(world),
      Zone: [{ ZoneId: zone, VSwitchId: world.network.vswitch }],
    })),
    EndpointZoneDuplicated: create(({ network: { vswitch } }) => ({
      Zone: [
        { ZoneId: zone, VSwitchId: vswitch },
        { ZoneId: zone, VSwitchId: vswitch },
      ],
    })),
    EniIpUnavailable: createIn(() => ({ ip: '10.0.1.1' })),
    'IllegalParamFormat.ServiceRegionId': create({ ServiceRegionId: 'cn-hangzhou' }),
    IllegalTagKeyParam: create({ Tag: [{ Key: 'aliyun', Value: '1' }] }),
    IllegalTagValueParam: create({ Tag: [{ Key: 'a', Value: 'x'.repeat(129) }] }),
    'IncorrectStatus.VpcEndpointService': async (world) => {
      const { provider, network } = world
      const { vpc } = await makeNetwork(provider)
      const ServiceId = await creatingService(world)
      return [provider, { ServiceId, VpcId: vpc, SecurityGroupId: [network.group] }]
    },
    InvalidResourceGroup: create({ ResourceGroupId: 'rg-none' }),
    'Mismatch.EndpointType': create({ EndpointType: 'GatewayLoadBalancer' }),
    'MissingParam.ServiceId': create({ ServiceId: '' }),
    'QuotaExceeded.totalEpPerVpc': async (world) => {
      const { consumer, server, service } = world
      const network = await makeNetwork(consumer)
      const endpoint = await makeEndpoint(consumer, service, network, [])
      intoDatabase(
        server,
        `with recursive n(i) as (select 1 union all select i + 1 from n where i < 999)
         insert into endpoint (id, ${copied}) select 'ep-' || i, ${copied} from endpoint, n where id = ?`,
        endpoint,
      )
      return [consumer, { ServiceId: service, VpcId: network.vpc, SecurityGroupId: [network.group] }]
    },
    'ResourceNotEnough.VSwitchIp': createIn(async (world) => ({
      VSwitchId: await fullVSwitch(world, world.network.vpc, '10.0.9.0/29'),
    })),
    SecurityGroupExist: create(({ network: { group } }) => ({ SecurityGroupId: [group, group] })),
    SecurityGroupNotFound: create({ SecurityGroupId: ['sg-none'] }),
    SecurityGroupTypeOnlySingleTypeSupporteded: create(async (world) => ({
      SecurityGroupId: [world.network.group, await makeGroup(world, 'enterprise')],
    })),
    VpcNotFound: create(({ offer }) => ({ VpcId: offer.vpc })),
    VSwitchNotFound: createIn(() => ({ VSwitchId: 'vsw-none' })),
    VSwitchStatusNotAllowed: createIn(async (world) => ({
      VSwitchId: await pendingVSwitch(world, '10.0.10.0/24'),
    })),
  },
  DeleteVpcEndpoint: {
    EndpointDependenceViolation: own(),
    EndpointNotFound: foreign(),
    EndpointOperationDenied: ofState().EndpointOperationDenied,
    EndpointProtected: ofState().EndpointProtected,
  },
  GetVpcEndpointAttribute: { EndpointNotFound: foreign() },
  ListVpcEndpoints: {},
  UpdateVpcEndpointAttribute: {
    ...ofState(),
    EndpointServiceDeleted: orphaned({ EndpointName: 'renamed' }),
    EndpointServiceNotSupportIpv6: own({ AddressIpVersion: 'DualStack' }),
    'IllegalParamFormat.CrossRegionBandwidth': own({ CrossRegionBandwidth: 100 }),
  },
  AddZoneToVpcEndpoint: {
    ...ofState(place),
    EndpointServiceDeleted: orphaned(place),
    EndpointServiceNotSupportedZone: addZone(async ({ consumer, network }) => ({
      ZoneId: otherZone,
      VSwitchId: await makeVSwitch(consumer, network.vpc, '10.0.11.0/24', otherZone),
    })),
    EndpointServiceNotSupportIpv6: addZone(() => ({ Ipv6Address: '2001:db8::1' })),
    EndpointServiceResourceNotFound: addZone(async (world) => ({
      ServiceId: await nothingToAllocate(world),
    })),
    EndpointZoneDuplicated: own({ ZoneId: zone, VSwitchId: 'vsw-1' }),
    EniIpUnavailable: addZone(() => ({ ip: '10.0.0.0' })),
    'ResourceNotEnough.VSwitchIp': addZone(async (world) => ({
      VSwitchId: await fullVSwitch(world, world.network.vpc, '10.0.12.0/29'),
    })),
    VSwitchNotFound: addZone(({ offer }) => ({ VSwitchId: offer.vswitch })),
    VSwitchStatusNotAllowed: async (world) => {
      const refused = await addZone(() => ({}))(world)
      const VSwitchId = await pendingVSwitch(world, '10.0.13.0/24')
      return [refused[0], { ...refused[1], VSwitchId }]
    },
  },
  RemoveZoneFromVpcEndpoint: {
    ...ofState({ ZoneId: zone }),
    EndpointZoneNotFound: own({ ZoneId: otherZone }),
  },
  ListVpcEndpointZones: { EndpointNotFound: foreign() },
  AttachSecurityGroupToVpcEndpoint: {
    ...ofState({ SecurityGroupId: 'sg-1' }),
    EndpointServiceDeleted: orphaned({ SecurityGroupId: 'sg-1' }),
    QuotaMisMatched: async (world) => [
      world.consumer,
      { EndpointId: await withTenGroups(world), SecurityGroupId: await makeGroup(world) },
    ],
    SecurityGroupExist: ({ consumer, endpoint, network }) => [
      consumer,
      { EndpointId: endpoint, SecurityGroupId: network.group },
    ],
    SecurityGroupNotFound: own({ SecurityGroupId: 'sg-none' }),
    SecurityGroupTypeOnlySingleTypeSupporteded: async (world) =>
      own({ SecurityGroupId: await makeGroup(world, 'enterprise') })(world),
  },
  DetachSecurityGroupFromVpcEndpoint: {
    ...ofState({ SecurityGroupId: 'sg-1' }),
    EndpointMustContainSecurityGroup: ({ consumer, endpoint, network }) => [
      consumer,
      { EndpointId: endpoint, SecurityGroupId: network.group },
    ],
    EndpointServiceDeleted: orphaned({ SecurityGroupId: 'sg-1' }),
    SecurityGroupNotFound: own({ SecurityGroupId: 'sg-none' }),
  },
  ListVpcEndpointSecurityGroups: { EndpointNotFound: foreign() },
}
