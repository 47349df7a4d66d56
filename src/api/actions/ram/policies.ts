/** Custom policies, and the system's among them. */
import { z } from 'zod'
import { parsePolicy } from '../../../model/policy.ts'
import { quotas } from '../../../model/quotas.ts'
import { systemPolicies } from '../../../model/system-policies.ts'
import {
  countAttachments,
  detachFromAll,
  groupsWith,
  rolesWith,
  usersWith,
} from '../../../store/ram-attachments.ts'
import {
  countPolicies,
  deletePolicy as deleteRow,
  findPolicy,
  insertPolicy,
  insertVersion,
  listPolicies as listRows,
  listVersions,
  updatePolicy,
} from '../../../store/ram-policies.ts'
import type { RamPolicyTable } from '../../../store/tables.ts'
import { listPage } from '../../../store/page.ts'
import { defineAction, type Action } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { markerPageOf, markerParams, markerResult, nextMarker } from '../../paging.ts'
import { flag, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { wrapped } from '../../results.ts'
import { ownPolicy, summarize, summarizeSystem, summaryOf } from './own-policy.ts'
import { version, versionOf } from './policy-versions.ts'
import { codes, document, note, nothing, policyName, policyType } from './values.ts'

const fields = {
  PolicyName: z.string(),
  PolicyType: z.enum(['System', 'Custom']),
  Description: z.string(),
  DefaultVersion: z.string(),
  CreateDate: z.string(),
  UpdateDate: z.string(),
}
const counted = { ...fields, AttachmentCount: z.number() }

const createPolicy = defineAction({
  product: 'Ram',
  name: 'CreatePolicy',
  summary: { en: 'Creates a custom policy.', zh: '创建自定义权限策略。' },
  status: {
    partial:
      "Conditions know `acs:CurrentTime`, `acs:MFAPresent`, `acs:SecureTransport` and `acs:SourceIp`; other keys, operators and elements are refused (`MalformedPolicyDocument`), not overlooked. RAM's objects carry no tags.",
  },
  params: z.object({
    PolicyName: policyName(),
    PolicyDocument: document('PolicyDocument'),
    Description: note('Description', 1024),
  }),
  result: z.object({ Policy: z.object(fields) }),
  effect: 'write',
  errors: codes(
    ['PolicyName'],
    'EntityAlreadyExists.Policy',
    'InvalidParameter.Description.Length',
    'InvalidParameter.PolicyDocument.Length',
    'LimitExceeded.Policy',
    'MalformedPolicyDocument',
  ),
  handler: async ({ tx, caller, now }, { PolicyName, PolicyDocument, Description }) => {
    const grammar = parsePolicy(PolicyDocument)
    if (typeof grammar === 'string') throw new ApiError('MalformedPolicyDocument', { reason: grammar })
    const { account } = caller
    demand((await findPolicy(tx, account, PolicyName)) === undefined, 'EntityAlreadyExists.Policy')
    demand((await countPolicies(tx, account)) < quotas.policiesPerAccount, 'LimitExceeded.Policy')
    const at = now.toISOString()
    const row: RamPolicyTable = {
      account_id: account,
      name: PolicyName,
      description: Description ?? '',
      default_version: 1,
      last_version: 1,
      created_at: at,
      updated_at: at,
    }
    await insertPolicy(tx, row)
    await insertVersion(tx, {
      account_id: account,
      policy_name: PolicyName,
      version: 1,
      document: PolicyDocument,
      created_at: at,
    })
    return { Policy: summarize(row) }
  },
})

const getPolicy = defineAction({
  product: 'Ram',
  name: 'GetPolicy',
  summary: { en: 'Describes one policy with its document.', zh: '查询权限策略信息。' },
  status: 'full',
  params: z.object({ PolicyType: policyType(), PolicyName: policyName() }),
  result: z.object({
    Policy: z.object({ ...counted, PolicyDocument: z.string() }),
    DefaultPolicyVersion: version,
  }),
  effect: 'read',
  errors: codes(['PolicyName'], 'EntityNotExist.Policy'),
  handler: async (context, { PolicyType, PolicyName }) => {
    const { tx, caller } = context
    const summary = await summaryOf(context, PolicyType, PolicyName)
    const shown = await versionOf(context, PolicyType, PolicyName, summary.DefaultVersion)
    const name = { account: caller.account, type: PolicyType, name: PolicyName }
    const AttachmentCount = await countAttachments(tx, name)
    return {
      Policy: { ...summary, AttachmentCount, PolicyDocument: shown.PolicyDocument },
      DefaultPolicyVersion: shown,
    }
  },
})

const listPolicies = defineAction({
  product: 'Ram',
  name: 'ListPolicies',
  summary: { en: "Lists policies: the account's own, then the system's.", zh: '查询权限策略列表。' },
  status: {
    partial: "The policies of the system are those of the products served here. RAM's objects carry no tags.",
  },
  params: z.object({ PolicyType: policyType().optional(), ...markerParams }),
  result: z.object({ ...markerResult, Policies: wrapped('Policy', z.object(counted)) }),
  effect: 'read',
  handler: async ({ tx, caller: { account } }, { PolicyType, ...params }) => {
    const everything = { offset: 0, limit: quotas.policiesPerAccount }
    const custom = PolicyType === 'System' ? [] : (await listRows(tx, account, everything)).rows
    const systems = PolicyType === 'Custom' ? [] : systemPolicies
    const all = [...custom.map(summarize), ...systems.map(summarizeSystem)]
    // `Custom` comes before `System` in the alphabet too.
    const keyOf = (policy: (typeof all)[number]) => `${policy.PolicyType} ${policy.PolicyName}`
    const { rows: shown, next } = listPage(all, keyOf, markerPageOf(params))
    const Policy = []
    for (const summary of shown) {
      const name = { account, type: summary.PolicyType, name: summary.PolicyName }
      Policy.push({ ...summary, AttachmentCount: await countAttachments(tx, name) })
    }
    return { ...nextMarker({ next }), Policies: { Policy } }
  },
})

const updatePolicyDescription = defineAction({
  product: 'Ram',
  name: 'UpdatePolicyDescription',
  summary: { en: 'Changes the description of a custom policy.', zh: '修改自定义权限策略的描述。' },
  status: 'full',
  params: z.object({
    PolicyName: policyName(),
    NewDescription: text({ max: 1024, invalid: 'InvalidParameter.NewDescription.Length' }),
  }),
  result: z.object({ Policy: z.object(fields) }),
  effect: 'write',
  errors: codes(['PolicyName'], 'EntityNotExist.Policy', 'InvalidParameter.NewDescription.Length'),
  handler: async (context, { PolicyName, NewDescription }) => {
    const row = await ownPolicy(context, PolicyName)
    const change = { description: NewDescription, updated_at: context.now.toISOString() }
    await updatePolicy(context.tx, row, change)
    return { Policy: summarize({ ...row, ...change }) }
  },
})

const deletePolicy = defineAction({
  product: 'Ram',
  name: 'DeletePolicy',
  summary: { en: 'Deletes a custom policy that nobody has.', zh: '删除自定义权限策略。' },
  status: 'full',
  params: z.object({ PolicyName: policyName(), CascadingDelete: flag().default(false) }),
  result: nothing,
  effect: 'write',
  errors: codes(
    ['PolicyName'],
    'EntityNotExist.Policy',
    'DeleteConflict.Policy.Group',
    'DeleteConflict.Policy.Role',
    'DeleteConflict.Policy.User',
    'DeleteConflict.Policy.Version',
  ),
  handler: async (context, { PolicyName, CascadingDelete }) => {
    const { tx, caller } = context
    const row = await ownPolicy(context, PolicyName)
    const name = { account: caller.account, type: 'Custom', name: PolicyName } as const
    if (CascadingDelete) await detachFromAll(tx, name)
    demand((await usersWith(tx, name)).length === 0, 'DeleteConflict.Policy.User')
    demand((await groupsWith(tx, name)).length === 0, 'DeleteConflict.Policy.Group')
    demand((await rolesWith(tx, name)).length === 0, 'DeleteConflict.Policy.Role')
    const versions = CascadingDelete ? 1 : (await listVersions(tx, row)).length
    demand(versions === 1, 'DeleteConflict.Policy.Version')
    await deleteRow(tx, row)
    return {}
  },
})

export const policyActions: readonly Action[] = [
  createPolicy,
  getPolicy,
  listPolicies,
  updatePolicyDescription,
  deletePolicy,
]
