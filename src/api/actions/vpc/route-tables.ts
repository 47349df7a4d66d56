/** Vpc 2016-04-28: route tables, and which vSwitch uses which. Their routes are in `route-entries.ts` and `route-lists.ts`. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { quotas } from '../../../model/quotas.ts'
import { freeText } from '../../../model/rules.ts'
import { nextGeneration } from '../../../store/generation.ts'
import {
  associationsOf,
  deleteRouteTable as deleteTableRow,
  findRouteTable,
  insertRouteTable,
  listRouteTables,
  updateRouteTable,
  type RouteTableRow,
} from '../../../store/route-tables.ts'
import { routesOfTables } from '../../../store/route-entries.ts'
import { putTags, readTags, type Tag } from '../../../store/tags.ts'
import { updateVSwitch } from '../../../store/vswitches.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { pageOf, pageParams, pageResult } from '../../paging.ts'
import { choice, flag, tags, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { accountNumber, asKeyValue, keyValue, seconds, strings, wrapped } from '../../results.ts'
import { asFilter, readTagParams } from '../../tags.ts'
import { vpcTagErrors } from './errors.ts'
import { ownVpc } from './vpcs.ts'
import { ownVSwitch } from './vswitches.ts'

const tableName = () =>
  text({ pattern: freeText(1, 128), invalid: 'InvalidParameter.RouteTableName.Malformed' })
const tableDescription = () =>
  text({ pattern: freeText(1, 256), invalid: 'InvalidParameter.Description.Malformed' })

const createRouteTable = defineAction({
  product: 'Vpc',
  name: 'CreateRouteTable',
  summary: { en: 'Creates a custom route table in a VPC.', zh: '创建自定义路由表。' },
  status: { partial: 'Tables of vSwitches only, not of gateways.' },
  params: z.object({
    VpcId: text(),
    RouteTableName: tableName().optional(),
    Description: tableDescription().optional(),
    AssociateType: choice(['VSwitch']).default('VSwitch'),
    Tag: tags(),
  }),
  result: z.object({ RouteTableId: z.string() }),
  effect: 'write',
  errors: [
    'Duplicate.TagKey',
    'IncorrectVpcStatus',
    'InvalidParameter.Description.Malformed',
    'InvalidParameter.RouteTableName.Malformed',
    'InvalidTagKey.Malformed',
    'InvalidTagValue.Malformed',
    'InvalidVpcId.NotFound',
    'QuotaExceeded.RouteTable',
  ],
  handler: async (context, params) => {
    const { tx, randomBytes, now } = context
    const given = readTagParams(params.Tag, vpcTagErrors)
    await nextGeneration(tx)
    const vpc = await ownVpc(context, params.VpcId)
    demand(vpc.status === 'Available', 'IncorrectVpcStatus')
    const filter = { vpc: vpc.id, type: 'Custom', tags: [] }
    const { total } = await listRouteTables(tx, ownerOf(context), filter, { offset: 0, limit: 0 })
    demand(total < quotas.routeTablesPerVpc, 'QuotaExceeded.RouteTable')
    const id = newId('vtb', randomBytes)
    await insertRouteTable(tx, {
      id,
      vpc_id: vpc.id,
      name: params.RouteTableName ?? '',
      description: params.Description ?? '',
      type: 'Custom',
      created_at: now.toISOString(),
    })
    await putTags(tx, 'routetable', [id], given)
    return { RouteTableId: id }
  },
})

const describeRouteTableList = defineAction({
  product: 'Vpc',
  name: 'DescribeRouteTableList',
  summary: { en: 'Lists route tables.', zh: '查询路由表列表。' },
  status: 'full',
  params: z.object({
    VpcId: text().optional(),
    RouterId: text().optional(),
    RouterType: text().optional(),
    RouteTableId: text().optional(),
    RouteTableName: text().optional(),
    RouteTableType: text().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
    ...pageParams(10, 50),
  }),
  result: z.object({
    ...pageResult,
    RouterTableList: wrapped(
      'RouterTableListType',
      z.object({
        RouteTableId: z.string(),
        RouteTableName: z.string(),
        RouteTableType: z.string(),
        RouterId: z.string(),
        RouterType: z.string(),
        VpcId: z.string(),
        Status: z.string(),
        Description: z.string(),
        CreationTime: z.string(),
        ResourceGroupId: z.string(),
        OwnerId: accountNumber(),
        AssociateType: z.string(),
        RoutePropagationEnable: z.boolean(),
        VSwitchIds: strings('VSwitchId'),
        GatewayIds: strings('GatewayIds'),
        Tags: wrapped('Tag', keyValue),
      }),
    ),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const { tx } = context
    const filter = {
      vpc: params.VpcId,
      router: params.RouterId,
      // Every router here is that of a VPC.
      id: params.RouterType === undefined || params.RouterType === 'VRouter' ? params.RouteTableId : '',
      name: params.RouteTableName,
      type: params.RouteTableType,
      resourceGroup: params.ResourceGroupId,
      tags: asFilter(params.Tag),
    }
    const { rows, total } = await listRouteTables(tx, ownerOf(context), filter, pageOf(params))
    const vswitches = await vswitchesByTable(context, rows)
    const tagLists = await readTags(
      tx,
      'routetable',
      rows.map(({ id }) => id),
    )
    return {
      TotalCount: total,
      PageNumber: params.PageNumber,
      PageSize: params.PageSize,
      RouterTableList: {
        RouterTableListType: rows.map((row) => describe(row, vswitches(row), tagLists.get(row.id) ?? [])),
      },
    }
  },
})

function describe(row: RouteTableRow, vswitches: readonly string[], tagList: readonly Tag[]) {
  return {
    RouteTableId: row.id,
    RouteTableName: row.name,
    RouteTableType: row.type,
    RouterId: row.router_id,
    RouterType: 'VRouter',
    VpcId: row.vpc_id,
    Status: 'Available',
    Description: row.description,
    CreationTime: createdAt(row),
    ResourceGroupId: row.resource_group_id,
    OwnerId: BigInt(row.account_id),
    AssociateType: 'VSwitch',
    RoutePropagationEnable: true,
    VSwitchIds: { VSwitchId: [...vswitches] },
    GatewayIds: { GatewayIds: [] },
    Tags: { Tag: tagList.map(asKeyValue) },
  }
}

export function createdAt(row: RouteTableRow): string {
  return seconds(row.type === 'System' ? row.vpc_created_at : row.created_at)
}

export async function vswitchesByTable({ tx }: ActionContext, rows: readonly RouteTableRow[]) {
  const associations = await associationsOf(
    tx,
    rows.map((row) => row.vpc_id),
  )
  return ({ id, vpc_id: vpc }: RouteTableRow) =>
    associations(vpc)
      .filter(({ table }) => table === id)
      .map(({ vswitch }) => vswitch)
}

const modifyRouteTableAttributes = defineAction({
  product: 'Vpc',
  name: 'ModifyRouteTableAttributes',
  summary: { en: 'Changes name and description of a route table.', zh: '修改路由表的名称和描述。' },
  status: { partial: '`RoutePropagationEnable` cannot be switched off.' },
  params: z.object({
    RouteTableId: text(),
    RouteTableName: tableName().optional(),
    Description: tableDescription().optional(),
    RoutePropagationEnable: flag().optional(),
  }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'InvalidParameter.Description.Malformed',
    'InvalidParameter.RouteTableName.Malformed',
    'InvalidRouteTableId.NotFound',
  ],
  handler: async (context, params) => {
    demand(params.RoutePropagationEnable !== false, 'InvalidParameter', {
      name: 'RoutePropagationEnable',
      reason: 'a route table takes propagated routes',
    })
    const row = await ownRouteTable(context, params.RouteTableId)
    await updateRouteTable(context.tx, row.id, {
      name: params.RouteTableName ?? row.name,
      description: params.Description ?? row.description,
    })
    return {}
  },
})

const deleteRouteTable = defineAction({
  product: 'Vpc',
  name: 'DeleteRouteTable',
  summary: { en: 'Deletes a custom route table that no vSwitch uses.', zh: '删除自定义路由表。' },
  status: 'full',
  params: z.object({ RouteTableId: text() }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'DependencyViolation.RouteEntry',
    'DependencyViolation.VSwitch',
    'InvalidRouteTableId.NotFound',
    'OperationDenied.SystemRouteTable',
  ],
  handler: async (context, { RouteTableId }) => {
    await nextGeneration(context.tx)
    const row = await ownRouteTable(context, RouteTableId)
    demand(row.type === 'Custom', 'OperationDenied.SystemRouteTable')
    const vswitches = await vswitchesByTable(context, [row])
    demand(vswitches(row).length === 0, 'DependencyViolation.VSwitch')
    const routes = await routesOfTables(context.tx, [row.id])
    demand(routes(row.id).length === 0, 'DependencyViolation.RouteEntry')
    await deleteTableRow(context.tx, row.id)
    return {}
  },
})

const associationParams = z.object({ RouteTableId: text(), VSwitchId: text() })

const associateRouteTable = defineAction({
  product: 'Vpc',
  name: 'AssociateRouteTable',
  summary: { en: 'Gives a vSwitch a custom route table.', zh: '将自定义路由表和交换机绑定。' },
  status: 'full',
  params: associationParams,
  result: z.object({}),
  effect: 'write',
  errors: [
    'IncorrectVSwitchStatus',
    'InvalidRouteTableId.NotFound',
    'InvalidVSwitchId.NotFound',
    'OperationDenied.SystemRouteTable',
    'ResourceAlreadyAssociated.RouteTable',
  ],
  handler: async (context, { RouteTableId, VSwitchId }) => {
    const generation = await nextGeneration(context.tx)
    const row = await ownRouteTable(context, RouteTableId)
    const vswitch = await ownVSwitch(context, VSwitchId)
    demand(vswitch.status === 'Available', 'IncorrectVSwitchStatus')
    demand(row.type === 'Custom', 'OperationDenied.SystemRouteTable')
    demand(row.vpc_id === vswitch.vpc_id, 'InvalidVSwitchId.NotFound')
    demand(vswitch.route_table_id === null, 'ResourceAlreadyAssociated.RouteTable')
    await updateVSwitch(context.tx, vswitch.id, { route_table_id: row.id, generation })
    return {}
  },
})

const unassociateRouteTable = defineAction({
  product: 'Vpc',
  name: 'UnassociateRouteTable',
  summary: { en: 'Gives a vSwitch the system route table back.', zh: '将自定义路由表和交换机解绑。' },
  status: 'full',
  params: associationParams,
  result: z.object({}),
  effect: 'write',
  errors: ['IncorrectStatus.RouteTableStatus', 'InvalidRouteTableId.NotFound', 'InvalidVSwitchId.NotFound'],
  handler: async (context, { RouteTableId, VSwitchId }) => {
    const generation = await nextGeneration(context.tx)
    const row = await ownRouteTable(context, RouteTableId)
    const vswitch = await ownVSwitch(context, VSwitchId)
    demand(vswitch.route_table_id === row.id, 'IncorrectStatus.RouteTableStatus')
    await updateVSwitch(context.tx, vswitch.id, { route_table_id: null, generation })
    return {}
  },
})

export async function ownRouteTable(context: ActionContext, id: string): Promise<RouteTableRow> {
  return found(await findRouteTable(context.tx, ownerOf(context), id), 'InvalidRouteTableId.NotFound')
}

export const routeTableActions: readonly Action[] = [
  createRouteTable,
  describeRouteTableList,
  modifyRouteTableAttributes,
  deleteRouteTable,
  associateRouteTable,
  unassociateRouteTable,
]
