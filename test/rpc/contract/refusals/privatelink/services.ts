/** How each error of the actions on services, their resources and their whitelist is provoked. */
import { intoDatabase, makeBalancer, makeService, otherZone, serviceIs, zone } from '../../stage.ts'
import {
  connected,
  creatingService,
  twoResources,
  type Provoke,
  type RefusalWorld,
  type Refusals,
} from './world.ts'
import type { Params } from '../../clients.ts'

/** The provider asks for its service, with these parameters beside. */
const own =
  (params: Params = {}): Provoke =>
  ({ provider, service }) => [provider, { ServiceId: service, ...params }]

/** Somebody else does: of what is not his he learns nothing. */
const foreign =
  (params: Params = {}): Provoke =>
  ({ stranger, service }) => [stranger, { ServiceId: service, ...params }]

const busy =
  (params: Params = {}): Provoke =>
  async (world) => [world.provider, { ServiceId: await creatingService(world), ...params }]

const create =
  (params: Params): Provoke =>
  ({ provider }) => [provider, params]

const resource = (params: Params) => create({ Resource: [{ ResourceType: 'slb', ...params }] })

const attach =
  (params: Params): Provoke =>
  ({ provider, service, balancer }) => [
    provider,
    { ServiceId: service, ResourceType: 'slb', ResourceId: balancer, ...params },
  ]

async function internetBalancer({ provider }: RefusalWorld): Promise<string> {
  return String(
    (await provider.slb('CreateLoadBalancer', { LoadBalancerSpec: 'slb.s1.small' }))['LoadBalancerId'],
  )
}

/** The columns of a service, save its id. */
const copied =
  'resource_type, account_id, region_id, resource_group_id, created_at, generation, description, status, auto_accept, zone_affinity, connect_bandwidth'

/** Puts rows into the database, as many as a quota allows: `n(i)` counts them. */
function fill({ server }: RefusalWorld, count: number, sql: string, ...values: readonly string[]): void {
  const numbers = `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})`
  intoDatabase(server, `${numbers} ${sql}`, ...values)
}

const whitelist = {
  EndpointServiceNotFound: foreign({ UserId: '1' }),
  EndpointServiceOperationDenied: busy({ UserId: '1' }),
  'Mismatch.UserIdAndUserArn': own({ UserId: '1', UserARN: 'acs:ram:*:2:*' }),
  'MissingParam.UserArn': own(),
}

export const serviceRefusals: Refusals = {
  CreateVpcEndpointService: {
    DuplicatedTagKey: create({
      Tag: [
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ],
    }),
    EndpointServiceNotSupportedZone: ({ provider, balancer }) => [
      provider,
      { Resource: [{ ResourceType: 'slb', ResourceId: balancer, ZoneId: otherZone }] },
    ],
    EndpointServiceNotSupportIpv6: create({ AddressIpVersion: 'DualStack' }),
    EndpointServicePayerForbidden: create({ Payer: 'EndpointService' }),
    EndpointServiceResourceExist: ({ provider, balancer }) => [
      provider,
      {
        Resource: [
          { ResourceType: 'slb', ResourceId: balancer },
          { ResourceType: 'slb', ResourceId: balancer },
        ],
      },
    ],
    EndpointServiceResourceTypeNotSupport: create({ ServiceResourceType: 'gwlb' }),
    'IllegalParamFormat.SupportedRegionList': create({ SupportedRegionList: ['cn-hangzhou'] }),
    IllegalTagKeyParam: create({ Tag: [{ Key: 'acs:mine', Value: '1' }] }),
    IllegalTagValueParam: create({ Tag: [{ Key: 'a', Value: 'http://b' }] }),
    InvalidResourceGroup: create({ ResourceGroupId: 'rg-none' }),
    LoadBalancerNotFound: resource({ ResourceId: 'lb-none' }),
    LoadBalancerNotSupportPrivateLink: async (world) => [
      world.provider,
      { Resource: [{ ResourceType: 'slb', ResourceId: await internetBalancer(world) }] },
    ],
    'Mismatch.ResourceType': create({ Resource: [{ ResourceType: 'alb', ResourceId: 'alb-1' }] }),
    'MissingParam.ZoneId': create({
      ServiceResourceType: 'nlb',
      Resource: [{ ResourceType: 'nlb', ResourceId: 'nlb-1' }],
    }),
    NeedOpenProduct: ({ newcomer }) => [newcomer, {}],
    QuotaMisMatched: async (world) => {
      const { stranger } = world
      const service = await makeService(stranger, [])
      fill(
        world,
        199,
        `insert into endpoint_service (id, ${copied}) select 'epsrv-' || i, ${copied} from endpoint_service, n where id = ?`,
        service,
      )
      return [stranger, {}]
    },
  },
  DeleteVpcEndpointService: {
    EndpointServiceConnectionDependence: async (world) => {
      await connected(world)
      return own()(world)
    },
    EndpointServiceDependenceViolation: async ({ provider, balancer }) => [
      provider,
      { ServiceId: await makeService(provider, [balancer]) },
    ],
    EndpointServiceNotFound: foreign(),
    EndpointServiceOperationDenied: busy(),
  },
  GetVpcEndpointServiceAttribute: { EndpointServiceNotFound: foreign() },
  ListVpcEndpointServices: {},
  ListVpcEndpointServicesByEndUser: {},
  UpdateVpcEndpointServiceAttribute: {
    EndpointServiceNotFound: foreign(),
    EndpointServiceOperationDenied: busy(),
    'IllegalParamFormat.AddSupportedRegionSet': own({ AddSupportedRegionSet: ['cn-hangzhou'] }),
    ServiceResourceNotSupportIpv6: own({ ServiceSupportIPv6: true }),
  },
  AttachResourceToVpcEndpointService: {
    EndpointServiceNotFound: foreign({ ResourceType: 'slb', ResourceId: 'lb-1' }),
    EndpointServiceNotSupportedZone: attach({ ZoneId: otherZone }),
    EndpointServiceOperationDenied: busy({ ResourceType: 'slb', ResourceId: 'lb-1' }),
    EndpointServiceResourceExist: attach({}),
    EndpointServiceResourceTypeNotEqual: attach({ ResourceType: 'alb' }),
    EndpointServiceResourceTypeNotSupport: attach({ ResourceType: 'vpn' }),
    LoadBalancerNotFound: attach({ ResourceId: 'lb-none' }),
    LoadBalancerNotSupportPrivateLink: async (world) =>
      attach({ ResourceId: await internetBalancer(world) })(world),
    'MissingParam.ZoneId': async ({ provider }) => [
      provider,
      {
        ServiceId: await makeService(provider, [], [], { ServiceResourceType: 'nlb' }),
        ResourceType: 'nlb',
        ResourceId: 'nlb-1',
      },
    ],
    QuotaMisMatched: async (world) => {
      const { provider, offer, balancer } = world
      const service = await makeService(provider, [await makeBalancer(provider, offer)])
      fill(
        world,
        99,
        `insert into service_resource (service_id, resource_id, zone_id, auto_allocated, created_at, generation)
         select ?, 'lb-' || i, ?, 0, '', 0 from n`,
        service,
        zone,
      )
      return [provider, { ServiceId: service, ResourceType: 'slb', ResourceId: balancer }]
    },
  },
  DetachResourceFromVpcEndpointService: {
    EndpointServiceConnectionDependence: async (world) => {
      await connected(world)
      return attach({})(world)
    },
    EndpointServiceNotFound: foreign({ ResourceId: 'lb-1' }),
    EndpointServiceOperationDenied: busy({ ResourceId: 'lb-1' }),
    EndpointServiceResourceCannotRemove: async (world) => {
      const { service, from, to, connection } = await twoResources(world)
      const { privatelink } = world.provider
      await privatelink('UpdateVpcEndpointZoneConnectionResourceAttribute', {
        ...connection,
        ResourceId: to,
        ResourceType: 'slb',
        ResourceReplaceMode: 'Graceful',
      })
      await serviceIs(world.provider, service, 'Active')
      return [world.provider, { ServiceId: service, ResourceId: from }]
    },
    EndpointServiceResourceNotFound: attach({ ResourceId: 'lb-none' }),
    EndpointServiceResourceTypeNotEqual: attach({ ResourceType: 'alb' }),
    EndpointServiceResourceTypeNotSupport: attach({ ResourceType: 'vpn' }),
  },
  ListVpcEndpointServiceResources: { EndpointServiceNotFound: foreign() },
  UpdateVpcEndpointServiceResourceAttribute: {
    EndpointServiceNotFound: foreign({ ResourceId: 'lb-1', AutoAllocatedEnabled: true }),
    EndpointServiceOperationDenied: busy({ ResourceId: 'lb-1', AutoAllocatedEnabled: true }),
    EndpointServiceResourceNotFound: own({ ResourceId: 'lb-none', AutoAllocatedEnabled: true }),
    ResourceAutoAllocateViolation: attach({ AutoAllocatedEnabled: false }),
  },
  AddUserToVpcEndpointService: whitelist,
  RemoveUserFromVpcEndpointService: whitelist,
  ListVpcEndpointServiceUsers: { EndpointServiceNotFound: foreign() },
}
