/** STS 2015-04-01: who one is, and sessions of roles. */
import { z } from 'zod'
import type { AccountId } from '../../model/ids.ts'
import { parsePolicy } from '../../model/policy.ts'
import { parseTrustPolicy, trusts } from '../../model/trust-policy.ts'
import { lettersAndDigits, randomText } from '../../store/random-text.ts'
import { findRole } from '../../store/ram-roles.ts'
import type { RamRoleTable } from '../../store/tables.ts'
import { defineAction, type Action, type ActionContext, type Caller } from '../action.ts'
import { ApiError } from '../errors.ts'
import { integer, text } from '../params.ts'
import { demand, found } from '../require.ts'
import { seconds } from '../results.ts'
import { sealSession } from '../session-token.ts'

export const getCallerIdentity = defineAction({
  product: 'Sts',
  name: 'GetCallerIdentity',
  summary: { en: 'Tells whose access key signed the request.', zh: '查询请求所用访问密钥的身份。' },
  status: 'full',
  params: z.object({}),
  result: z.object({
    AccountId: z.string(),
    Arn: z.string(),
    IdentityType: z.enum(['Account', 'RAMUser', 'AssumedRoleUser']),
    PrincipalId: z.string(),
    UserId: z.string().optional(),
    RoleId: z.string().optional(),
  }),
  effect: 'read',
  authorization: 'none',
  handler: ({ caller }) =>
    Promise.resolve({ AccountId: caller.account, Arn: caller.arn, ...identityOf(caller) }),
})

function identityOf({ account, principal }: Caller) {
  switch (principal.kind) {
    case 'account':
      return { IdentityType: 'Account' as const, PrincipalId: account, UserId: account }
    case 'user':
      return { IdentityType: 'RAMUser' as const, PrincipalId: principal.id, UserId: principal.id }
    case 'role':
      return {
        IdentityType: 'AssumedRoleUser' as const,
        PrincipalId: `${principal.id}:${principal.session}`,
        RoleId: principal.id,
      }
  }
}

const longestPolicy = 2048
/** A session that assumes a further role gets no longer one than this, whatever that role allows. */
const longestChainedSeconds = 3600

const assumeRole = defineAction({
  product: 'Sts',
  name: 'AssumeRole',
  summary: { en: 'Gives temporary credentials of a role.', zh: '获取扮演 RAM 角色的临时身份凭证。' },
  status: 'full',
  params: z.object({
    RoleArn: text({ pattern: /^acs:ram::[1-9]\d{0,15}:role\/[a-zA-Z0-9.-]{1,64}$/i }),
    RoleSessionName: text({ pattern: /^[a-zA-Z0-9.@_-]{2,64}$/ }),
    DurationSeconds: integer(900, 43_200).default(3600),
    Policy: text({ max: longestPolicy, invalid: 'InvalidParameter.PolicySize' }).optional(),
    ExternalId: text({ pattern: /^[\w+=,.@:/-]{2,1224}$/ }).optional(),
  }),
  result: z.object({
    Credentials: z.object({
      AccessKeyId: z.string(),
      AccessKeySecret: z.string(),
      SecurityToken: z.string(),
      Expiration: z.string(),
    }),
    AssumedRoleUser: z.object({ Arn: z.string(), AssumedRoleId: z.string() }),
  }),
  effect: 'write',
  errors: [
    'EntityNotExist.Role',
    'InvalidParameter.DurationSeconds',
    'InvalidParameter.ExternalId',
    'InvalidParameter.PolicyGrammar',
    'InvalidParameter.PolicySize',
    'InvalidParameter.RoleArn',
    'InvalidParameter.RoleSessionName',
    'NoPermission',
  ],
  secret: true,
  handler: async (context, { RoleArn, RoleSessionName, DurationSeconds, Policy, ExternalId }) => {
    const role = await assumable(context, RoleArn, ExternalId)
    checkDuration(context.caller, role, DurationSeconds)
    const grammar = Policy === undefined ? undefined : parsePolicy(Policy)
    if (typeof grammar === 'string') {
      throw new ApiError('InvalidParameter.PolicyGrammar', { name: 'Policy', reason: grammar })
    }
    const { now, sealKey, randomBytes } = context
    const accessKeyId = `STS.${randomText(lettersAndDigits, 25, randomBytes)}`
    const secret = randomText(lettersAndDigits, 44, randomBytes)
    const expiresAt = new Date(now.getTime() + DurationSeconds * 1000).toISOString()
    const session = {
      accessKeyId,
      secret,
      account: role.account_id,
      roleId: role.id,
      roleName: role.name,
      name: RoleSessionName,
      policy: Policy,
      expiresAt,
    }
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        AccessKeySecret: secret,
        SecurityToken: sealSession(sealKey, session, randomBytes),
        Expiration: seconds(expiresAt),
      },
      AssumedRoleUser: {
        Arn: `acs:ram::${role.account_id}:role/${role.name}/${RoleSessionName}`,
        AssumedRoleId: `${role.id}:${RoleSessionName}`,
      },
    }
  },
})

/** The role, in whichever account, when its trust policy names the caller. */
async function assumable(
  { tx, caller, circumstances }: ActionContext,
  arn: string,
  externalId: string | undefined,
): Promise<RamRoleTable> {
  demand(caller.principal.kind !== 'account', 'NoPermission', {
    reason: 'Roles may not be assumed by root accounts.',
  })
  const [, , , account = '', path = ''] = arn.split(':')
  const name = path.slice(path.indexOf('/') + 1)
  const role = found(await findRole(tx, account as AccountId, name), 'EntityNotExist.Role')
  const trust = parseTrustPolicy(role.trust_policy)
  if (typeof trust === 'string') throw new Error(`a stored trust policy cannot be read: ${trust}`)
  const known = externalId === undefined ? circumstances : { ...circumstances, 'sts:ExternalId': externalId }
  demand(trusts(trust, namesOf(caller), known), 'NoPermission', {
    reason: `The trust policy of ${arn} does not name the caller, or its conditions do not hold.`,
  })
  return role
}

function namesOf({ account, principal, arn }: Caller): readonly string[] {
  const own = principal.kind === 'role' ? `acs:ram::${account}:role/${principal.name}` : arn
  return [`acs:ram::${account}:root`, own]
}

function checkDuration({ principal }: Caller, role: RamRoleTable, asked: number): void {
  const chained = principal.kind === 'role' ? longestChainedSeconds : Infinity
  const longest = Math.min(role.max_session_seconds, chained)
  demand(asked <= longest, 'InvalidParameter.DurationSeconds', {
    name: 'DurationSeconds',
    reason: `at most ${longest}`,
  })
}

export const stsActions: readonly Action[] = [getCallerIdentity, assumeRole]
