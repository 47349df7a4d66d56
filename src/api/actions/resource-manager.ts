/** ResourceManager 2020-03-31: resource groups of an account, the same in every region. */
import { z } from 'zod'
import { quotas } from '../../model/quotas.ts'
import { freeText, resourceGroupName } from '../../model/rules.ts'
import {
  countResourceGroups,
  defaultResourceGroup,
  deleteResourceGroup as deleteGroupRow,
  findResourceGroup,
  findResourceGroupByName,
  insertResourceGroup,
  isDefault,
  listResourceGroups as listGroupRows,
  newResourceGroupId,
  renameResourceGroup,
} from '../../store/resource-groups.ts'
import { isResourceGroupUsed } from '../../store/resource-group-members.ts'
import { putTags, readTags } from '../../store/tags.ts'
import type { ResourceGroupTable } from '../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../action.ts'
import { pageOf, pageParams, pageResult } from '../paging.ts'
import { choice, tags, text } from '../params.ts'
import { demand, found } from '../require.ts'
import { asFilter, readTagParams } from '../tags.ts'
import { groupTagErrors } from './resource-group-members.ts'
import { asTagKeyValue, seconds, tagKeyValue, wrapped } from '../results.ts'

const groupFields = {
  Id: z.string(),
  Name: z.string(),
  DisplayName: z.string(),
  AccountId: z.string(),
  Status: z.enum(['Creating', 'OK', 'PendingDelete']),
  CreateDate: z.string(),
}
const regionStatuses = {
  RegionStatuses: wrapped('RegionStatus', z.object({ RegionId: z.string(), Status: z.string() })),
}
const groupWithRegions = z.object({ ResourceGroup: z.object({ ...groupFields, ...regionStatuses }) })

function describe(group: ResourceGroupTable, status: 'Creating' | 'OK' | 'PendingDelete') {
  return {
    Id: group.id,
    Name: group.name,
    DisplayName: group.display_name === '' ? group.name : group.display_name,
    AccountId: group.account_id,
    Status: status,
    CreateDate: seconds(group.created_at),
  }
}

function withRegions(
  { regions: { regions } }: ActionContext,
  group: ResourceGroupTable,
  status: 'Creating' | 'OK' | 'PendingDelete',
) {
  const RegionStatus = regions.map(({ id }) => ({ RegionId: id, Status: status }))
  return { ResourceGroup: { ...describe(group, status), RegionStatuses: { RegionStatus } } }
}

const displayName = () => text({ pattern: freeText(1, 50) })

const createResourceGroup = defineAction({
  product: 'ResourceManager',
  name: 'CreateResourceGroup',
  summary: { en: 'Creates a resource group.', zh: '创建资源组。' },
  status: {
    partial: 'The group is usable at once, though the answer says `Creating` as in the cloud.',
  },
  params: z.object({ Name: text({ pattern: resourceGroupName }), DisplayName: displayName(), Tag: tags() }),
  result: groupWithRegions,
  effect: 'write',
  errors: [
    'EntityAlreadyExists.ResourceGroup',
    'InvalidParameter.DisplayName',
    'InvalidParameter.Name',
    'InvalidParameter.TagKey',
    'InvalidParameter.TagValue',
    'LimitExceeded.ResourceGroup',
    'MissingParameter.DisplayName',
  ],
  handler: async (context, { Name, DisplayName, Tag }) => {
    const { tx, caller, now, randomBytes } = context
    const given = readTagParams(Tag, groupTagErrors)
    await ensureDefault(context)
    const same = await findResourceGroupByName(tx, caller.account, Name)
    demand(same === undefined, 'EntityAlreadyExists.ResourceGroup')
    const count = await countResourceGroups(tx, caller.account)
    demand(count < quotas.resourceGroupsPerAccount, 'LimitExceeded.ResourceGroup')
    const group: ResourceGroupTable = {
      id: newResourceGroupId(randomBytes),
      account_id: caller.account,
      name: Name,
      display_name: DisplayName,
      created_at: now.toISOString(),
    }
    await insertResourceGroup(tx, group)
    await putTags(tx, 'resourcegroup', [group.id], given)
    return withRegions(context, group, 'Creating')
  },
})

const getResourceGroup = defineAction({
  product: 'ResourceManager',
  name: 'GetResourceGroup',
  summary: { en: 'Describes one resource group.', zh: '查看资源组详情。' },
  status: 'full',
  params: z.object({ ResourceGroupId: text() }),
  result: groupWithRegions,
  effect: 'read',
  errors: ['EntityNotExists.ResourceGroup'],
  handler: async (context, { ResourceGroupId }) =>
    withRegions(context, await ownGroup(context, ResourceGroupId), 'OK'),
})

const listResourceGroups = defineAction({
  product: 'ResourceManager',
  name: 'ListResourceGroups',
  summary: { en: 'Lists resource groups.', zh: '查询资源组列表。' },
  status: 'full',
  params: z.object({
    Status: choice(['OK', 'Creating', 'PendingDelete']).optional(),
    ResourceGroupId: text().optional(),
    ResourceGroupIds: z.array(text()).max(100).optional(),
    Name: text().optional(),
    DisplayName: text().optional(),
    Tag: tags(),
    ...pageParams(10, 100),
  }),
  result: z.object({
    ...pageResult,
    ResourceGroups: wrapped('ResourceGroup', z.object({ ...groupFields, Tags: wrapped('Tag', tagKeyValue) })),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const { tx, caller } = context
    await ensureDefault(context)
    // A group is ready when it was made and gone when it was deleted.
    const none = params.Status !== undefined && params.Status !== 'OK'
    const asked = params.ResourceGroupId === undefined ? params.ResourceGroupIds : [params.ResourceGroupId]
    const filter = {
      ids: none ? [] : asked,
      name: params.Name,
      displayName: params.DisplayName,
      tags: asFilter(params.Tag),
    }
    const { rows, total } = await listGroupRows(tx, caller.account, filter, pageOf(params))
    const tagLists = await readTags(
      tx,
      'resourcegroup',
      rows.map(({ id }) => id),
    )
    return {
      TotalCount: total,
      PageNumber: params.PageNumber,
      PageSize: params.PageSize,
      ResourceGroups: {
        ResourceGroup: rows.map((group) => ({
          ...describe(group, 'OK'),
          Tags: {
            Tag: (tagLists.get(group.id) ?? []).map(asTagKeyValue),
          },
        })),
      },
    }
  },
})

const updateResourceGroup = defineAction({
  product: 'ResourceManager',
  name: 'UpdateResourceGroup',
  summary: { en: 'Changes the display name of a resource group.', zh: '修改资源组的显示名称。' },
  status: 'full',
  params: z.object({ ResourceGroupId: text(), NewDisplayName: displayName() }),
  result: z.object({ ResourceGroup: z.object(groupFields) }),
  effect: 'write',
  errors: ['EntityNotExists.ResourceGroup', 'InvalidParameter.NewDisplayName'],
  handler: async (context, { ResourceGroupId, NewDisplayName }) => {
    const group = await ownGroup(context, ResourceGroupId)
    await renameResourceGroup(context.tx, group.id, NewDisplayName)
    return { ResourceGroup: describe({ ...group, display_name: NewDisplayName }, 'OK') }
  },
})

const deleteResourceGroup = defineAction({
  product: 'ResourceManager',
  name: 'DeleteResourceGroup',
  summary: { en: 'Deletes an empty resource group.', zh: '删除资源组。' },
  status: {
    partial: 'The group goes at once; the cloud keeps it for some days as `PendingDelete`.',
  },
  params: z.object({ ResourceGroupId: text() }),
  result: groupWithRegions,
  effect: 'write',
  errors: ['DeleteConflict.ResourceGroup.Resource', 'EntityNotExists.ResourceGroup', 'NoPermission'],
  handler: async (context, { ResourceGroupId }) => {
    const group = await ownGroup(context, ResourceGroupId)
    demand(!isDefault(group), 'NoPermission', { reason: 'The default resource group cannot be deleted.' })
    demand(!(await isResourceGroupUsed(context.tx, group.id)), 'DeleteConflict.ResourceGroup.Resource')
    await deleteGroupRow(context.tx, group.id)
    return withRegions(context, group, 'PendingDelete')
  },
})

async function ownGroup({ tx, caller }: ActionContext, id: string): Promise<ResourceGroupTable> {
  return found(await findResourceGroup(tx, caller.account, id), 'EntityNotExists.ResourceGroup')
}

/** Every account has a default group, also one that has nothing else yet. */
async function ensureDefault({ tx, caller, now, randomBytes }: ActionContext): Promise<void> {
  await defaultResourceGroup(tx, caller.account, now, randomBytes)
}

export const resourceManagerActions: readonly Action[] = [
  createResourceGroup,
  getResourceGroup,
  listResourceGroups,
  updateResourceGroup,
  deleteResourceGroup,
]
