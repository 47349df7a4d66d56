/** How each error of prefix lists, tags and resource groups is provoked, and that the catalogue has none. */
import type { Params } from '../../clients.ts'
import { makeGroup, makeList, type Provoke, type Refusals } from './world.ts'

const create =
  (params: Params): Provoke =>
  ({ owner }) => [owner, { PrefixListName: 'list', AddressFamily: 'IPv4', MaxEntries: 2, ...params }]

const own =
  (params: Params = {}): Provoke =>
  ({ owner, list }) => [owner, { PrefixListId: list, ...params }]

const nobodys = own({ PrefixListId: 'pl-none' })
const twice = [{ Cidr: '10.0.0.0/8' }, { Cidr: '10.0.0.0/8' }]
const three = ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'].map((Cidr) => ({ Cidr }))

const tagged =
  (params: Params): Provoke =>
  ({ owner, instance }) => [
    owner,
    { ResourceType: 'instance', ResourceId: [instance], Tag: [{ Key: 'a', Value: '1' }], ...params },
  ]

const duplicate = [
  { Key: 'a', Value: '1' },
  { Key: 'a', Value: '2' },
]

const move =
  (params: Params): Provoke =>
  async ({ owner, instance }) => {
    const listed = await owner.resourceManager('ListResourceGroups')
    const [group] = (listed['ResourceGroups'] as { ResourceGroup: { Id: string }[] }).ResourceGroup
    const base = { ResourceType: 'instance', ResourceId: instance, ResourceGroupId: group?.Id }
    return [owner, { ...base, ...params }]
  }

export const listRefusals: Refusals = {
  CreatePrefixList: {
    'Duplicate.Cidr': create({ Entry: twice }),
    'Duplicate.TagKey': create({ Tag: duplicate }),
    'InvalidDescription.Malformed': create({ Description: 'd' }),
    'InvalidName.Malformed': create({ PrefixListName: 'http://a' }),
    'InvalidParameter.Cidr': create({ Entry: [{ Cidr: '10.0.0.1/8' }] }),
    'InvalidResourceGroup.NotFound': create({ ResourceGroupId: 'rg-none' }),
    'InvalidTagKey.Malformed': create({ Tag: [{ Key: 'acs:a', Value: '1' }] }),
    'InvalidTagValue.Malformed': create({ Tag: [{ Key: 'a', Value: 'http://b' }] }),
    'LimitExceed.PrefixListEntry': create({ Entry: three }),
    'QuotaExceed.PrefixList': ({ hoarder }) => [
      hoarder,
      { PrefixListName: 'list', AddressFamily: 'IPv4', MaxEntries: 2 },
    ],
  },
  ModifyPrefixList: {
    'Duplicate.Cidr': own({ AddEntry: twice }),
    'InvalidDescription.Malformed': own({ Description: 'd' }),
    'InvalidName.Malformed': own({ PrefixListName: 'http://a' }),
    'InvalidParameter.Cidr': own({ RemoveEntry: [{ Cidr: 'all' }] }),
    'InvalidPrefixListId.NotFound': nobodys,
    'LimitExceed.PrefixListEntry': async ({ owner }) => [
      owner,
      { PrefixListId: await makeList(owner, ['172.16.0.0/12'], 3), AddEntry: three },
    ],
  },
  DescribePrefixLists: {},
  DescribePrefixListAttributes: { 'InvalidPrefixListId.NotFound': nobodys },
  DescribePrefixListAssociations: { 'InvalidPrefixListId.NotFound': nobodys },
  DeletePrefixList: {
    'InvalidPrefixListId.NotFound': nobodys,
    'NotAllowed.AssociationExist': async ({ owner, network, list }) => {
      await owner.ecs('AuthorizeSecurityGroup', {
        SecurityGroupId: await makeGroup(owner, network),
        IpProtocol: 'ALL',
        SourcePrefixListId: list,
      })
      return [owner, { PrefixListId: list }]
    },
  },
  TagResources: {
    'Duplicate.TagKey': tagged({ Tag: duplicate }),
    InvalidTagCount: tagged({ Tag: Array.from({ length: 21 }, (_, i) => ({ Key: `k${i}`, Value: '' })) }),
    'InvalidTagKey.Malformed': tagged({ Tag: [{ Key: 'acs:a', Value: '1' }] }),
    'InvalidTagValue.Malformed': tagged({ Tag: [{ Key: 'a', Value: 'http://b' }] }),
    'InvalidResourceId.NotFound': tagged({ ResourceId: ['i-none'] }),
    'InvalidResourceType.NotFound': tagged({ ResourceType: 'snapshot' }),
  },
  UntagResources: {
    'InvalidResourceId.NotFound': tagged({ ResourceId: ['i-none'], TagKey: ['a'] }),
    'InvalidResourceType.NotFound': tagged({ ResourceType: 'snapshot', TagKey: ['a'] }),
  },
  ListTagResources: { 'InvalidResourceType.NotFound': tagged({ ResourceType: 'snapshot' }) },
  JoinResourceGroup: {
    'InvalidResourceGroup.NotFound': move({ ResourceGroupId: 'rg-none' }),
    'InvalidResourceId.NotFound': move({ ResourceId: 'i-none' }),
    'InvalidResourceType.NotFound': move({ ResourceType: 'snapshot' }),
  },
  DescribeRegions: {},
  DescribeZones: {},
  DescribeAvailableResource: {},
  DescribeImageSupportInstanceTypes: {
    'InvalidImageId.NotFound': ({ owner }) => [owner, { ImageId: 'windows' }],
  },
  DescribeInstanceTypes: {},
  DescribeImages: {},
}
