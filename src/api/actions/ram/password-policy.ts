/** What the account demands of its users' passwords. */
import { z } from 'zod'
import { defaultPasswordPolicy as usual, type PasswordPolicy } from '../../../model/password-policy.ts'
import { passwordPolicyOf, setPasswordPolicy as store } from '../../../store/ram-password-policies.ts'
import { defineAction, type Action } from '../../action.ts'
import { flag, integer } from '../../params.ts'

const result = z.object({
  PasswordPolicy: z.object({
    MinimumPasswordLength: z.number(),
    RequireLowercaseCharacters: z.boolean(),
    RequireUppercaseCharacters: z.boolean(),
    RequireNumbers: z.boolean(),
    RequireSymbols: z.boolean(),
    HardExpiry: z.boolean(),
    MaxPasswordAge: z.number(),
    PasswordReusePrevention: z.number(),
    // Spelt so.
    MaxLoginAttemps: z.number(),
  }),
})

function describe(policy: PasswordPolicy): z.infer<typeof result> {
  return {
    PasswordPolicy: {
      MinimumPasswordLength: policy.minimumLength,
      RequireLowercaseCharacters: policy.requireLowercase,
      RequireUppercaseCharacters: policy.requireUppercase,
      RequireNumbers: policy.requireNumbers,
      RequireSymbols: policy.requireSymbols,
      HardExpiry: policy.hardExpiry,
      MaxPasswordAge: policy.maxAgeDays,
      PasswordReusePrevention: policy.reusePrevention,
      MaxLoginAttemps: policy.maxLoginAttempts,
    },
  }
}

const getPasswordPolicy = defineAction({
  product: 'Ram',
  name: 'GetPasswordPolicy',
  summary: { en: 'Tells what passwords must be like.', zh: '查询 RAM 用户的密码强度。' },
  status: 'full',
  params: z.object({}),
  result,
  effect: 'read',
  handler: async ({ tx, caller }) => describe(await passwordPolicyOf(tx, caller.account)),
})

const mostAttempts = 32
const longestAgeDays = 1095
const mostEarlier = 24

const setPasswordPolicy = defineAction({
  product: 'Ram',
  name: 'SetPasswordPolicy',
  summary: {
    en: 'Says what passwords must be like. What is left out becomes what it is by default.',
    zh: '设置 RAM 用户的密码强度，未指定的参数恢复默认值。',
  },
  status: 'full',
  params: z.object({
    MinimumPasswordLength: integer(8, 32, {
      invalid: 'InvalidParameter.MinimumPasswordLength.Range',
    }).default(usual.minimumLength),
    RequireLowercaseCharacters: flag().default(usual.requireLowercase),
    RequireUppercaseCharacters: flag().default(usual.requireUppercase),
    RequireNumbers: flag().default(usual.requireNumbers),
    RequireSymbols: flag().default(usual.requireSymbols),
    HardExpiry: flag().default(usual.hardExpiry),
    MaxPasswordAge: integer(0, longestAgeDays).default(usual.maxAgeDays),
    PasswordReusePrevention: integer(0, mostEarlier).default(usual.reusePrevention),
    MaxLoginAttemps: integer(0, mostAttempts).default(usual.maxLoginAttempts),
  }),
  result,
  effect: 'write',
  errors: ['InvalidParameter.MinimumPasswordLength.Range'],
  handler: async ({ tx, caller }, params) => {
    const policy: PasswordPolicy = {
      minimumLength: params.MinimumPasswordLength,
      requireLowercase: params.RequireLowercaseCharacters,
      requireUppercase: params.RequireUppercaseCharacters,
      requireNumbers: params.RequireNumbers,
      requireSymbols: params.RequireSymbols,
      hardExpiry: params.HardExpiry,
      maxAgeDays: params.MaxPasswordAge,
      reusePrevention: params.PasswordReusePrevention,
      maxLoginAttempts: params.MaxLoginAttemps,
    }
    await store(tx, caller.account, policy)
    return describe(policy)
  },
})

export const passwordPolicyActions: readonly Action[] = [getPasswordPolicy, setPasswordPolicy]
