/** How each error of activation, resource groups, regions and tags is provoked. */
import type { Params } from '../../clients.ts'
import type { Provoke, RefusalWorld, Refusals } from './world.ts'

/** The consumer's endpoint, with these parameters beside. */
const tagged =
  (params: Params, one: Params = {}): Provoke =>
  ({ consumer, endpoint }: RefusalWorld) => [
    consumer,
    { ResourceType: 'VpcEndpoint', ResourceId: [endpoint], ...params, ...one },
  ]

const tags = (...Tag: readonly Params[]) => tagged({ Tag })
const many = Array.from({ length: 21 }, (_, index) => ({ Key: `k${index}`, Value: '' }))
const move =
  (params: Params): Provoke =>
  async ({ consumer, endpoint }) => {
    const listed = await consumer.resourceManager('ListResourceGroups')
    const [group] = (listed['ResourceGroups'] as { ResourceGroup: { Id: string }[] }).ResourceGroup
    return [consumer, { ResourceId: endpoint, ResourceGroupId: group?.Id, ...params }]
  }

const wrongTags = {
  DuplicatedTagKey: tags({ Key: 'a', Value: '1' }, { Key: 'a', Value: '2' }),
  IllegalTagKeyParam: tags({ Key: 'acs:a', Value: '1' }),
  IllegalTagValueParam: tags({ Key: 'a', Value: 'https://b' }),
  MissingTagKeyParam: tags({ Value: '1' }),
  MissingTagValueParam: tags({ Key: 'a' }),
}

export const commonRefusals: Refusals = {
  ChangeResourceGroup: {
    'IllegalParamFormat.ResourceId': move({
      ResourceId: Array.from({ length: 51 }, (_, i) => `ep-${i}`).join(),
    }),
    'IllegalParamFormat.ResourceType': move({ ResourceType: 'Vpc' }),
    InvalidResourceGroup: move({ ResourceGroupId: 'rg-none' }),
    'MissingParameter.ResourceGroupId': move({ ResourceGroupId: '' }),
    'MissingParameter.ResourceId': move({ ResourceId: '' }),
    ResourceNotFound: move({ ResourceId: 'ep-none' }),
  },
  TagResources: {
    ...wrongTags,
    'IllegalParamFormat.ResourceType': tagged({ Tag: [{ Key: 'a', Value: '1' }], ResourceType: 'vpc' }),
    'InvalidResourceId.NotFound': tagged({ Tag: [{ Key: 'a', Value: '1' }], ResourceId: ['ep-none'] }),
    'QuotaExceed.TagsPerResource': tags(...many),
  },
  UntagResources: {
    DuplicatedTagKey: tagged({ TagKey: ['a', 'a'] }),
    'IllegalParamFormat.ResourceType': tagged({ TagKey: ['a'], ResourceType: 'vpc' }),
    IllegalTagKeyParam: tagged({ TagKey: ['http://a'] }),
    'InvalidResourceId.NotFound': tagged({ TagKey: ['a'], ResourceId: ['ep-none'] }),
    TagInfoNotExist: tagged({ TagKey: ['nobody-has-it'] }),
  },
  ListTagResources: {
    ...wrongTags,
    'IllegalParamFormat.ResourceType': tagged({ ResourceType: 'vpc' }),
    MissingResourceIdOrTagParam: tagged({ ResourceId: [] }),
  },
  DescribeRegions: {},
  DescribeZones: {},
  CheckProductOpen: { NeedOpenProduct: ({ newcomer }) => [newcomer, {}] },
  OpenPrivateLinkService: { OrderOpend: ({ provider }) => [provider, {}] },
}
