import { z } from 'zod'
import { defineAction } from '../action.ts'
import { integer } from '../params.ts'

/** Terraform asks this once to tell domestic accounts from others; nothing is billed here, so there is nothing to list. */
export const queryAvailableInstances = defineAction({
  product: 'BssOpenApi',
  name: 'QueryAvailableInstances',
  summary: { en: 'Lists subscribed instances: there are none.', zh: '查询用户可用的实例（无）。' },
  status: {
    partial: 'Always empty: nothing is bought here.',
  },
  params: z.object({ PageNum: integer(1, 1_000_000).default(1), PageSize: integer(1, 300).default(20) }),
  result: z.object({
    Success: z.literal(true),
    Message: z.string(),
    Data: z.object({
      TotalCount: z.number(),
      PageNum: z.number(),
      PageSize: z.number(),
      InstanceList: z.array(z.object({ InstanceID: z.string() })),
    }),
  }),
  effect: 'read',
  handler: (_, { PageNum, PageSize }) =>
    Promise.resolve({
      Success: true as const,
      Message: 'Successful!',
      Data: { TotalCount: 0, PageNum, PageSize, InstanceList: [] },
    }),
})
