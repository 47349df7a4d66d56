/** ResourceManager 2020-03-31: which resources are in which group, and the tags of the groups themselves. */
import { z } from 'zod'
import { listMembers, moveToResourceGroup } from '../../store/resource-group-members.ts'
import { ownsResourceGroup } from '../../store/resource-groups.ts'
import { defineAction, type Action } from '../action.ts'
import { pageOf, pageParams, pageResult } from '../paging.ts'
import { text } from '../params.ts'
import { demand } from '../require.ts'
import { findKind, resourceKinds } from '../resource-kinds.ts'
import { seconds, wrapped } from '../results.ts'
import { tagActions, type TagErrors } from '../tags.ts'

/** How ResourceManager spells what can be wrong with tags. */
export const groupTagErrors: TagErrors = {
  key: 'InvalidParameter.TagKey',
  value: 'InvalidParameter.TagValue',
  duplicate: 'InvalidParameter.TagKey',
  quota: 'QuotaExceed.TagsPerResource',
  notFound: 'EntityNotExists.ResourceGroup',
  type: 'InvalidParameter.ResourceType',
}

const listResources = defineAction({
  product: 'ResourceManager',
  name: 'ListResources',
  summary: { en: 'Lists resources with the groups they are in.', zh: '查询资源组中的资源。' },
  status: 'full',
  params: z.object({
    ResourceGroupId: text().optional(),
    Service: text().optional(),
    ResourceType: text().optional(),
    Region: text().optional(),
    ResourceId: text().optional(),
    ResourceTypes: z
      .array(z.object({ Service: text(), ResourceType: text().optional() }))
      .max(50)
      .optional(),
    ...pageParams(10, 100),
  }),
  result: z.object({
    ...pageResult,
    Resources: wrapped(
      'Resource',
      z.object({
        ResourceId: z.string(),
        ResourceType: z.string(),
        Service: z.string(),
        RegionId: z.string(),
        ResourceGroupId: z.string(),
        CreateDate: z.string(),
      }),
    ),
  }),
  effect: 'read',
  handler: async ({ tx, caller }, params) => {
    const wanted = params.ResourceTypes ?? [{ Service: params.Service, ResourceType: params.ResourceType }]
    const kinds = resourceKinds.filter((kind) =>
      wanted.some(
        ({ Service, ResourceType }) =>
          (Service ?? kind.service) === kind.service && (ResourceType ?? kind.type) === kind.type,
      ),
    )
    const filter = { region: params.Region, resourceGroup: params.ResourceGroupId, id: params.ResourceId }
    const page = pageOf(params)
    const shown = []
    let total = 0
    // One list of all kinds, one kind after the other: of each that part of the page which lies in it.
    for (const { grouped, service, type } of kinds) {
      if (grouped === undefined) continue
      const part = { offset: Math.max(0, page.offset - total), limit: page.limit - shown.length }
      const listing = await listMembers(tx, grouped, caller.account, filter, part)
      total += listing.total
      for (const member of listing.rows) shown.push({ member, service, type })
    }
    return {
      TotalCount: total,
      PageNumber: params.PageNumber,
      PageSize: params.PageSize,
      Resources: {
        Resource: shown.map(({ member, service, type }) => ({
          ResourceId: member.id,
          ResourceType: type,
          Service: service,
          RegionId: member.region_id,
          ResourceGroupId: member.resource_group_id,
          CreateDate: seconds(member.created_at),
        })),
      },
    }
  },
})

const moveResources = defineAction({
  product: 'ResourceManager',
  name: 'MoveResources',
  summary: { en: 'Moves resources of any product to a group.', zh: '将资源转移到指定资源组。' },
  status: 'full',
  params: z.object({
    ResourceGroupId: text(),
    Resources: z
      .array(z.object({ ResourceId: text(), ResourceType: text(), Service: text(), RegionId: text() }))
      .min(1)
      .max(10),
  }),
  result: z.object({
    Responses: z.array(
      z.object({
        ResourceId: z.string(),
        ResourceType: z.string(),
        Service: z.string(),
        RegionId: z.string(),
        RequestId: z.string(),
        Status: z.string(),
        ErrorCode: z.string(),
        ErrorMsg: z.string(),
      }),
    ),
  }),
  effect: 'write',
  errors: ['EntityNotExists.ResourceGroup'],
  handler: async ({ tx, caller, requestId }, { ResourceGroupId, Resources }) => {
    const known = await ownsResourceGroup(tx, caller.account, ResourceGroupId)
    demand(known, 'EntityNotExists.ResourceGroup')
    const responses = []
    for (const resource of Resources) {
      const kind = findKind(resource.Service, resource.ResourceType)?.grouped
      const owner = { account: caller.account, region: resource.RegionId }
      const moved =
        kind !== undefined &&
        (await moveToResourceGroup(tx, kind, owner, [resource.ResourceId], ResourceGroupId)) === undefined
      responses.push({
        ...resource,
        RequestId: requestId,
        Status: moved ? '200' : '404',
        ErrorCode: moved ? '' : 'EntityNotExists.Resource',
        ErrorMsg: moved ? '' : 'The specified resource does not exist.',
      })
    }
    return { Responses: responses }
  },
})

export const resourceGroupMemberActions: readonly Action[] = [
  listResources,
  moveResources,
  ...tagActions({
    product: 'ResourceManager',
    errors: groupTagErrors,
    types: { ResourceGroup: 'resourcegroup' },
    untag: 'UntagResources',
    listShape: 'plain',
  }),
]
