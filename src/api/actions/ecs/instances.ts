/** Ecs 2014-05-26: what instances are, in lists and one by one. */
import { z } from 'zod'
import { quotas } from '../../../model/quotas.ts'
import { freeText, hostName, instancePassword, resourceName } from '../../../model/rules.ts'
import { setGroups, updateEni } from '../../../store/enis.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { findInstance, listInstances, updateInstance } from '../../../store/instances.ts'
import type { InstanceTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import {
  eitherPageAnswer,
  eitherPageOf,
  eitherPageParams,
  eitherPageResult,
  pageOf,
  pageParams,
  pageResult,
} from '../../paging.ts'
import { flag, json, tags, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { wrapped } from '../../results.ts'
import { asFilter } from '../../tags.ts'
import { describeInstanceRows, instanceItem, shownStatus } from './instance-results.ts'
import { checkCredits, termParams, writeTerms } from './instance-terms.ts'
import { givenGroups } from './interface-parts.ts'
import { primaryInterface } from './move-instance.ts'
import { checkUserData } from './user-data.ts'

const idList = () => json(z.array(z.string()).max(100))

function storedStatuses(shown: string | undefined): readonly InstanceTable['status'][] | undefined {
  const statuses = ['Pending', 'Starting', 'Running', 'Stopping', 'Stopped', 'Deleting'] as const
  return shown === undefined ? undefined : statuses.filter((status) => shownStatus(status) === shown)
}

const describeInstances = defineAction({
  product: 'Ecs',
  name: 'DescribeInstances',
  summary: { en: 'Lists instances.', zh: '查询实例列表。' },
  status: {
    partial:
      'Narrowed by ids, VPC, vSwitch, zone, type, image, security group, name, status, private addresses, key pair, resource group and tags; other filters are ignored. Fields of what an instance does not have here are empty.',
  },
  params: z.object({
    InstanceIds: idList().optional(),
    VpcId: text().optional(),
    VSwitchId: text().optional(),
    ZoneId: text().optional(),
    InstanceType: text().optional(),
    ImageId: text().optional(),
    SecurityGroupId: text().optional(),
    InstanceName: text().optional(),
    Status: text().optional(),
    PrivateIpAddresses: idList().optional(),
    KeyPairName: text().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
    ...eitherPageParams(10, 100),
  }),
  result: z.object({
    ...eitherPageResult,
    Instances: wrapped('Instance', instanceItem),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const filter = {
      ids: params.InstanceIds?.length === 0 ? undefined : params.InstanceIds,
      vpc: params.VpcId,
      zone: params.ZoneId,
      type: params.InstanceType,
      image: params.ImageId,
      name: params.InstanceName,
      statuses: storedStatuses(params.Status),
      resourceGroup: params.ResourceGroupId,
      keyPair: params.KeyPairName,
      vswitch: params.VSwitchId,
      group: params.SecurityGroupId,
      addresses: params.PrivateIpAddresses,
      tags: asFilter(params.Tag),
    }
    const listing = await listInstances(context.tx, ownerOf(context), filter, eitherPageOf(params))
    return {
      ...eitherPageAnswer(params, listing),
      Instances: { Instance: await describeInstanceRows(context, listing.rows) },
    }
  },
})

const describeInstanceStatus = defineAction({
  product: 'Ecs',
  name: 'DescribeInstanceStatus',
  summary: { en: 'Lists the statuses of instances.', zh: '查询实例的状态。' },
  status: 'full',
  params: z.object({
    InstanceId: z.array(text()).max(50).optional(),
    ZoneId: text().optional(),
    ...pageParams(10, 50),
  }),
  result: z.object({
    ...pageResult,
    InstanceStatuses: wrapped('InstanceStatus', z.object({ InstanceId: z.string(), Status: z.string() })),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const filter = { ids: params.InstanceId, zone: params.ZoneId, tags: [] }
    const { rows, total } = await listInstances(context.tx, ownerOf(context), filter, pageOf(params))
    return {
      TotalCount: total,
      PageNumber: params.PageNumber,
      PageSize: params.PageSize,
      InstanceStatuses: {
        InstanceStatus: rows.map(({ id, status }) => ({ InstanceId: id, Status: shownStatus(status) })),
      },
    }
  },
})

const describeInstanceAttribute = defineAction({
  product: 'Ecs',
  name: 'DescribeInstanceAttribute',
  summary: { en: 'Describes one instance.', zh: '查询一台实例的属性信息。' },
  status: {
    partial: 'Fields of what an instance does not have here are empty.',
  },
  params: z.object({ InstanceId: text() }),
  result: instanceItem
    .pick({
      InstanceId: true,
      InstanceName: true,
      HostName: true,
      Description: true,
      Status: true,
      RegionId: true,
      ZoneId: true,
      InstanceType: true,
      ImageId: true,
      Cpu: true,
      Memory: true,
      CreationTime: true,
      ExpiredTime: true,
      InstanceChargeType: true,
      InternetChargeType: true,
      InternetMaxBandwidthIn: true,
      InternetMaxBandwidthOut: true,
      InstanceNetworkType: true,
      IoOptimized: true,
      VpcAttributes: true,
      SecurityGroupIds: true,
      PublicIpAddress: true,
      InnerIpAddress: true,
      EipAddress: true,
      OperationLocks: true,
    })
    .extend({ EnableJumboFrame: z.boolean() }),
  effect: 'read',
  errors: ['InvalidInstanceId.NotFound'],
  handler: async (context, { InstanceId }) => {
    const [item] = await describeInstanceRows(context, [await ownInstance(context, InstanceId)])
    return { ...found(item, 'InvalidInstanceId.NotFound'), EnableJumboFrame: false }
  },
})

const modifyInstanceAttribute = defineAction({
  product: 'Ecs',
  name: 'ModifyInstanceAttribute',
  summary: { en: 'Changes name, description and protection of an instance.', zh: '修改实例的部分信息。' },
  status: {
    partial:
      'A password is checked and not kept, since nobody logs in with one. Jumbo frames and `Recyclable` = true are refused.',
  },
  params: z.object({
    InstanceId: text(),
    InstanceName: text({ pattern: resourceName, invalid: 'InvalidInstanceName.Malformed' }).optional(),
    Description: text({ pattern: freeText(2, 256), invalid: 'InvalidDescription.Malformed' }).optional(),
    HostName: text({ pattern: hostName, invalid: 'InvalidHostName.Malformed' }).optional(),
    Password: text({ pattern: instancePassword, invalid: 'InvalidPassword.Malformed' }).optional(),
    UserData: text().optional(),
    SecurityGroupIds: z.array(text()).max(quotas.securityGroupsPerEni).optional(),
    DeletionProtection: flag().optional(),
    CreditSpecification: termParams.CreditSpecification,
    EnableJumboFrame: flag().optional(),
    Recyclable: flag().optional(),
  }),
  result: z.object({}),
  effect: 'write',
  answer: 'when-in-kernel',
  errors: [
    'IncorrectInstanceStatus',
    'InvalidDescription.Malformed',
    'InvalidHostName.Malformed',
    'InvalidInstanceId.NotFound',
    'InvalidInstanceName.Malformed',
    'InvalidParameter.CreditSpecification',
    'InvalidPassword.Malformed',
    'InvalidSecurityGroupId.NotFound',
    'InvalidSecurityGroupIds.TypeMismatch',
    'InvalidUserData.Base64FormatInvalid',
    'InvalidUserData.SizeExceeded',
    'UnsupportedParameter',
  ],
  handler: async (context, params) => {
    const { tx } = context
    const { InstanceId, UserData, SecurityGroupIds, CreditSpecification } = params
    for (const name of ['EnableJumboFrame', 'Recyclable'] as const) {
      demand(params[name] !== true, 'UnsupportedParameter', { name })
    }
    checkUserData(UserData)
    const generation = await nextGeneration(tx)
    const instance = await ownInstance(context, InstanceId)
    // A script that runs at the start cannot change under an instance that has started (ModifyInstanceAttribute).
    demand(UserData === undefined || instance.status === 'Stopped', 'IncorrectInstanceStatus')
    checkCredits(instance.instance_type, CreditSpecification)
    if (SecurityGroupIds) await putIntoGroups(context, instance, SecurityGroupIds, generation)
    await updateInstance(tx, instance.id, {
      generation,
      name: params.InstanceName ?? instance.name,
      description: params.Description ?? instance.description,
      host_name: params.HostName ?? instance.host_name,
      user_data: UserData ?? instance.user_data,
      deletion_protection: Number(params.DeletionProtection ?? instance.deletion_protection === 1),
      terms: writeTerms({ CreditSpecification }, instance.terms),
    })
    return {}
  },
})

/** The groups of an instance are those of its primary interface. */
async function putIntoGroups(
  context: ActionContext,
  instance: InstanceTable,
  groups: readonly string[],
  generation: number,
): Promise<void> {
  const wanted = await givenGroups(context, { SecurityGroupIds: groups }, instance.vpc_id)
  const primary = await primaryInterface(context, instance)
  await setGroups(context.tx, primary.id, wanted)
  await updateEni(context.tx, primary.id, { generation })
}

const describeUserData = defineAction({
  product: 'Ecs',
  name: 'DescribeUserData',
  summary: { en: 'Returns the UserData of an instance.', zh: '查询实例的自定义数据。' },
  status: 'full',
  params: z.object({ InstanceId: text() }),
  result: z.object({ RegionId: z.string(), InstanceId: z.string(), UserData: z.string() }),
  effect: 'read',
  errors: ['InvalidInstanceId.NotFound'],
  handler: async (context, { InstanceId }) => {
    const instance = await ownInstance(context, InstanceId)
    return { RegionId: instance.region_id, InstanceId: instance.id, UserData: instance.user_data }
  },
})

export async function ownInstance(context: ActionContext, id: string): Promise<InstanceTable> {
  return found(await findInstance(context.tx, ownerOf(context), id), 'InvalidInstanceId.NotFound')
}

export const instanceActions: readonly Action[] = [
  describeInstances,
  describeInstanceStatus,
  describeInstanceAttribute,
  modifyInstanceAttribute,
  describeUserData,
]
