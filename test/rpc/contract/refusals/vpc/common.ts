/** How each error of regions, resource groups and tags is provoked. */
import type { Params } from '../../clients.ts'
import type { Provoke, RefusalWorld, Refusals } from './world.ts'

/** The owner's VPC, with these parameters beside. */
const tagged =
  (params: Params): Provoke =>
  ({ owner, network }: RefusalWorld) => [owner, { ResourceType: 'VPC', ResourceId: [network.vpc], ...params }]

const one = [{ Key: 'a', Value: '1' }]
const many = Array.from({ length: 21 }, (_, index) => ({ Key: `k${index}`, Value: '' }))

/** What is wrong with tags wherever they are given, for an action that the owner calls with the other parameters. */
export function wrongTags(params: (world: RefusalWorld) => Params): Readonly<Record<string, Provoke>> {
  const giving =
    (...Tag: readonly Params[]): Provoke =>
    (world) => [world.owner, { ...params(world), Tag }]
  return {
    'Duplicate.TagKey': giving({ Key: 'a', Value: '1' }, { Key: 'a', Value: '2' }),
    'InvalidTagKey.Malformed': giving({ Key: 'acs:a', Value: '1' }),
    'InvalidTagValue.Malformed': giving({ Key: 'a', Value: 'https://b' }),
  }
}

const move =
  (params: Params): Provoke =>
  async ({ owner, network }) => {
    const listed = await owner.resourceManager('ListResourceGroups')
    const [group] = (listed['ResourceGroups'] as { ResourceGroup: { Id: string }[] }).ResourceGroup
    return [owner, { ResourceType: 'vpc', ResourceId: network.vpc, NewResourceGroupId: group?.Id, ...params }]
  }

export const commonRefusals: Refusals = {
  DescribeRegions: {},
  DescribeZones: {},
  MoveResourceGroup: {
    InvalidResourceGroupId: move({ NewResourceGroupId: 'rg-none' }),
    'InvalidResourceId.NotFound': move({ ResourceId: 'vpc-none' }),
    'InvalidResourceType.NotFound': move({ ResourceType: 'EIP' }),
  },
  TagResources: {
    ...wrongTags(({ network }) => ({ ResourceType: 'VPC', ResourceId: [network.vpc] })),
    'InvalidResourceId.NotFound': tagged({ Tag: one, ResourceId: ['vpc-none'] }),
    'InvalidResourceType.NotFound': tagged({ Tag: one, ResourceType: 'EIP' }),
    'QuotaExceeded.TagNum': tagged({ Tag: many }),
  },
  UnTagResources: {
    'InvalidResourceId.NotFound': tagged({ TagKey: ['a'], ResourceId: ['vpc-none'] }),
    'InvalidResourceType.NotFound': tagged({ TagKey: ['a'], ResourceType: 'EIP' }),
  },
  ListTagResources: { 'InvalidResourceType.NotFound': tagged({ ResourceType: 'EIP' }) },
}
