/** How each error of the actions on load balancers themselves is provoked. */
import { quotas } from '../../../../../src/model/quotas.ts'
import type { Params } from '../../clients.ts'
import { intoDatabase, makeBalancer, makeService, makeVSwitch, zone } from '../../stage.ts'
import { copyRow } from '../copies.ts'
import { fullVSwitch, pendingVSwitch } from '../vswitches.ts'
import type { Provoke, Refusals, SlbWorld } from './world.ts'

const spec = { LoadBalancerSpec: 'slb.s1.small' }

const create =
  (params: Params): Provoke =>
  ({ owner, network }) => [owner, { VSwitchId: network.vswitch, ...spec, ...params }]

const createIn =
  (vswitch: (world: SlbWorld) => Promise<string>): Provoke =>
  async (world) => [world.owner, { VSwitchId: await vswitch(world), ...spec }]

/** Somebody else asks for it. */
const foreign =
  (params: Params = {}): Provoke =>
  ({ stranger, balancer }) => [stranger, { LoadBalancerId: balancer, ...params }]

const own =
  (params: Params): Provoke =>
  ({ owner, balancer }) => [owner, { LoadBalancerId: balancer, ...params }]

/** One of its own, made otherwise than usual. */
const another =
  (options: Params, params: Params = {}): Provoke =>
  async ({ owner, network }) => {
    const made = await owner.slb('CreateLoadBalancer', { VSwitchId: network.vswitch, ...spec, ...options })
    return [owner, { LoadBalancerId: made['LoadBalancerId'], ...params }]
  }

const serviceResource =
  (params: Params): Provoke =>
  async ({ owner, network }) => {
    await owner.privatelink('OpenPrivateLinkService').catch(() => undefined)
    const balancer = await makeBalancer(owner, network)
    await makeService(owner, [balancer])
    return [owner, { LoadBalancerId: balancer, ...params }]
  }

export const loadBalancerRefusals: Refusals = {
  CreateLoadBalancer: {
    'IllegalParam.SpecType': create({ LoadBalancerSpec: 'slb.s9' }),
    IncorrectVSwitchStatus: createIn(({ server, owner, network }) =>
      pendingVSwitch(server, owner, network.vpc, '10.0.8.0/24'),
    ),
    'InvalidParam.TagKey': create({ Tag: [{ Key: 'acs:a', Value: '1' }] }),
    'InvalidParam.TagValue': create({ Tag: [{ Key: 'a', Value: 'https://b' }] }),
    InvalidParameter: create({ Address: '10.9.9.9' }),
    'InvalidVpcId.NotExist': create({ VpcId: 'vpc-none' }),
    'MissingParam.LoadBalancerSpec': create({ LoadBalancerSpec: '' }),
    'MissingParam.VSwitchId': create({ VSwitchId: '', AddressType: 'intranet' }),
    OverQuota: async ({ server, stranger }) => {
      const made = await stranger.slb('CreateLoadBalancer', spec)
      const id = String(made['LoadBalancerId'])
      copyRow(server, 'load_balancer', ['id', id], quotas.loadBalancersPerRegion, { id: `'lb-' || i` })
      return [stranger, spec]
    },
    'PRODUCT.NOT_AVAILABLE_IZ': create({ MasterZoneId: zone, SlaveZoneId: zone }),
    VSwitchAvailableIpNotExist: createIn(async ({ owner, network }) =>
      fullVSwitch(owner, await makeVSwitch(owner, network.vpc, '10.0.9.0/29')),
    ),
    VSwitchNotExist: create({ VSwitchId: 'vsw-none' }),
  },
  DescribeLoadBalancers: {},
  DescribeLoadBalancerAttribute: { 'InvalidLoadBalancerId.NotFound': foreign() },
  SetLoadBalancerName: {
    'InvalidLoadBalancerId.NotFound': foreign({ LoadBalancerName: 'a' }),
    InvalidParameter: own({ LoadBalancerName: '-a' }),
  },
  SetLoadBalancerStatus: {
    'InvalidLoadBalancerId.NotFound': foreign({ LoadBalancerStatus: 'inactive' }),
  },
  SetLoadBalancerDeleteProtection: {
    'InvalidLoadBalancerId.NotFound': foreign({ DeleteProtection: 'on' }),
  },
  SetLoadBalancerModificationProtection: {
    'InvalidLoadBalancerId.NotFound': foreign({ ModificationProtectionStatus: 'NonProtection' }),
  },
  ModifyLoadBalancerInstanceSpec: {
    'IllegalParam.SpecType': own({ LoadBalancerSpec: 'slb.s9' }),
    InvalidChargeType: another({ InstanceChargeType: 'PayByCLCU' }, { LoadBalancerSpec: 'slb.s2.small' }),
    'InvalidLoadBalancerId.NotFound': foreign({ LoadBalancerSpec: 'slb.s2.small' }),
  },
  ModifyLoadBalancerInstanceChargeType: {
    'InvalidLoadBalancerId.NotFound': foreign({ InstanceChargeType: 'PayByCLCU' }),
    'InvalidParameter.InstanceChargeType': another(
      { InstanceChargeType: 'PayByCLCU' },
      { InstanceChargeType: 'PayBySpec' },
    ),
  },
  ModifyLoadBalancerInternetSpec: { 'InvalidLoadBalancerId.NotFound': foreign({ Bandwidth: 10 }) },
  ModifyLoadBalancerPayType: {
    'DependencyViolation.EndpointService': serviceResource({ PayType: 'PrePay' }),
    'InvalidLoadBalancerId.NotFound': foreign({ PayType: 'PrePay' }),
  },
  DeleteLoadBalancer: {
    'DependencyViolation.EndpointService': serviceResource({}),
    InvalidChargeType: another({ PayType: 'PrePay' }),
    'InvalidLoadBalancerId.NotFound': foreign(),
    'OperationDenied.DeleteProtectionIsOn': another({ DeleteProtection: 'on' }),
  },
  MoveResourceGroup: {
    'InvalidLoadBalancerId.NotFound': async ({ stranger, balancer }) => {
      const listed = await stranger.resourceManager('ListResourceGroups')
      const [group] = (listed['ResourceGroups'] as { ResourceGroup: { Id: string }[] }).ResourceGroup
      return [stranger, { ResourceId: balancer, ResourceType: 'loadbalancer', NewResourceGroupId: group?.Id }]
    },
    InvalidParameter: own({
      ResourceId: 'lb-1',
      ResourceType: 'loadbalancer',
      NewResourceGroupId: 'rg-none',
    }),
    'InvalidParameter.ResourceType': own({
      ResourceId: 'lb-1',
      ResourceType: 'vpc',
      NewResourceGroupId: 'rg-none',
    }),
  },
  TagResources: {
    'InvalidLoadBalancerId.NotFound': tag('lb-none', { Key: 'a', Value: '1' }),
    'InvalidParam.TagKey': tagOwn({ Key: 'acs:a', Value: '1' }),
    'InvalidParam.TagValue': tagOwn({ Key: 'a', Value: 'https://b' }),
    'InvalidParameter.ResourceType': ({ owner, balancer }) => [
      owner,
      { ResourceType: 'vpc', ResourceId: [balancer], Tag: [{ Key: 'a', Value: '1' }] },
    ],
    OverQuota: tagOwn(...Array.from({ length: 21 }, (_, index) => ({ Key: `k${index}`, Value: '' }))),
  },
  UntagResources: {
    'InvalidLoadBalancerId.NotFound': ({ owner }) => [
      owner,
      { ResourceType: 'instance', ResourceId: ['lb-none'], TagKey: ['a'] },
    ],
    'InvalidParameter.ResourceType': ({ owner, balancer }) => [
      owner,
      { ResourceType: 'vpc', ResourceId: [balancer], TagKey: ['a'] },
    ],
  },
  ListTagResources: {
    'InvalidParameter.ResourceType': ({ owner, balancer }) => [
      owner,
      { ResourceType: 'vpc', ResourceId: [balancer] },
    ],
  },
  DescribeRegions: {},
  DescribeZones: {},
  DescribeAvailableResource: {},
}

function tag(id: string, ...Tag: readonly Params[]): Provoke {
  return ({ owner }) => [owner, { ResourceType: 'instance', ResourceId: [id], Tag }]
}

function tagOwn(...Tag: readonly Params[]): Provoke {
  return (world) => tag(world.balancer, ...Tag)(world)
}

/** For what only the cloud's operators do. */
export async function lockedBalancer({ server, owner, network }: SlbWorld): Promise<string> {
  const balancer = await makeBalancer(owner, network)
  intoDatabase(server, `update load_balancer set status = 'locked' where id = ?`, balancer)
  return balancer
}
