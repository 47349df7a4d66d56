/** Ecs 2014-05-26: which interfaces are in which security groups. */
import { z } from 'zod'
import { quotas } from '../../../model/quotas.ts'
import { enisOfInstances, findEni, groupsOfEnis, joinGroup, leaveGroup } from '../../../store/enis.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { findInstance } from '../../../store/instances.ts'
import { findSecurityGroup, groupsOfVpc } from '../../../store/security-groups.ts'
import type { EniTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { text } from '../../params.ts'
import { demand, found } from '../../require.ts'

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
  errors: [
    'InvalidEniId.NotFound',
    'InvalidInstanceId.NotFound',
    'InvalidSecurityGroupId.NotFound',
    'InvalidSecurityGroupIds.TypeMismatch',
    'OperationDenied.InconsistentNetwork',
    'OperationDenied.ServiceManaged',
    'SecurityGroupInstanceLimitExceed',
  ],
  handler: async (context, params) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const { eni, groups } = await findMember(context, params)
    const group = found(
      await findSecurityGroup(tx, ownerOf(context), params.SecurityGroupId),
      'InvalidSecurityGroupId.NotFound',
    )
    demand(group.vpc_id === eni.vpc_id, 'OperationDenied.InconsistentNetwork')
    const present = await groupsOfVpc(tx, ownerOf(context), group.vpc_id, groups)
    const alike = present.every(({ type }) => type === group.type)
    demand(alike, 'InvalidSecurityGroupIds.TypeMismatch')
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
  errors: [
    'InstanceLastSecurityGroup',
    'InvalidEniId.NotFound',
    'InvalidInstanceId.NotFound',
    'InvalidSecurityGroupId.NotFound',
    'OperationDenied.ServiceManaged',
  ],
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

export const securityGroupMemberActions: readonly Action[] = [joinSecurityGroup, leaveSecurityGroup]
