/** How each error of the actions on load balancers, their zones, tags and jobs is provoked. */
import { quotas } from '../../../../../src/model/quotas.ts'
import type { Params } from '../../clients.ts'
import { makeVSwitch, otherZone, serviceIs, zone } from '../../stage.ts'
import { copyRow } from '../copies.ts'
import { fullVSwitch, pendingVSwitch } from '../vswitches.ts'
import { makeNlb, mappings, thirdZone, type NlbWorld, type Provoke, type Refusals } from './world.ts'

const create =
  (params: Params): Provoke =>
  (world) => [
    world.owner,
    { AddressType: 'Intranet', VpcId: world.network.vpc, ZoneMappings: mappings(world), ...params },
  ]

const foreign =
  (params: Params = {}): Provoke =>
  ({ stranger, balancer }) => [stranger, { LoadBalancerId: balancer, ...params }]

const own =
  (params: Params): Provoke =>
  ({ owner, balancer }) => [owner, { LoadBalancerId: balancer, ...params }]

/** One that stays `Provisioning`. */
export async function busyBalancer({ server, owner, network, ...world }: NlbWorld): Promise<string> {
  server.agent.pause()
  const made = await owner.nlb('CreateLoadBalancer', {
    AddressType: 'Intranet',
    VpcId: network.vpc,
    ZoneMappings: mappings({ owner, network, ...world }),
  })
  return String(made['LoadbalancerId'])
}

const busy =
  (params: Params = {}): Provoke =>
  async (world) => [world.owner, { LoadBalancerId: await busyBalancer(world), ...params }]

/** What its first zone has cannot be changed. */
const first =
  (change: Params): Provoke =>
  (world) => {
    const [one, ...others] = mappings(world)
    return own({ ZoneMappings: [{ ...one, ...change }, ...others] })(world)
  }

type WithZones = (zones: readonly Params[]) => Provoke
type ThirdZone = (world: NlbWorld) => Params | Promise<Params>

/** The zones of the world's load balancer, and a third one with something about it that is refused. */
const third =
  (change: ThirdZone, provoke: WithZones): Provoke =>
  async (world) => {
    const mapping = { ZoneId: thirdZone, VSwitchId: world.third, ...(await change(world)) }
    return await provoke([...mappings(world), mapping])(world)
  }

const zones = (provoke: WithZones, block: string) => ({
  'IllegalParam.AllocationId': third(() => ({ AllocationId: 'eip-1' }), provoke),
  'IllegalParam.Ipv6Address': third(() => ({ Ipv6Address: '::1' }), provoke),
  'IllegalParam.PrivateIPv4Address': third(() => ({ PrivateIPv4Address: '10.9.9.9' }), provoke),
  InvalidZones: third(() => ({ ZoneId: 'eu-central-1x' }), provoke),
  'Mismatch.ZoneIdAndVswitchId': third(({ vswitch }) => ({ VSwitchId: vswitch }), provoke),
  'OperationFailed.DuplicateZones': third(() => ({ ZoneId: otherZone }), provoke),
  'ResourceInConfiguring.VswitchId': third(
    async ({ server, owner, network }) => ({
      VSwitchId: await pendingVSwitch(server, owner, network.vpc, `${block}.0/24`, thirdZone),
    }),
    provoke,
  ),
  'ResourceInUse.IP': third(async ({ owner, third: VSwitchId }) => {
    const made = await owner.slb('CreateLoadBalancer', { VSwitchId, LoadBalancerSpec: 'slb.s1.small' })
    return { PrivateIPv4Address: made['Address'] }
  }, provoke),
  'ResourceNotEnough.VSwitchIp': third(async ({ owner, network }) => {
    const small = await makeVSwitch(owner, network.vpc, `${block.replace('10.0.', '10.0.1')}.0/29`, thirdZone)
    return { VSwitchId: await fullVSwitch(owner, small) }
  }, provoke),
  'ResourceNotFound.VSwitch': third(() => ({ VSwitchId: 'vsw-none' }), provoke),
})

const service: Provoke = async (world) => {
  const { owner } = world
  await owner.privatelink('OpenPrivateLinkService').catch(() => undefined)
  const balancer = await makeNlb(world)
  const made = await owner.privatelink('CreateVpcEndpointService', {
    ServiceResourceType: 'nlb',
    Resource: [{ ResourceType: 'nlb', ResourceId: balancer, ZoneId: zone }],
  })
  await serviceIs(owner, String(made['ServiceId']), 'Active')
  return [owner, { LoadBalancerId: balancer }]
}

const wrongTags = (tagged: (...Tag: readonly Params[]) => Provoke) => ({
  'DuplicatedParam.TagKey': tagged({ Key: 'a', Value: '1' }, { Key: 'a', Value: '2' }),
  'IllegalParam.TagKey': tagged({ Key: 'acs:a', Value: '1' }),
  'IllegalParam.TagValue': tagged({ Key: 'a', Value: 'https://b' }),
})

export const tagRefusals = (provoke: (params: Params) => Provoke) => wrongTags((...Tag) => provoke({ Tag }))

const tags =
  (params: Params): Provoke =>
  ({ owner, balancer }) => [owner, { ResourceType: 'loadbalancer', ResourceId: [balancer], ...params }]

const one = [{ Key: 'a', Value: '1' }]

async function groupOf({ stranger }: NlbWorld): Promise<string> {
  const listed = await stranger.resourceManager('ListResourceGroups')
  const [group] = (listed['ResourceGroups'] as { ResourceGroup: { Id: string }[] }).ResourceGroup
  return String(group?.Id)
}

const move =
  (params: Params): Provoke =>
  async (world) => [
    world.stranger,
    {
      ResourceType: 'loadbalancer',
      ResourceId: world.balancer,
      NewResourceGroupId: await groupOf(world),
      ...params,
    },
  ]

export const loadBalancerRefusals: Refusals = {
  CreateLoadBalancer: {
    ...tagRefusals(create),
    ...zones((ZoneMappings) => create({ ZoneMappings }), '10.0.40'),
    'IllegalParam.AddressType': create({ AddressType: 'Internet' }),
    'IllegalParam.BandwidthPackageId': create({ BandwidthPackageId: 'cbwp-1' }),
    'IllegalParam.loadBalancerName': create({ LoadBalancerName: '1' }),
    'OperationDenied.VpcNotSupportIpv6': create({ AddressIpVersion: 'DualStack' }),
    'OperationFailed.NotExist.ResourceGroup': create({ ResourceGroupId: 'rg-none' }),
    'QuotaExceeded.LoadBalancer': async (world) => {
      const { server, balancer, stranger } = world
      copyRow(server, 'network_load_balancer', ['id', balancer], quotas.networkLoadBalancersPerRegion, {
        id: `'nlb-' || i`,
        account_id: `'${stranger.id}'`,
      })
      return [stranger, (await create({})(world))[1]]
    },
    'ResourceNotFound.Vpc': create({ VpcId: 'vpc-none' }),
  },
  GetLoadBalancerAttribute: { 'ResourceNotFound.loadBalancer': foreign() },
  ListLoadBalancers: {},
  UpdateLoadBalancerAttribute: {
    'IllegalParam.CrossZoneEnabled': own({ CrossZoneEnabled: false }),
    'IllegalParam.loadBalancerName': own({ LoadBalancerName: '1' }),
    'IncorrectStatus.loadbalancer': busy(),
    'ResourceNotFound.loadBalancer': foreign(),
  },
  UpdateLoadBalancerProtection: {
    'IncorrectStatus.loadbalancer': busy(),
    'ResourceNotFound.loadBalancer': foreign(),
  },
  UpdateLoadBalancerZones: {
    ...zones((ZoneMappings) => own({ ZoneMappings }), '10.0.41'),
    'DependencyViolation.EndpointService': async (world) => {
      const [party, params] = await service(world)
      const ZoneMappings = [mappings(world)[1], { ZoneId: thirdZone, VSwitchId: world.third }]
      return [party, { ...params, ZoneMappings }]
    },
    'IncorrectStatus.loadbalancer': async (world) => busy({ ZoneMappings: mappings(world) })(world),
    'OperationDenied.ProtectedPrivateIPv4AddressChanged': first({ PrivateIPv4Address: '10.0.0.99' }),
    'OperationDenied.ZoneVSwitchChanged': first({ VSwitchId: 'vsw-none' }),
    'ResourceNotFound.loadBalancer': (world) => foreign({ ZoneMappings: mappings(world) })(world),
  },
  DeleteLoadBalancer: {
    'DependencyViolation.EndpointService': service,
    'IncorrectStatus.loadbalancer': busy(),
    'OperationDenied.DeletionProtectionEnabled': async (world) => {
      const balancer = await makeNlb(world, { DeletionProtectionConfig: { Enabled: true } })
      return [world.owner, { LoadBalancerId: balancer }]
    },
    'ResourceNotFound.loadBalancer': foreign(),
  },
  GetJobStatus: { 'ResourceNotFound.Job': ({ owner }) => [owner, { JobId: 'none' }] },
  DescribeRegions: {},
  DescribeZones: {},
  MoveResourceGroup: {
    'IllegalParam.ResourceType': move({ ResourceType: 'vpc' }),
    'ResourceNotFound.ResourceGroup': move({ NewResourceGroupId: 'rg-none' }),
    'ResourceNotFound.resource': move({}),
  },
  TagResources: {
    ...tagRefusals(tags),
    'IllegalParam.ResourceType': tags({ Tag: one, ResourceType: 'vpc' }),
    'QuotaExceeded.TagsPerResource': tags({
      Tag: Array.from({ length: 21 }, (_, index) => ({ Key: `k${index}`, Value: '' })),
    }),
    'ResourceNotFound.resource': tags({ Tag: one, ResourceId: ['nlb-none'] }),
  },
  UntagResources: {
    'IllegalParam.ResourceType': tags({ TagKey: ['a'], ResourceType: 'vpc' }),
    'ResourceNotFound.resource': tags({ TagKey: ['a'], ResourceId: ['nlb-none'] }),
  },
  ListTagResources: { 'IllegalParam.ResourceType': tags({ ResourceType: 'vpc' }) },
}
