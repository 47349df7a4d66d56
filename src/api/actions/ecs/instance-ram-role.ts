/** Ecs 2014-05-26: the RAM role of an instance. */
import { z } from 'zod'
import { parseTrustPolicy, trusts } from '../../../model/trust-policy.ts'
import { listInstances, updateInstance } from '../../../store/instances.ts'
import { findRole } from '../../../store/ram-roles.ts'
import type { InstanceTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { mayPassRole } from '../../authorize.ts'
import { ownerOf } from '../../new-resource.ts'
import { pageOf, pageParams, pageResult } from '../../paging.ts'
import { json, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { wrapped } from '../../results.ts'
import { livingInstance } from './instance-power.ts'

const instanceIds = (least: number) =>
  json(z.array(z.string()).min(least).max(100), { invalid: 'InvalidInstanceIds.Malformed' })

const roleOfInstance = z.object({ InstanceId: z.string(), RamRoleName: z.string() })

const describeInstanceRamRole = defineAction({
  product: 'Ecs',
  name: 'DescribeInstanceRamRole',
  summary: { en: 'Lists the roles of instances.', zh: '查询一台或多台ECS实例上的RAM角色。' },
  status: 'full',
  params: z.object({
    InstanceIds: instanceIds(0).optional(),
    RamRoleName: text().optional(),
    ...pageParams(10, 50),
  }),
  result: z.object({
    ...pageResult,
    RegionId: z.string(),
    InstanceRamRoleSets: wrapped('InstanceRamRoleSet', roleOfInstance),
  }),
  effect: 'read',
  errors: ['InvalidInstanceIds.Malformed'],
  handler: async (context, params) => {
    const filter = { ids: params.InstanceIds, ramRole: params.RamRoleName ?? (true as const), tags: [] }
    const { rows, total } = await listInstances(context.tx, ownerOf(context), filter, pageOf(params))
    return {
      TotalCount: total,
      PageNumber: params.PageNumber,
      PageSize: params.PageSize,
      RegionId: context.region,
      InstanceRamRoleSets: {
        InstanceRamRoleSet: rows.map((row) => ({ InstanceId: row.id, RamRoleName: row.ram_role_name })),
      },
    }
  },
})

const outcome = z.object({
  InstanceId: z.string(),
  Success: z.boolean(),
  Code: z.string(),
  Message: z.string(),
})
const succeeded = { Success: true, Code: '200', Message: 'success' }

const attachInstanceRamRole = defineAction({
  product: 'Ecs',
  name: 'AttachInstanceRamRole',
  summary: {
    en: 'Gives instances a role that trusts the service `ecs.aliyuncs.com`.',
    zh: '为一台或多台ECS实例授予RAM角色。',
  },
  status: {
    partial:
      'Kept and told again: there is no metadata service, so a program in the instance gets no credentials of the role. A `Policy` that narrows them is refused. One instance that cannot makes the call fail for all.',
  },
  params: z.object({ InstanceIds: instanceIds(1), RamRoleName: text(), Policy: text().optional() }),
  result: z.object({
    TotalCount: z.number(),
    FailCount: z.number(),
    RamRoleName: z.string(),
    AttachInstanceRamRoleResults: wrapped('AttachInstanceRamRoleResult', outcome),
  }),
  effect: 'write',
  errors: [
    'InvalidInstanceId.NotFound',
    'InvalidInstanceIds.Malformed',
    'InvalidOperation.RamRoleAttached',
    'InvalidRamRole.NotEcsRole',
    'InvalidRamRole.NotFound',
    'InvalidUser.PassRoleForbidden',
    'UnsupportedParameter',
  ],
  handler: async (context, { InstanceIds, RamRoleName, Policy }) => {
    demand(Policy === undefined, 'UnsupportedParameter', { name: 'Policy' })
    const name = await ecsRole(context, RamRoleName)
    const instances = await livingInstances(context, InstanceIds)
    for (const { id, ram_role_name: before } of instances) {
      demand(before === '' || before === name, 'InvalidOperation.RamRoleAttached')
      await updateInstance(context.tx, id, { ram_role_name: name })
    }
    return {
      TotalCount: instances.length,
      FailCount: 0,
      RamRoleName: name,
      AttachInstanceRamRoleResults: {
        AttachInstanceRamRoleResult: instances.map(({ id }) => ({ InstanceId: id, ...succeeded })),
      },
    }
  },
})

const detachInstanceRamRole = defineAction({
  product: 'Ecs',
  name: 'DetachInstanceRamRole',
  summary: { en: 'Takes the role from instances.', zh: '收回一台或多台ECS实例的RAM角色。' },
  status: { partial: 'One instance that cannot makes the call fail for all.' },
  params: z.object({ InstanceIds: instanceIds(1), RamRoleName: text().optional() }),
  result: z.object({
    TotalCount: z.number(),
    FailCount: z.number(),
    RamRoleName: z.string(),
    DetachInstanceRamRoleResults: wrapped(
      'DetachInstanceRamRoleResult',
      outcome.extend({ InstanceRamRoleSets: wrapped('InstanceRamRoleSet', roleOfInstance) }),
    ),
  }),
  effect: 'write',
  errors: ['InvalidInstanceId.NotFound', 'InvalidInstanceIds.Malformed', 'InvalidRamRole.NotFound'],
  handler: async (context, { InstanceIds, RamRoleName }) => {
    const instances = await livingInstances(context, InstanceIds)
    // The role itself may have been deleted since.
    for (const { id, ram_role_name: before } of instances) {
      demand(before === '' || before === (RamRoleName ?? before), 'InvalidRamRole.NotFound')
      await updateInstance(context.tx, id, { ram_role_name: '' })
    }
    return {
      TotalCount: instances.length,
      FailCount: 0,
      RamRoleName: RamRoleName ?? '',
      DetachInstanceRamRoleResults: {
        DetachInstanceRamRoleResult: instances.map((instance) => ({
          InstanceId: instance.id,
          ...succeeded,
          InstanceRamRoleSets: { InstanceRamRoleSet: detached(instance) },
        })),
      },
    }
  },
})

function detached({ id, ram_role_name: name }: InstanceTable): z.infer<typeof roleOfInstance>[] {
  return name === '' ? [] : [{ InstanceId: id, RamRoleName: name }]
}

/** What `ecsRole` refuses with. */
export const ecsRoleErrors = [
  'InvalidRamRole.NotEcsRole',
  'InvalidRamRole.NotFound',
  'InvalidUser.PassRoleForbidden',
] as const

/** The role by that name, which the service may assume and the caller may pass on. */
export async function ecsRole(context: ActionContext, name: string): Promise<string> {
  const role = found(await findRole(context.tx, context.caller.account, name), 'InvalidRamRole.NotFound')
  demand(await mayPassRole(context, role.name), 'InvalidUser.PassRoleForbidden')
  const trust = parseTrustPolicy(role.trust_policy)
  const isTrusted = typeof trust !== 'string' && trusts(trust, ['ecs.aliyuncs.com'], {})
  demand(isTrusted, 'InvalidRamRole.NotEcsRole')
  return role.name
}

async function livingInstances(context: ActionContext, ids: readonly string[]): Promise<InstanceTable[]> {
  const instances: InstanceTable[] = []
  for (const id of new Set(ids)) instances.push(await livingInstance(context, id))
  return instances
}

export const instanceRamRoleActions: readonly Action[] = [
  describeInstanceRamRole,
  attachInstanceRamRole,
  detachInstanceRamRole,
]
