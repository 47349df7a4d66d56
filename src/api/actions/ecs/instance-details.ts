/** Ecs 2014-05-26: what clients ask about every instance and no instance has here. */
import { z } from 'zod'
import { listInstances } from '../../../store/instances.ts'
import type { InstanceTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { pageOf, pageParams, pageResult } from '../../paging.ts'
import { json, text } from '../../params.ts'
import { wrapped } from '../../results.ts'

const idList = () => json(z.array(z.string()).max(100))

const describeInstanceAttachmentAttributes = defineAction({
  product: 'Ecs',
  name: 'DescribeInstanceAttachmentAttributes',
  summary: { en: 'Lists private pools of instances: none is in one.', zh: '查询实例匹配私有池的情况。' },
  status: {
    partial: 'The same for every instance: there are no private pools.',
  },
  params: z.object({ InstanceIds: idList(), ...pageParams(10, 100) }),
  result: z.object({
    ...pageResult,
    Instances: wrapped(
      'Instance',
      z.object({
        InstanceId: z.string(),
        PrivatePoolOptionsMatchCriteria: z.string(),
        PrivatePoolOptionsId: z.string(),
      }),
    ),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const rows = await named(context, params.InstanceIds)
    const { offset, limit } = pageOf(params)
    return {
      TotalCount: rows.length,
      PageNumber: params.PageNumber,
      PageSize: params.PageSize,
      Instances: {
        Instance: rows.slice(offset, offset + limit).map(({ id }) => ({
          InstanceId: id,
          PrivatePoolOptionsMatchCriteria: 'None',
          PrivatePoolOptionsId: '',
        })),
      },
    }
  },
})

async function named(context: ActionContext, ids: readonly string[]): Promise<readonly InstanceTable[]> {
  const page = { offset: 0, limit: ids.length }
  return (await listInstances(context.tx, ownerOf(context), { ids, tags: [] }, page)).rows
}

const describeInstanceAutoRenewAttribute = defineAction({
  product: 'Ecs',
  name: 'DescribeInstanceAutoRenewAttribute',
  summary: {
    en: 'Lists the renewal of subscribed instances: there are none.',
    zh: '查询包年包月实例的自动续费状态（无）。',
  },
  status: {
    partial: 'Always empty: there are no subscribed instances.',
  },
  params: z.object({ InstanceId: text().optional(), ...pageParams(10, 100) }),
  result: z.object({
    ...pageResult,
    InstanceRenewAttributes: wrapped(
      'InstanceRenewAttribute',
      z.object({ InstanceId: z.string(), AutoRenewEnabled: z.boolean(), RenewalStatus: z.string() }),
    ),
  }),
  effect: 'read',
  handler: (_, { PageNumber, PageSize }) =>
    Promise.resolve({
      TotalCount: 0,
      PageNumber,
      PageSize,
      InstanceRenewAttributes: { InstanceRenewAttribute: [] },
    }),
})

export const instanceDetailActions: readonly Action[] = [
  describeInstanceAttachmentAttributes,
  describeInstanceAutoRenewAttribute,
]
