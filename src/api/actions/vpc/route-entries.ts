/** Vpc 2016-04-28: custom routes, which lead to an instance or a network interface of the VPC. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { containsBlock, formatCidr } from '../../../model/ipv4.ts'
import { quotas } from '../../../model/quotas.ts'
import { freeText, routeDestination } from '../../../model/rules.ts'
import { findEni } from '../../../store/enis.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { findInstance } from '../../../store/instances.ts'
import {
  findRouteEntry,
  insertRouteEntry,
  routesOfTables,
  updateRouteEntry,
} from '../../../store/route-entries.ts'
import { associationsOf, type RouteTableRow } from '../../../store/route-tables.ts'
import type { RouteEntryTable } from '../../../store/tables.ts'
import { readVpcParts } from '../../../store/vpcs.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { ownerOf } from '../../new-resource.ts'
import { text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { systemRoutes } from './route-lists.ts'
import { ownRouteTable } from './route-tables.ts'
import { ownVpc } from './vpcs.ts'
import { storedBlock } from './vswitches.ts'

export const routeName = () => text({ pattern: freeText(1, 128), invalid: 'InvalidRouteEntryName.Malformed' })
export const routeDescription = () => text({ pattern: freeText(1, 256) })

/** What a route may lead to, of what the documents list. */
const carried = ['Instance', 'NetworkInterface'] as const
const notCarried: readonly string[] = [
  'Attachment',
  'Ecr',
  'GatewayEndpoint',
  'GatewayLoadBalancerEndpoint',
  'HaVip',
  'IPv6Gateway',
  'Ipv4Gateway',
  'NatGateway',
  'RouteTargetGroup',
  'RouterInterface',
  'VpcPeer',
  'VpnGateway',
]
const nextHopErrors = [
  'InvalidNextHop.NotFound',
  'InvalidNextHopType',
  'InvalidNexthop.UnsupportedEniBizType',
] as const

const hopList = z
  .array(z.object({ NextHopId: text().optional(), NextHopType: text().optional() }))
  .max(16)
  .optional()

const createRouteEntry = defineAction({
  product: 'Vpc',
  name: 'CreateRouteEntry',
  summary: { en: 'Adds a custom route to a route table.', zh: '创建自定义路由条目。' },
  status: {
    partial:
      'Routes lead to an instance or a network interface of the VPC. Every other type of next hop and `NextHopList` are refused; so are IPv6 blocks, prefix lists, and blocks inside the VPC or inside 100.64.0.0/10. An instance takes packets for the block as its own; it does not forward.',
  },
  params: z.object({
    RouteTableId: text(),
    DestinationCidrBlock: text(),
    NextHopType: text().optional(),
    NextHopId: text().optional(),
    NextHopList: hopList,
    RouteEntryName: routeName().optional(),
    Description: routeDescription().optional(),
  }),
  result: z.object({ RouteEntryId: z.string() }),
  effect: 'write',
  errors: [
    'IncorrectRouteEntryStatus',
    'IncorrectVpcStatus',
    'InvalidCIDRBlock.Duplicate',
    'InvalidCidrBlock',
    'InvalidCidrBlock.Malformed',
    ...nextHopErrors,
    'InvalidNexthopTypeAndList.BothNotNull',
    'InvalidRouteEntryName.Malformed',
    'InvalidRouteTableId.NotFound',
    'OperationDenied.NextHopTypeNotPermitted',
    'QuotaExceeded',
    'ResourceNotFound.NetworkInterface',
  ],
  handler: async (context, params) => {
    const { NextHopList: several, NextHopId, NextHopType = 'Instance' } = params
    const both = several !== undefined && (NextHopId ?? params.NextHopType) !== undefined
    demand(!both, 'InvalidNexthopTypeAndList.BothNotNull')
    // A list is for several router interfaces, of which there are none.
    demand(several === undefined, 'OperationDenied.NextHopTypeNotPermitted')
    const id = found(NextHopId, 'MissingParameter', { name: 'NextHopId' })
    const wanted = {
      table: params.RouteTableId,
      destination: params.DestinationCidrBlock,
      nextHopType: NextHopType,
      nextHopId: id,
      name: params.RouteEntryName ?? '',
      description: params.Description ?? '',
    }
    return { RouteEntryId: await addRoute(context, wanted, await nextGeneration(context.tx)) }
  },
})

interface WantedRoute {
  readonly table: string
  readonly destination: string
  readonly nextHopType: string
  readonly nextHopId: string
  readonly name: string
  readonly description: string
}

/** @returns its id. Refused before anything is written. */
export async function addRoute(
  context: ActionContext,
  wanted: WantedRoute,
  generation: number,
): Promise<string> {
  const { tx, randomBytes, now } = context
  const table = await ownRouteTable(context, wanted.table)
  const vpc = await ownVpc(context, table.vpc_id)
  demand(vpc.status === 'Available', 'IncorrectVpcStatus')
  const destination = await freeDestination(context, table, vpc.cidr, wanted.destination)
  const route: RouteEntryTable = {
    id: newId('rte', randomBytes),
    vpc_id: vpc.id,
    route_table_id: table.id,
    name: wanted.name,
    description: wanted.description,
    destination,
    next_hop_type: await checkNextHop(context, vpc.id, wanted.nextHopType, wanted.nextHopId),
    next_hop_id: wanted.nextHopId,
    status: 'Pending',
    generation,
    modified_at: now.toISOString(),
  }
  await insertRouteEntry(tx, route)
  return route.id
}

/** The block, if the table has no route for it and it is none that the VPC leads elsewhere. */
async function freeDestination(
  { tx }: ActionContext,
  table: RouteTableRow,
  cidr: string,
  wanted: string,
): Promise<string> {
  const block = routeDestination(wanted)
  if (block === 'malformed') throw new ApiError('InvalidCidrBlock.Malformed')
  if (block === 'reserved') throw new ApiError('InvalidCidrBlock')
  const { blocks } = (await readVpcParts(tx, [table.vpc_id]))(table.vpc_id)
  const inside = [cidr, ...blocks].some((own) => containsBlock(storedBlock(own), block))
  demand(!inside, 'InvalidCidrBlock')
  const destination = formatCidr(block)
  const routes = (await routesOfTables(tx, [table.id]))(table.id)
  const same = routes.find((route) => route.destination === destination)
  demand(same?.status !== 'Deleting', 'IncorrectRouteEntryStatus')
  demand(same === undefined, 'InvalidCIDRBlock.Duplicate')
  demand(routes.length < quotas.routesPerTable, 'QuotaExceeded')
  return destination
}

async function checkNextHop(
  context: ActionContext,
  vpc: string,
  name: string,
  id: string,
): Promise<RouteEntryTable['next_hop_type']> {
  const type = carried.find((one) => one === name)
  demand(!notCarried.includes(name), 'OperationDenied.NextHopTypeNotPermitted')
  switch (type) {
    case undefined:
      throw new ApiError('InvalidNextHopType')
    case 'Instance': {
      const instance = await findInstance(context.tx, ownerOf(context), id)
      demand(instance?.vpc_id === vpc && instance.status !== 'Deleting', 'InvalidNextHop.NotFound')
      return type
    }
    case 'NetworkInterface': {
      const eni = await findEni(context.tx, ownerOf(context), id)
      if (eni?.vpc_id !== vpc) throw new ApiError('ResourceNotFound.NetworkInterface', {}, 400)
      demand(eni.endpoint_id === null, 'InvalidNexthop.UnsupportedEniBizType')
      return type
    }
  }
}

/** A route is named by its id, or by what its table knows it by. */
const which = {
  RouteEntryId: text().optional(),
  RouteTableId: text().optional(),
  DestinationCidrBlock: text().optional(),
}
const whichErrors = [
  'InvalidRouteEntry.NotFound',
  'InvalidRouteEntryId.NotFound',
  'InvalidRouteTableId.NotFound',
  'OperationDenied',
  'ParamExclusive.RouteEntryIdAndRouteTableIdOrDestCidrBlock',
] as const

type Which = z.infer<z.ZodObject<typeof which>>

async function ownRouteEntry(context: ActionContext, params: Which): Promise<RouteEntryTable> {
  const { RouteEntryId: id, RouteTableId, DestinationCidrBlock } = params
  if (id !== undefined) {
    const once = RouteTableId === undefined && DestinationCidrBlock === undefined
    demand(once, 'ParamExclusive.RouteEntryIdAndRouteTableIdOrDestCidrBlock')
    return found(await findRouteEntry(context.tx, ownerOf(context), id), 'InvalidRouteEntryId.NotFound')
  }
  const tableId = found(RouteTableId, 'MissingParameter', { name: 'RouteTableId' })
  const named = found(DestinationCidrBlock, 'MissingParameter', { name: 'DestinationCidrBlock' })
  const table = await ownRouteTable(context, tableId)
  const associations = (await associationsOf(context.tx, [table.vpc_id]))(table.vpc_id)
  const isSystem = systemRoutes(table.id, associations).some((route) => route.destination === named)
  demand(!isSystem, 'OperationDenied', { reason: 'it is a system route' })
  const block = routeDestination(named)
  const destination = typeof block === 'string' ? named : formatCidr(block)
  const routes = (await routesOfTables(context.tx, [table.id]))(table.id)
  return found(
    routes.find((route) => route.destination === destination),
    'InvalidRouteEntry.NotFound',
  )
}

const modifyRouteEntry = defineAction({
  product: 'Vpc',
  name: 'ModifyRouteEntry',
  summary: {
    en: 'Changes name, description or next hop of a custom route.',
    zh: '修改自定义路由条目的名称、描述或下一跳。',
  },
  status: { partial: 'The next hop may become what `Vpc.CreateRouteEntry` takes.' },
  params: z.object({
    ...which,
    RouteEntryName: routeName().optional(),
    Description: routeDescription().optional(),
    NewNextHopId: text().optional(),
    NewNextHopType: text().optional(),
  }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'IncorrectRouteEntryStatus',
    ...nextHopErrors,
    'InvalidRouteEntryName.Malformed',
    ...whichErrors,
    'OperationDenied.NextHopTypeNotPermitted',
    'ResourceNotFound.NetworkInterface',
  ],
  handler: async (context, params) => {
    const generation = await nextGeneration(context.tx)
    const route = await ownRouteEntry(context, params)
    demand(route.status === 'Available', 'IncorrectRouteEntryStatus')
    await updateRouteEntry(context.tx, route.id, {
      name: params.RouteEntryName ?? route.name,
      description: params.Description ?? route.description,
      modified_at: context.now.toISOString(),
    })
    const { NewNextHopId: id, NewNextHopType: name } = params
    if (id === undefined && name === undefined) return {}
    const hop = found(id, 'MissingParameter', { name: 'NewNextHopId' })
    const type = await checkNextHop(context, route.vpc_id, name ?? 'Instance', hop)
    const changed = { next_hop_id: hop, next_hop_type: type, status: 'Pending', generation } as const
    await updateRouteEntry(context.tx, route.id, changed)
    return {}
  },
})

const deleteRouteEntry = defineAction({
  product: 'Vpc',
  name: 'DeleteRouteEntry',
  summary: { en: 'Deletes a custom route.', zh: '删除自定义路由条目。' },
  status: 'full',
  params: z.object({ ...which, NextHopId: text().optional(), NextHopList: hopList }),
  result: z.object({}),
  effect: 'write',
  errors: ['IncorrectRouteEntryStatus', ...whichErrors],
  handler: async (context, params) => {
    demand(params.NextHopList === undefined, 'InvalidRouteEntry.NotFound')
    await removeRoute(context, params, await nextGeneration(context.tx))
    return {}
  },
})

/** Only from the table and only to the next hop that are named, if they are. Refused before anything is written. */
export async function removeRoute(
  context: ActionContext,
  named: Which & { readonly NextHopId?: string | undefined; readonly inTable?: string | undefined },
  generation: number,
): Promise<void> {
  const route = await ownRouteEntry(context, named)
  const { NextHopId = route.next_hop_id, inTable = route.route_table_id } = named
  const same = NextHopId === route.next_hop_id && inTable === route.route_table_id
  demand(same, 'InvalidRouteEntry.NotFound')
  demand(route.status === 'Available', 'IncorrectRouteEntryStatus')
  await updateRouteEntry(context.tx, route.id, { status: 'Deleting', generation })
}

export const routeEntryActions: readonly Action[] = [createRouteEntry, modifyRouteEntry, deleteRouteEntry]
