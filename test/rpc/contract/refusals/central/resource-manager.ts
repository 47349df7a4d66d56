import { asks, type Provoke, type Refusals } from './world.ts'

const named = { Name: 'new-group', DisplayName: 'new' }
const unknown = {
  'EntityNotExists.ResourceGroup': asks({ ResourceGroupId: 'rg-none', NewDisplayName: 'new' }),
}
const tagged = { ResourceType: 'ResourceGroup', Tag: [{ Key: 'a', Value: '1' }] }

/** The group that the owner has made, with these parameters beside. */
const grouped =
  (params: object): Provoke =>
  ({ owner, group }) => [owner, { ResourceGroupId: group, ResourceId: [group], ...params }]

const defaultGroup: Provoke = async ({ full }) => {
  const { ResourceGroups } = await full.resourceManager('ListResourceGroups', { PageSize: 100 })
  const { ResourceGroup } = ResourceGroups as { ResourceGroup: { Id: string; Name: string }[] }
  return [full, { ResourceGroupId: ResourceGroup.find(({ Name }) => !Name.startsWith('group-'))?.Id }]
}

export const resourceManagerRefusals: Refusals = {
  CreateResourceGroup: {
    'EntityAlreadyExists.ResourceGroup': asks({ ...named, Name: 'mine' }),
    'InvalidParameter.DisplayName': asks({ ...named, DisplayName: 'x'.repeat(51) }),
    'InvalidParameter.Name': asks({ ...named, Name: '1st' }),
    'InvalidParameter.TagKey': asks({ ...named, Tag: [{ Key: 'acs:a', Value: '1' }] }),
    'InvalidParameter.TagValue': asks({ ...named, Tag: [{ Key: 'a', Value: 'http://b' }] }),
    'LimitExceeded.ResourceGroup': ({ full }) => [full, named],
    'MissingParameter.DisplayName': asks({ Name: 'new-group' }),
  },
  GetResourceGroup: unknown,
  ListResourceGroups: {},
  UpdateResourceGroup: {
    ...unknown,
    'InvalidParameter.NewDisplayName': grouped({ NewDisplayName: 'https://a' }),
  },
  DeleteResourceGroup: {
    ...unknown,
    'DeleteConflict.ResourceGroup.Resource': grouped({}),
    NoPermission: defaultGroup,
  },
  ListResources: {},
  MoveResources: {
    'EntityNotExists.ResourceGroup': asks({
      ResourceGroupId: 'rg-none',
      Resources: [{ ResourceId: 'vpc-1', ResourceType: 'vpc', Service: 'vpc', RegionId: 'eu-central-1' }],
    }),
  },
  TagResources: {
    'EntityNotExists.ResourceGroup': asks({ ...tagged, ResourceId: ['rg-none'] }),
    'InvalidParameter.ResourceType': grouped({ ...tagged, ResourceType: 'folder' }),
    'InvalidParameter.TagKey': grouped({ ...tagged, Tag: [{ Key: 'acs:a', Value: '1' }] }),
    'InvalidParameter.TagValue': grouped({ ...tagged, Tag: [{ Key: 'a', Value: 'http://b' }] }),
    'QuotaExceed.TagsPerResource': grouped({
      ...tagged,
      Tag: Array.from({ length: 21 }, (_, index) => ({ Key: `k${index}`, Value: '' })),
    }),
  },
  UntagResources: {
    'EntityNotExists.ResourceGroup': asks({ ...tagged, ResourceId: ['rg-none'], TagKey: ['a'] }),
    'InvalidParameter.ResourceType': grouped({ ResourceType: 'folder', TagKey: ['a'] }),
  },
  ListTagResources: { 'InvalidParameter.ResourceType': grouped({ ResourceType: 'folder' }) },
}
