/** Vpc 2016-04-28: many custom routes with one call. Each is made or deleted by itself; the answer names those that were not. */
import { z } from 'zod'
import { nextGeneration } from '../../../store/generation.ts'
import { defineAction, type Action } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { integer, text } from '../../params.ts'
import { found } from '../../require.ts'
import { addRoute, removeRoute, routeDescription, routeName } from './route-entries.ts'

/** How many routes one call may name (CreateRouteEntries). */
const most = 50

const failure = {
  DstCidrBlock: z.string(),
  NextHop: z.string(),
  FailedCode: z.string(),
  FailedMessage: z.string(),
}
const counts = { SuccessCount: z.number(), FailedCount: z.number() }

/** What the documents call the refusals of a batch whose names are known; the others have those of a single route. */
const codes: Readonly<Record<string, string>> = {
  'InvalidCIDRBlock.Duplicate': 'VPC_ROUTE_ENTRY_CIDR_BLOCK_DUPLICATE',
  'InvalidRouteEntry.NotFound': 'VPC_ROUTER_ENTRY_NOT_EXIST',
  'InvalidRouteEntryId.NotFound': 'VPC_ROUTER_ENTRY_NOT_EXIST',
}

/** Why one route of many was refused; undefined when it was not. */
async function refusalOf(change: () => Promise<void>) {
  try {
    await change()
    return undefined
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { FailedCode: codes[error.code] ?? error.code, FailedMessage: error.message }
  }
}

const createRouteEntries = defineAction({
  product: 'Vpc',
  name: 'CreateRouteEntries',
  summary: { en: 'Adds custom routes to route tables.', zh: '批量创建自定义路由条目。' },
  status: {
    partial: 'Routes as in `Vpc.CreateRouteEntry`; those refused are told with the code they have there.',
  },
  params: z.object({
    RouteEntries: z
      .array(
        z.object({
          RouteTableId: text(),
          DstCidrBlock: text(),
          NextHopType: text().default('Instance'),
          NextHop: text(),
          IpVersion: integer(4, 4).optional(),
          Name: routeName().optional(),
          Description: routeDescription().optional(),
        }),
      )
      .max(most),
  }),
  result: z.object({
    ...counts,
    RouteEntryIds: z.array(z.string()),
    FailedRouteEntries: z.array(z.object(failure)),
  }),
  effect: 'write',
  errors: ['InvalidRouteEntryName.Malformed'],
  handler: async (context, { RouteEntries }) => {
    const generation = await nextGeneration(context.tx)
    const made: string[] = []
    const failed: z.infer<z.ZodObject<typeof failure>>[] = []
    for (const { DstCidrBlock, NextHop, ...given } of RouteEntries) {
      const wanted = {
        table: given.RouteTableId,
        destination: DstCidrBlock,
        nextHopType: given.NextHopType,
        nextHopId: NextHop,
        name: given.Name ?? '',
        description: given.Description ?? '',
      }
      const refusal = await refusalOf(async () => {
        made.push(await addRoute(context, wanted, generation))
      })
      if (refusal) failed.push({ DstCidrBlock, NextHop, ...refusal })
    }
    return {
      SuccessCount: made.length,
      FailedCount: failed.length,
      RouteEntryIds: made,
      FailedRouteEntries: failed,
    }
  },
})

const deleteRouteEntries = defineAction({
  product: 'Vpc',
  name: 'DeleteRouteEntries',
  summary: { en: 'Deletes custom routes.', zh: '批量删除自定义路由条目。' },
  status: 'full',
  params: z.object({
    RouteEntries: z
      .array(
        z.object({
          RouteTableId: text(),
          RouteEntryId: text().optional(),
          DstCidrBlock: text().optional(),
          NextHop: text().optional(),
        }),
      )
      .max(most),
  }),
  result: z.object({
    ...counts,
    FailedRouteEntries: z.array(z.object({ RouteEntryId: z.string(), ...failure })),
  }),
  effect: 'write',
  handler: async (context, { RouteEntries }) => {
    const generation = await nextGeneration(context.tx)
    const failed: (z.infer<z.ZodObject<typeof failure>> & { readonly RouteEntryId: string })[] = []
    for (const { RouteTableId, RouteEntryId, DstCidrBlock, NextHop } of RouteEntries) {
      const refusal = await refusalOf(async () => {
        if (RouteEntryId !== undefined) {
          return await removeRoute(context, { RouteEntryId, inTable: RouteTableId }, generation)
        }
        const NextHopId = found(NextHop, 'MissingParameter', { name: 'NextHop' })
        const DestinationCidrBlock = found(DstCidrBlock, 'MissingParameter', { name: 'DstCidrBlock' })
        await removeRoute(context, { RouteTableId, DestinationCidrBlock, NextHopId }, generation)
      })
      const named = {
        RouteEntryId: RouteEntryId ?? '',
        DstCidrBlock: DstCidrBlock ?? '',
        NextHop: NextHop ?? '',
      }
      if (refusal) failed.push({ ...named, ...refusal })
    }
    return {
      SuccessCount: RouteEntries.length - failed.length,
      FailedCount: failed.length,
      FailedRouteEntries: failed,
    }
  },
})

export const routeBatchActions: readonly Action[] = [createRouteEntries, deleteRouteEntries]
