/** Ecs 2014-05-26: security groups. Their rules are in `security-group-rules.ts`. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { quotas } from '../../../model/quotas.ts'
import { freeText, resourceName } from '../../../model/rules.ts'
import { nextGeneration } from '../../../store/generation.ts'
import {
  countGroupContents,
  countSecurityGroups,
  deleteSecurityGroup as deleteGroupRow,
  findSecurityGroup,
  insertSecurityGroup,
  isGroupInUse,
  listSecurityGroups,
  updateSecurityGroup,
} from '../../../store/security-groups.ts'
import type { SecurityGroupTable } from '../../../store/tables.ts'
import { putTags, readTags, removeTags } from '../../../store/tags.ts'
import { findVpc } from '../../../store/vpcs.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownedColumns, ownerOf } from '../../new-resource.ts'
import { eitherPageAnswer, eitherPageOf, eitherPageParams, eitherPageResult } from '../../paging.ts'
import { choice, json, tags, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { asTagKeyValue, seconds, tagKeyValue, wrapped } from '../../results.ts'
import { asFilter, readTagParams } from '../../tags.ts'
import { ecsTagErrors } from './errors.ts'

const groupName = () => text({ pattern: resourceName, invalid: 'InvalidSecurityGroupName.Malformed' })
const groupDescription = () => text({ pattern: freeText(2, 256), invalid: 'InvalidDescription.Malformed' })

const createSecurityGroup = defineAction({
  product: 'Ecs',
  name: 'CreateSecurityGroup',
  summary: { en: 'Creates a security group in a VPC.', zh: '创建安全组。' },
  status: {
    partial: 'Groups are made in a VPC only: `VpcId` is required.',
  },
  params: z.object({
    VpcId: text(),
    SecurityGroupName: groupName().optional(),
    Description: groupDescription().optional(),
    SecurityGroupType: choice(['normal', 'enterprise']).default('normal'),
    ResourceGroupId: text().optional(),
    Tag: tags(),
  }),
  result: z.object({ SecurityGroupId: z.string() }),
  effect: 'write',
  errors: [
    'Duplicate.TagKey',
    'IncorrectVpcStatus',
    'InvalidDescription.Malformed',
    'InvalidResourceGroup.NotFound',
    'InvalidSecurityGroupName.Malformed',
    'InvalidTagKey.Malformed',
    'InvalidTagValue.Malformed',
    'InvalidVpcId.NotFound',
    'QuotaExceed.SecurityGroup',
  ],
  handler: async (context, params) => {
    const { tx, randomBytes } = context
    const given = readTagParams(params.Tag, ecsTagErrors)
    const generation = await nextGeneration(tx)
    const vpc = found(await findVpc(tx, ownerOf(context), params.VpcId), 'InvalidVpcId.NotFound')
    demand(vpc.status === 'Available', 'IncorrectVpcStatus')
    const count = await countSecurityGroups(tx, ownerOf(context))
    demand(count < quotas.securityGroupsPerRegion, 'QuotaExceed.SecurityGroup')
    const id = newId('sg', randomBytes)
    await insertSecurityGroup(tx, {
      ...(await ownedColumns(context, params.ResourceGroupId, 'InvalidResourceGroup.NotFound')),
      id,
      generation,
      vpc_id: vpc.id,
      name: params.SecurityGroupName ?? '',
      description: params.Description ?? '',
      type: params.SecurityGroupType,
      inner_access: params.SecurityGroupType === 'normal' ? 'Accept' : 'Drop',
    })
    await putTags(tx, 'securitygroup', [id], given)
    return { SecurityGroupId: id }
  },
})

const describeSecurityGroups = defineAction({
  product: 'Ecs',
  name: 'DescribeSecurityGroups',
  summary: { en: 'Lists security groups.', zh: '查询安全组列表。' },
  status: 'full',
  params: z.object({
    SecurityGroupId: text().optional(),
    SecurityGroupIds: json(z.array(z.string()).max(100)).optional(),
    VpcId: text().optional(),
    SecurityGroupName: text().optional(),
    SecurityGroupType: text().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
    ...eitherPageParams(10, 100),
  }),
  result: z.object({
    ...eitherPageResult,
    RegionId: z.string(),
    SecurityGroups: wrapped(
      'SecurityGroup',
      z.object({
        SecurityGroupId: z.string(),
        SecurityGroupName: z.string(),
        Description: z.string(),
        VpcId: z.string(),
        SecurityGroupType: z.string(),
        CreationTime: z.string(),
        ResourceGroupId: z.string(),
        EcsCount: z.number(),
        AvailableInstanceAmount: z.number(),
        RuleCount: z.number(),
        ServiceManaged: z.boolean(),
        Tags: wrapped('Tag', tagKeyValue),
      }),
    ),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const { tx, region } = context
    const ids = params.SecurityGroupId === undefined ? params.SecurityGroupIds : [params.SecurityGroupId]
    const filter = {
      ids: ids?.length === 0 ? undefined : ids,
      vpc: params.VpcId,
      name: params.SecurityGroupName,
      type: params.SecurityGroupType,
      resourceGroup: params.ResourceGroupId,
      tags: asFilter(params.Tag),
    }
    const listing = await listSecurityGroups(tx, ownerOf(context), filter, eitherPageOf(params))
    const { rows } = listing
    const shown = rows.map(({ id }) => id)
    const contents = await countGroupContents(tx, shown)
    const tagLists = await readTags(tx, 'securitygroup', shown)
    return {
      ...eitherPageAnswer(params, listing),
      RegionId: region,
      SecurityGroups: {
        SecurityGroup: rows.map((group) => ({
          SecurityGroupId: group.id,
          SecurityGroupName: group.name,
          Description: group.description,
          VpcId: group.vpc_id,
          SecurityGroupType: group.type,
          CreationTime: seconds(group.created_at),
          ResourceGroupId: group.resource_group_id,
          EcsCount: contents(group.id).instances,
          AvailableInstanceAmount: quotas.instancesPerRegion - contents(group.id).instances,
          RuleCount: contents(group.id).rules,
          ServiceManaged: false,
          Tags: {
            Tag: (tagLists.get(group.id) ?? []).map(asTagKeyValue),
          },
        })),
      },
    }
  },
})

const modifySecurityGroupPolicy = defineAction({
  product: 'Ecs',
  name: 'ModifySecurityGroupPolicy',
  summary: {
    en: 'Says whether members of a group reach each other.',
    zh: '修改普通安全组的组内连通策略。',
  },
  status: 'full',
  params: z.object({
    SecurityGroupId: text(),
    InnerAccessPolicy: text({ pattern: /^(accept|drop)$/i, invalid: 'InvalidPolicy.Malformed' }),
  }),
  result: z.object({}),
  effect: 'write',
  answer: 'when-in-kernel',
  errors: ['InvalidPolicy.Malformed', 'InvalidSecurityGroupId.NotFound'],
  handler: async (context, { SecurityGroupId, InnerAccessPolicy }) => {
    const generation = await nextGeneration(context.tx)
    const group = await ownGroup(context, SecurityGroupId)
    const inner = InnerAccessPolicy.toLowerCase() === 'accept' ? 'Accept' : 'Drop'
    await updateSecurityGroup(context.tx, group.id, { inner_access: inner, generation })
    return {}
  },
})

const modifySecurityGroupAttribute = defineAction({
  product: 'Ecs',
  name: 'ModifySecurityGroupAttribute',
  summary: { en: 'Changes name and description of a security group.', zh: '修改安全组的名称和描述。' },
  status: 'full',
  params: z.object({
    SecurityGroupId: text(),
    SecurityGroupName: groupName().optional(),
    Description: groupDescription().optional(),
  }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'InvalidDescription.Malformed',
    'InvalidSecurityGroupId.NotFound',
    'InvalidSecurityGroupName.Malformed',
  ],
  handler: async (context, params) => {
    const group = await ownGroup(context, params.SecurityGroupId)
    await updateSecurityGroup(context.tx, group.id, {
      name: params.SecurityGroupName ?? group.name,
      description: params.Description ?? group.description,
    })
    return {}
  },
})

const deleteSecurityGroup = defineAction({
  product: 'Ecs',
  name: 'DeleteSecurityGroup',
  summary: { en: 'Deletes a security group that nothing uses.', zh: '删除安全组。' },
  status: 'full',
  params: z.object({ SecurityGroupId: text() }),
  result: z.object({}),
  effect: 'write',
  errors: ['DependencyViolation', 'InvalidSecurityGroupId.NotFound'],
  handler: async (context, { SecurityGroupId }) => {
    await nextGeneration(context.tx)
    const group = await ownGroup(context, SecurityGroupId)
    demand(!(await isGroupInUse(context.tx, group.id)), 'DependencyViolation')
    await removeTags(context.tx, 'securitygroup', [group.id], 'all')
    await deleteGroupRow(context.tx, group.id)
    return {}
  },
})

async function ownGroup(context: ActionContext, id: string): Promise<SecurityGroupTable> {
  return found(await findSecurityGroup(context.tx, ownerOf(context), id), 'InvalidSecurityGroupId.NotFound')
}

export const securityGroupActions: readonly Action[] = [
  createSecurityGroup,
  describeSecurityGroups,
  modifySecurityGroupPolicy,
  modifySecurityGroupAttribute,
  deleteSecurityGroup,
]
