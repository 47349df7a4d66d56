import { z } from 'zod'
import { defineAction } from '../action.ts'

export const getCallerIdentity = defineAction({
  product: 'Sts',
  name: 'GetCallerIdentity',
  summary: { en: 'Tells whose access key signed the request.', zh: '查询请求所用访问密钥的身份。' },
  status: 'full',
  params: z.object({}),
  result: z.object({
    AccountId: z.string(),
    Arn: z.string(),
    IdentityType: z.literal('Account'),
    PrincipalId: z.string(),
    UserId: z.string(),
  }),
  effect: 'read',
  handler: ({ caller: { account, arn } }) =>
    Promise.resolve({
      AccountId: account,
      Arn: arn,
      IdentityType: 'Account' as const,
      PrincipalId: account,
      UserId: account,
    }),
})
