/** Who has which policies: users, groups and roles, by the same three calls each. */
import { z } from 'zod'
import { quotas } from '../../../model/quotas.ts'
import {
  attachmentsOf,
  attachPolicy,
  detachPolicy,
  groupsWith,
  rolesWith,
  usersWith,
} from '../../../store/ram-attachments.ts'
import type { PrincipalKind } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import type { text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { seconds, wrapped } from '../../results.ts'
import { ownGroup } from './groups.ts'
import { summaryOf } from './own-policy.ts'
import { ownUser } from './own-user.ts'
import { ownRole } from './roles.ts'
import { codes, groupName, nothing, policyName, policyType, roleName, userName } from './values.ts'

interface Holder {
  readonly kind: PrincipalKind
  /** As it stands in action names and codes. */
  readonly word: 'User' | 'Group' | 'Role'
  readonly zh: string
  /** Of the parameter `UserName`, `GroupName` or `RoleName`. */
  readonly name: ReturnType<typeof text>
  readonly find: (context: ActionContext, name: string) => Promise<{ readonly id: string }>
}

const policy = { PolicyType: policyType(), PolicyName: policyName() }

const attached = z.object({
  PolicyName: z.string(),
  PolicyType: z.enum(['System', 'Custom']),
  Description: z.string(),
  DefaultVersion: z.string(),
  AttachDate: z.string(),
})

function actionsOf({ kind, word, zh, name, find }: Holder): readonly Action[] {
  const param = `${word}Name` as const
  const missing = `EntityNotExist.${word}`
  const holder: Readonly<Record<string, typeof name>> = { [param]: name }
  const ownHolder = (context: ActionContext, params: Readonly<Record<string, string>>) =>
    find(context, found(params[param], `MissingParameter.${param}`))
  return [
    defineAction({
      product: 'Ram',
      name: `AttachPolicyTo${word}`,
      summary: { en: `Gives a policy to a ${kind}.`, zh: `为${zh}添加权限策略。` },
      status: 'full',
      params: z.object({ ...holder, ...policy }),
      result: nothing,
      effect: 'write',
      errors: codes(
        [param, 'PolicyName'],
        'EntityNotExist.Policy',
        missing,
        `EntityAlreadyExists.${word}.Policy`,
        `LimitExceeded.${word}.Policy`,
      ),
      handler: async (context, params) => {
        const { tx, caller, now } = context
        const type = params.PolicyType
        await summaryOf(context, type, params.PolicyName)
        const { id } = await ownHolder(context, params)
        const added = await attachPolicy(tx, {
          account_id: caller.account,
          policy_type: type,
          policy_name: params.PolicyName,
          principal_kind: kind,
          principal_id: id,
          attached_at: now.toISOString(),
        })
        demand(added, `EntityAlreadyExists.${word}.Policy`)
        const alike = (await attachmentsOf(tx, id)).filter(({ policy_type }) => policy_type === type)
        const most = type === 'System' ? quotas.systemPoliciesPerPrincipal : quotas.customPoliciesPerPrincipal
        demand(alike.length <= most, `LimitExceeded.${word}.Policy`)
        return {}
      },
    }),
    defineAction({
      product: 'Ram',
      name: `DetachPolicyFrom${word}`,
      summary: { en: `Takes a policy from a ${kind}.`, zh: `为${zh}移除权限策略。` },
      status: 'full',
      params: z.object({ ...holder, ...policy }),
      result: nothing,
      effect: 'write',
      errors: codes([param, 'PolicyName'], 'EntityNotExist.Policy', missing, `EntityNotExist.${word}.Policy`),
      handler: async (context, params) => {
        const { PolicyType: type, PolicyName } = params
        await summaryOf(context, type, PolicyName)
        const { id } = await ownHolder(context, params)
        demand(await detachPolicy(context.tx, id, type, PolicyName), `EntityNotExist.${word}.Policy`)
        return {}
      },
    }),
    defineAction({
      product: 'Ram',
      name: `ListPoliciesFor${word}`,
      summary: { en: `Lists the policies of a ${kind}.`, zh: `查询${zh}的权限策略列表。` },
      status: 'full',
      params: z.object(holder),
      result: z.object({ Policies: wrapped('Policy', attached) }),
      effect: 'read',
      errors: codes([param], missing),
      handler: async (context, params) => {
        const { id } = await ownHolder(context, params)
        const Policy = []
        for (const { policy_type, policy_name, attached_at } of await attachmentsOf(context.tx, id)) {
          const { PolicyName, PolicyType, Description, DefaultVersion } = await summaryOf(
            context,
            policy_type,
            policy_name,
          )
          const AttachDate = seconds(attached_at)
          Policy.push({ PolicyName, PolicyType, Description, DefaultVersion, AttachDate })
        }
        return { Policies: { Policy } }
      },
    }),
  ]
}

const listEntitiesForPolicy = defineAction({
  product: 'Ram',
  name: 'ListEntitiesForPolicy',
  summary: { en: 'Lists who has a policy.', zh: '查询引用权限策略的身份。' },
  status: 'full',
  params: z.object(policy),
  result: z.object({
    Users: wrapped(
      'User',
      z.object({
        UserId: z.string(),
        UserName: z.string(),
        DisplayName: z.string(),
        AttachDate: z.string(),
      }),
    ),
    Groups: wrapped(
      'Group',
      z.object({ GroupName: z.string(), Comments: z.string(), AttachDate: z.string() }),
    ),
    Roles: wrapped(
      'Role',
      z.object({
        RoleId: z.string(),
        RoleName: z.string(),
        Arn: z.string(),
        Description: z.string(),
        AttachDate: z.string(),
      }),
    ),
  }),
  effect: 'read',
  errors: codes(['PolicyName'], 'EntityNotExist.Policy'),
  handler: async (context, { PolicyType, PolicyName }) => {
    const { tx, caller } = context
    await summaryOf(context, PolicyType, PolicyName)
    const name = { account: caller.account, type: PolicyType, name: PolicyName }
    const [users, groups, roles] = [
      await usersWith(tx, name),
      await groupsWith(tx, name),
      await rolesWith(tx, name),
    ]
    return {
      Users: {
        User: users.map((row) => ({
          UserId: row.id,
          UserName: row.name,
          DisplayName: row.display_name,
          AttachDate: seconds(row.attached_at),
        })),
      },
      Groups: {
        Group: groups.map((row) => ({
          GroupName: row.name,
          Comments: row.comments,
          AttachDate: seconds(row.attached_at),
        })),
      },
      Roles: {
        Role: roles.map((row) => ({
          RoleId: row.id,
          RoleName: row.name,
          Arn: `acs:ram::${row.account_id}:role/${row.name}`,
          Description: row.description,
          AttachDate: seconds(row.attached_at),
        })),
      },
    }
  },
})

export const attachmentActions: readonly Action[] = [
  ...actionsOf({
    kind: 'user',
    word: 'User',
    zh: ' RAM 用户',
    name: userName(),
    find: ownUser,
  }),
  ...actionsOf({
    kind: 'group',
    word: 'Group',
    zh: '用户组',
    name: groupName(),
    find: ownGroup,
  }),
  ...actionsOf({
    kind: 'role',
    word: 'Role',
    zh: ' RAM 角色',
    name: roleName(),
    find: ownRole,
  }),
  listEntitiesForPolicy,
]
