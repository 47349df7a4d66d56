/** Roles: what somebody trusted may become for a while. */
import { z } from 'zod'
import { quotas } from '../../../model/quotas.ts'
import { parseTrustPolicy } from '../../../model/trust-policy.ts'
import { attachmentsOf } from '../../../store/ram-attachments.ts'
import {
  countRoles,
  deleteRole as deleteRow,
  findRole,
  insertRole,
  listRoles as listRows,
  newRoleId,
  updateRole as updateRow,
} from '../../../store/ram-roles.ts'
import type { RamRoleTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { markerPageOf, markerParams, markerResult, nextMarker } from '../../paging.ts'
import { integer } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { seconds, wrapped } from '../../results.ts'
import { codes, document, note, nothing, roleName } from './values.ts'

const fields = {
  RoleId: z.string(),
  RoleName: z.string(),
  Arn: z.string(),
  Description: z.string(),
  MaxSessionDuration: z.number(),
  CreateDate: z.string(),
  UpdateDate: z.string(),
}
const role = z.object({ ...fields, AssumeRolePolicyDocument: z.string() })

function summarize(row: RamRoleTable) {
  return {
    RoleId: row.id,
    RoleName: row.name,
    Arn: `acs:ram::${row.account_id}:role/${row.name}`,
    Description: row.description,
    MaxSessionDuration: row.max_session_seconds,
    CreateDate: seconds(row.created_at),
    UpdateDate: seconds(row.updated_at),
  }
}

function describe(row: RamRoleTable) {
  return { Role: { ...summarize(row), AssumeRolePolicyDocument: row.trust_policy } }
}

export async function ownRole({ tx, caller }: ActionContext, name: string): Promise<RamRoleTable> {
  return found(await findRole(tx, caller.account, name), 'EntityNotExist.Role')
}

function checkTrust(text: string): void {
  const trust = parseTrustPolicy(text)
  if (typeof trust === 'string') throw new ApiError('MalformedPolicyDocument', { reason: trust })
}

const maxSession = () => integer(3600, 43_200)

const createRole = defineAction({
  product: 'Ram',
  name: 'CreateRole',
  summary: { en: 'Creates a role.', zh: '创建 RAM 角色。' },
  status: {
    partial:
      "Trust policies name accounts, users, roles and services, with conditions as in `Ram.CreatePolicy` and on `sts:ExternalId`; identity providers are refused. RAM's objects carry no tags.",
  },
  params: z.object({
    RoleName: roleName(),
    AssumeRolePolicyDocument: document('AssumeRolePolicyDocument'),
    Description: note('Description', 1024),
    MaxSessionDuration: maxSession().default(3600),
  }),
  result: z.object({ Role: role }),
  effect: 'write',
  errors: codes(
    ['RoleName'],
    'EntityAlreadyExists.Role',
    'InvalidParameter.AssumeRolePolicyDocument.Length',
    'InvalidParameter.Description.Length',
    'LimitExceeded.Role',
    'MalformedPolicyDocument',
  ),
  handler: async ({ tx, caller, now, randomBytes }, params) => {
    checkTrust(params.AssumeRolePolicyDocument)
    const taken = await findRole(tx, caller.account, params.RoleName)
    demand(taken === undefined, 'EntityAlreadyExists.Role')
    demand((await countRoles(tx, caller.account)) < quotas.rolesPerAccount, 'LimitExceeded.Role')
    const row: RamRoleTable = {
      id: newRoleId(randomBytes),
      account_id: caller.account,
      name: params.RoleName,
      description: params.Description ?? '',
      trust_policy: params.AssumeRolePolicyDocument,
      max_session_seconds: params.MaxSessionDuration,
      created_at: now.toISOString(),
      updated_at: now.toISOString(),
    }
    await insertRole(tx, row)
    return describe(row)
  },
})

const getRole = defineAction({
  product: 'Ram',
  name: 'GetRole',
  summary: { en: 'Describes one role.', zh: '查询 RAM 角色详情。' },
  status: 'full',
  params: z.object({ RoleName: roleName() }),
  result: z.object({ Role: role }),
  effect: 'read',
  errors: codes(['RoleName'], 'EntityNotExist.Role'),
  handler: async (context, { RoleName }) => describe(await ownRole(context, RoleName)),
})

const listRoles = defineAction({
  product: 'Ram',
  name: 'ListRoles',
  summary: { en: 'Lists roles.', zh: '查询 RAM 角色列表。' },
  status: { partial: "RAM's objects carry no tags." },
  params: z.object(markerParams),
  result: z.object({ ...markerResult, Roles: wrapped('Role', z.object(fields)) }),
  effect: 'read',
  handler: async ({ tx, caller }, params) => {
    const page = markerPageOf(params)
    const { rows, next } = await listRows(tx, caller.account, page)
    return { ...nextMarker({ next }), Roles: { Role: rows.map(summarize) } }
  },
})

const updateRole = defineAction({
  product: 'Ram',
  name: 'UpdateRole',
  summary: { en: 'Changes a role.', zh: '更新 RAM 角色信息。' },
  status: { partial: 'Trust policies as in `Ram.CreateRole`.' },
  params: z.object({
    RoleName: roleName(),
    NewAssumeRolePolicyDocument: document('NewAssumeRolePolicyDocument').optional(),
    NewDescription: note('NewDescription', 1024),
    NewMaxSessionDuration: maxSession().optional(),
  }),
  result: z.object({ Role: role }),
  effect: 'write',
  errors: codes(
    ['RoleName'],
    'EntityNotExist.Role',
    'InvalidParameter.NewAssumeRolePolicyDocument.Length',
    'InvalidParameter.NewDescription.Length',
    'MalformedPolicyDocument',
  ),
  handler: async (context, params) => {
    const row = await ownRole(context, params.RoleName)
    const { NewAssumeRolePolicyDocument: trust = row.trust_policy } = params
    checkTrust(trust)
    const change = {
      trust_policy: trust,
      description: params.NewDescription ?? row.description,
      max_session_seconds: params.NewMaxSessionDuration ?? row.max_session_seconds,
      updated_at: context.now.toISOString(),
    }
    await updateRow(context.tx, row.id, change)
    return describe({ ...row, ...change })
  },
})

const deleteRole = defineAction({
  product: 'Ram',
  name: 'DeleteRole',
  summary: { en: 'Deletes a role without policies.', zh: '删除 RAM 角色。' },
  status: 'full',
  params: z.object({ RoleName: roleName() }),
  result: nothing,
  effect: 'write',
  errors: codes(['RoleName'], 'EntityNotExist.Role', 'DeleteConflict.Role.Policy'),
  handler: async (context, { RoleName }) => {
    const { id } = await ownRole(context, RoleName)
    demand((await attachmentsOf(context.tx, id)).length === 0, 'DeleteConflict.Role.Policy')
    await deleteRow(context.tx, id)
    return {}
  },
})

export const roleActions: readonly Action[] = [createRole, getRole, listRoles, updateRole, deleteRole]
