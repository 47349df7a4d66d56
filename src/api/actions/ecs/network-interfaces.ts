/** Ecs 2014-05-26: network interfaces, and the security groups on them. */
import { z } from 'zod'
import { quotas } from '../../../model/quotas.ts'
import {
  findEni,
  enisOfInstances,
  groupsOfEnis,
  joinGroup,
  leaveGroup,
  listEnis,
} from '../../../store/enis.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { findInstance } from '../../../store/instances.ts'
import { findSecurityGroup } from '../../../store/security-groups.ts'
import type { EniTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { nextToken, pageOf, pageParams, pageResult } from '../../paging.ts'
import { tags, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { seconds, strings, tagKeyValue, wrapped } from '../../results.ts'

const describeNetworkInterfaces = defineAction({
  product: 'Ecs',
  name: 'DescribeNetworkInterfaces',
  summary: { en: 'Lists network interfaces.', zh: '查询弹性网卡列表。' },
  status: {
    partial: 'Lists the interfaces of instances and endpoints; they carry no tags.',
  },
  params: z.object({
    NetworkInterfaceId: z.array(text()).max(100).optional(),
    InstanceId: text().optional(),
    VpcId: text().optional(),
    VSwitchId: text().optional(),
    SecurityGroupId: text().optional(),
    PrimaryIpAddress: text().optional(),
    NetworkInterfaceName: text().optional(),
    Type: text().optional(),
    Status: text().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
    ...pageParams(10, 100),
  }),
  result: z.object({
    ...pageResult,
    NextToken: z.string(),
    NetworkInterfaceSets: wrapped(
      'NetworkInterfaceSet',
      z.object({
        NetworkInterfaceId: z.string(),
        NetworkInterfaceName: z.string(),
        Description: z.string(),
        Status: z.string(),
        Type: z.string(),
        InstanceId: z.string(),
        VpcId: z.string(),
        VSwitchId: z.string(),
        ZoneId: z.string(),
        PrivateIpAddress: z.string(),
        MacAddress: z.string(),
        CreationTime: z.string(),
        OwnerId: z.string(),
        ServiceManaged: z.boolean(),
        ServiceID: z.number(),
        ResourceGroupId: z.string(),
        QueueNumber: z.number(),
        NetworkInterfaceTrafficMode: z.string(),
        SecurityGroupIds: strings('SecurityGroupId'),
        PrivateIpSets: wrapped(
          'PrivateIpSet',
          z.object({ PrivateIpAddress: z.string(), Primary: z.boolean() }),
        ),
        Ipv6Sets: wrapped('Ipv6Set', z.object({ Ipv6Address: z.string() })),
        AssociatedPublicIp: z.object({}),
        Attachment: z.object({
          InstanceId: z.string(),
          DeviceIndex: z.number(),
          NetworkCardIndex: z.number(),
        }),
        Tags: wrapped('Tag', tagKeyValue),
      }),
    ),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const { tx } = context
    // Every interface is in use from its first to its last moment, and none carries tags.
    const none = (params.Status !== undefined && params.Status !== 'InUse') || params.Tag !== undefined
    const filter = {
      ids: none ? [''] : params.NetworkInterfaceId,
      instance: params.InstanceId,
      vpc: params.VpcId,
      vswitch: params.VSwitchId,
      group: params.SecurityGroupId,
      address: params.PrimaryIpAddress,
      name: params.NetworkInterfaceName,
      primary: params.Type === undefined ? undefined : params.Type === 'Primary',
      resourceGroup: params.ResourceGroupId,
    }
    const page = pageOf(params)
    const { rows, total } = await listEnis(tx, ownerOf(context), filter, page)
    const groups = await groupsOfEnis(
      tx,
      rows.map(({ id }) => id),
    )
    return {
      TotalCount: total,
      PageNumber: params.PageNumber,
      PageSize: params.PageSize,
      NextToken: nextToken(page, total),
      NetworkInterfaceSets: { NetworkInterfaceSet: rows.map((row) => describe(row, groups(row.id))) },
    }
  },
})

function describe(row: EniTable, groups: readonly string[]) {
  return {
    NetworkInterfaceId: row.id,
    NetworkInterfaceName: row.name,
    Description: row.description,
    Status: 'InUse',
    Type: row.is_primary === 1 ? 'Primary' : 'Secondary',
    InstanceId: row.instance_id ?? '',
    VpcId: row.vpc_id,
    VSwitchId: row.vswitch_id,
    ZoneId: row.zone_id,
    PrivateIpAddress: row.address,
    MacAddress: row.mac,
    CreationTime: seconds(row.created_at),
    OwnerId: row.account_id,
    ServiceManaged: row.endpoint_id !== null,
    ServiceID: 0,
    ResourceGroupId: row.resource_group_id,
    QueueNumber: 1,
    NetworkInterfaceTrafficMode: 'Standard',
    SecurityGroupIds: { SecurityGroupId: [...groups] },
    PrivateIpSets: { PrivateIpSet: [{ PrivateIpAddress: row.address, Primary: true }] },
    Ipv6Sets: { Ipv6Set: [] },
    AssociatedPublicIp: {},
    Attachment: { InstanceId: row.instance_id ?? '', DeviceIndex: row.device, NetworkCardIndex: 0 },
    Tags: { Tag: [] },
  }
}

const memberParams = z.object({
  SecurityGroupId: text(),
  InstanceId: text().optional(),
  NetworkInterfaceId: text().optional(),
})

const joinSecurityGroup = defineAction({
  product: 'Ecs',
  name: 'JoinSecurityGroup',
  summary: { en: 'Puts an instance or interface into a security group.', zh: '将实例或弹性网卡加入安全组。' },
  status: 'full',
  params: memberParams,
  result: z.object({}),
  effect: 'write',
  answer: 'when-in-kernel',
  handler: async (context, params) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const { eni, groups } = await findMember(context, params)
    const group = found(
      await findSecurityGroup(tx, ownerOf(context), params.SecurityGroupId),
      'InvalidSecurityGroupId.NotFound',
    )
    demand(group.vpc_id === eni.vpc_id, 'OperationDenied.InconsistentNetwork')
    const joined = groups.includes(group.id)
    demand(joined || groups.length < quotas.securityGroupsPerEni, 'SecurityGroupInstanceLimitExceed')
    await joinGroup(tx, eni.id, group.id, generation)
    return {}
  },
})

const leaveSecurityGroup = defineAction({
  product: 'Ecs',
  name: 'LeaveSecurityGroup',
  summary: {
    en: 'Takes an instance or interface out of a security group.',
    zh: '将实例或弹性网卡移出安全组。',
  },
  status: 'full',
  params: memberParams,
  result: z.object({}),
  effect: 'write',
  answer: 'when-in-kernel',
  handler: async (context, params) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const { eni, groups } = await findMember(context, params)
    demand(groups.includes(params.SecurityGroupId), 'InvalidSecurityGroupId.NotFound')
    demand(groups.length > 1, 'InstanceLastSecurityGroup')
    await leaveGroup(tx, eni.id, params.SecurityGroupId, generation)
    return {}
  },
})

/** An instance stands for its primary interface. Interfaces of endpoints belong to PrivateLink. */
async function findMember(
  context: ActionContext,
  params: z.infer<typeof memberParams>,
): Promise<{ eni: EniTable; groups: readonly string[] }> {
  const { tx } = context
  const { InstanceId, NetworkInterfaceId } = params
  demand((InstanceId === undefined) !== (NetworkInterfaceId === undefined), 'MissingParameter', {
    name: 'InstanceId',
  })
  let eni: EniTable | undefined
  if (InstanceId === undefined) {
    eni = found(await findEni(tx, ownerOf(context), NetworkInterfaceId ?? ''), 'InvalidEniId.NotFound')
  } else {
    const instance = await findInstance(tx, ownerOf(context), InstanceId)
    const { id } = found(instance?.status === 'Deleting' ? undefined : instance, 'InvalidInstanceId.NotFound')
    eni = (await enisOfInstances(tx, [id])).get(id)?.[0]
  }
  const member = found(eni, 'InvalidInstanceId.NotFound')
  demand(member.endpoint_id === null, 'OperationDenied.ServiceManaged')
  return { eni: member, groups: (await groupsOfEnis(tx, [member.id]))(member.id) }
}

export const networkInterfaceActions: readonly Action[] = [
  describeNetworkInterfaces,
  joinSecurityGroup,
  leaveSecurityGroup,
]
