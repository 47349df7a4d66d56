/** Versions of custom policies; a system policy has one. */
import { z } from 'zod'
import { parsePolicy } from '../../../model/policy.ts'
import { quotas } from '../../../model/quotas.ts'
import { systemPoliciesSince } from '../../../model/system-policies.ts'
import {
  deleteVersion,
  findVersion,
  insertVersion,
  listVersions,
  updatePolicy,
} from '../../../store/ram-policies.ts'
import type { PolicyType, RamPolicyTable, RamPolicyVersionTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { choice, flag, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { seconds, wrapped } from '../../results.ts'
import { ownPolicy, systemPolicy } from './own-policy.ts'
import { codes, document, nothing, policyName, policyType } from './values.ts'

export const version = z.object({
  VersionId: z.string(),
  IsDefaultVersion: z.boolean(),
  PolicyDocument: z.string(),
  CreateDate: z.string(),
})
type Version = z.infer<typeof version>

const wrongVersion = 'InvalidParameter.VersionId.Format'
const versionId = () => text({ pattern: /^v[1-9]\d{0,8}$/, invalid: wrongVersion })
const missing = 'EntityNotExist.Policy.Version'

function describe(row: RamPolicyVersionTable, policy: RamPolicyTable): Version {
  return {
    VersionId: `v${row.version}`,
    IsDefaultVersion: row.version === policy.default_version,
    PolicyDocument: row.document,
    CreateDate: seconds(row.created_at),
  }
}

function describeSystem(name: string): Version {
  return {
    VersionId: 'v1',
    IsDefaultVersion: true,
    PolicyDocument: systemPolicy(name).document,
    CreateDate: seconds(systemPoliciesSince),
  }
}

async function versionsOf(context: ActionContext, type: PolicyType, name: string): Promise<Version[]> {
  if (type === 'System') return [describeSystem(name)]
  const policy = await ownPolicy(context, name)
  return (await listVersions(context.tx, policy)).map((row) => describe(row, policy))
}

export async function versionOf(
  context: ActionContext,
  type: PolicyType,
  name: string,
  id: string,
): Promise<Version> {
  const versions = await versionsOf(context, type, name)
  return found(
    versions.find(({ VersionId }) => VersionId === id),
    missing,
  )
}

const createPolicyVersion = defineAction({
  product: 'Ram',
  name: 'CreatePolicyVersion',
  summary: { en: 'Adds a version to a custom policy.', zh: '为自定义权限策略创建版本。' },
  status: { partial: 'Documents as in `Ram.CreatePolicy`.' },
  params: z.object({
    PolicyName: policyName(),
    PolicyDocument: document('PolicyDocument'),
    SetAsDefault: flag().default(false),
    RotateStrategy: choice(['None', 'DeleteOldestNonDefaultVersionWhenLimitExceeded']).default('None'),
  }),
  result: z.object({ PolicyVersion: version }),
  effect: 'write',
  errors: codes(
    ['PolicyName'],
    'EntityNotExist.Policy',
    'InvalidParameter.PolicyDocument.Length',
    'LimitExceeded.Policy.Version',
    'MalformedPolicyDocument',
  ),
  handler: async (context, { PolicyName, PolicyDocument, SetAsDefault, RotateStrategy }) => {
    const { tx, now } = context
    const grammar = parsePolicy(PolicyDocument)
    if (typeof grammar === 'string') throw new ApiError('MalformedPolicyDocument', { reason: grammar })
    const policy = await ownPolicy(context, PolicyName)
    await makeRoom(context, policy, RotateStrategy !== 'None')
    const number = policy.last_version + 1
    const row: RamPolicyVersionTable = {
      account_id: policy.account_id,
      policy_name: policy.name,
      version: number,
      document: PolicyDocument,
      created_at: now.toISOString(),
    }
    const change = {
      last_version: number,
      default_version: SetAsDefault ? number : policy.default_version,
      updated_at: now.toISOString(),
    }
    await insertVersion(tx, row)
    await updatePolicy(tx, policy, change)
    return { PolicyVersion: describe(row, { ...policy, ...change }) }
  },
})

async function makeRoom({ tx }: ActionContext, policy: RamPolicyTable, rotate: boolean): Promise<void> {
  const versions = await listVersions(tx, policy)
  if (versions.length < quotas.versionsPerPolicy) return
  const oldest = versions.find((row) => row.version !== policy.default_version)
  demand(rotate && oldest !== undefined, 'LimitExceeded.Policy.Version')
  await deleteVersion(tx, policy, oldest.version)
}

const getPolicyVersion = defineAction({
  product: 'Ram',
  name: 'GetPolicyVersion',
  summary: { en: 'Describes one version of a policy.', zh: '查询权限策略的版本信息。' },
  status: 'full',
  params: z.object({ PolicyType: policyType(), PolicyName: policyName(), VersionId: versionId() }),
  result: z.object({ PolicyVersion: version }),
  effect: 'read',
  errors: codes(['PolicyName'], 'EntityNotExist.Policy', missing, wrongVersion),
  handler: async (context, { PolicyType, PolicyName, VersionId }) => ({
    PolicyVersion: await versionOf(context, PolicyType, PolicyName, VersionId),
  }),
})

const listPolicyVersions = defineAction({
  product: 'Ram',
  name: 'ListPolicyVersions',
  summary: { en: 'Lists the versions of a policy.', zh: '查询权限策略的版本列表。' },
  status: 'full',
  params: z.object({ PolicyType: policyType(), PolicyName: policyName() }),
  result: z.object({ PolicyVersions: wrapped('PolicyVersion', version) }),
  effect: 'read',
  errors: codes(['PolicyName'], 'EntityNotExist.Policy'),
  handler: async (context, { PolicyType, PolicyName }) => ({
    PolicyVersions: { PolicyVersion: await versionsOf(context, PolicyType, PolicyName) },
  }),
})

const named = z.object({ PolicyName: policyName(), VersionId: versionId() })

const setDefaultPolicyVersion = defineAction({
  product: 'Ram',
  name: 'SetDefaultPolicyVersion',
  summary: { en: 'Chooses the version of a policy that counts.', zh: '设置权限策略的默认版本。' },
  status: 'full',
  params: named,
  result: nothing,
  effect: 'write',
  errors: codes(['PolicyName'], 'EntityNotExist.Policy', missing, wrongVersion),
  handler: async (context, { PolicyName, VersionId }) => {
    const { policy, row } = await ownVersion(context, PolicyName, VersionId)
    const change = { default_version: row.version, updated_at: context.now.toISOString() }
    await updatePolicy(context.tx, policy, change)
    return {}
  },
})

const deletePolicyVersion = defineAction({
  product: 'Ram',
  name: 'DeletePolicyVersion',
  summary: { en: 'Deletes a version that is not the default one.', zh: '删除权限策略的指定版本。' },
  status: 'full',
  params: named,
  result: nothing,
  effect: 'write',
  errors: codes(
    ['PolicyName'],
    'EntityNotExist.Policy',
    missing,
    wrongVersion,
    'DeleteConflict.Policy.Version.Default',
  ),
  handler: async (context, { PolicyName, VersionId }) => {
    const { policy, row } = await ownVersion(context, PolicyName, VersionId)
    demand(row.version !== policy.default_version, 'DeleteConflict.Policy.Version.Default')
    await deleteVersion(context.tx, policy, row.version)
    return {}
  },
})

async function ownVersion(context: ActionContext, name: string, id: string) {
  const policy = await ownPolicy(context, name)
  return { policy, row: found(await findVersion(context.tx, policy, Number(id.slice(1))), missing) }
}

export const policyVersionActions: readonly Action[] = [
  createPolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
  deletePolicyVersion,
]
