/** Vpc 2016-04-28: VPCs and their system route tables. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { quotas } from '../../../model/quotas.ts'
import { freeText, vpcBlock } from '../../../model/rules.ts'
import { nextGeneration } from '../../../store/generation.ts'
import type { VpcTable } from '../../../store/tables.ts'
import { putTags, readTags, type Tag } from '../../../store/tags.ts'
import { allocateTransit } from '../../../store/transit.ts'
import {
  countVpcs,
  findVpc,
  insertVpc,
  listRouteTables,
  listVpcs,
  readVpcParts,
  updateRouteTable,
  updateVpc,
  vpcDependency,
  type VpcParts,
} from '../../../store/vpcs.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { ownedColumns, ownerOf } from '../../new-resource.ts'
import { pageOf, pageParams, pageResult } from '../../paging.ts'
import { flag, tags, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { accountNumber, keyValue, seconds, strings, wrapped } from '../../results.ts'
import { asFilter, readTagParams } from '../../tags.ts'
import { vpcTagErrors } from './errors.ts'

const vpcName = () => text({ pattern: freeText(1, 128), invalid: 'InvalidVpcName.Malformed' })
const vpcDescription = () => text({ pattern: freeText(1, 256), invalid: 'InvalidVpcDiscription.Malformed' })

const createVpc = defineAction({
  product: 'Vpc',
  name: 'CreateVpc',
  summary: { en: 'Creates a VPC.', zh: '创建专有网络 VPC。' },
  status: {
    partial:
      'IPv4 only: `EnableIpv6` is refused. `UserCidr`, `Ipv6CidrBlock`, `Ipv6Isp`, the IPAM parameters and `EnableDnsHostname` are ignored.',
  },
  params: z.object({
    CidrBlock: text().default('172.16.0.0/12'),
    VpcName: vpcName().optional(),
    Description: vpcDescription().optional(),
    EnableIpv6: flag().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
  }),
  result: z.object({
    VpcId: z.string(),
    VRouterId: z.string(),
    RouteTableId: z.string(),
    ResourceGroupId: z.string(),
  }),
  effect: 'write',
  handler: async (context, params) => {
    const { tx, randomBytes } = context
    const block = vpcBlock(params.CidrBlock)
    if (typeof block === 'string')
      throw new ApiError('InvalidParameter', { name: 'CidrBlock', reason: block })
    demand(params.EnableIpv6 !== true, 'InvalidParameter', { name: 'EnableIpv6', reason: 'IPv4 only' })
    const given = readTagParams(params.Tag, vpcTagErrors)
    const generation = await nextGeneration(tx)
    demand((await countVpcs(tx, ownerOf(context))) < quotas.vpcsPerRegion, 'QuotaExceeded.Vpc')
    const owned = await ownedColumns(context, params.ResourceGroupId, 'InvalidResourceGroupId')
    const vpc: VpcTable = {
      ...owned,
      id: newId('vpc', randomBytes),
      generation,
      name: params.VpcName ?? '',
      description: params.Description ?? '',
      cidr: params.CidrBlock,
      status: 'Pending',
      router_id: newId('vrt', randomBytes),
    }
    const routeTable = { id: newId('vtb', randomBytes), vpc_id: vpc.id, name: '', description: '' }
    await insertVpc(tx, vpc, routeTable)
    await allocateTransit(tx, vpc.id)
    await putTags(tx, 'vpc', [vpc.id], given)
    return {
      VpcId: vpc.id,
      VRouterId: vpc.router_id,
      RouteTableId: routeTable.id,
      ResourceGroupId: vpc.resource_group_id,
    }
  },
})

const common = {
  VpcId: z.string(),
  VpcName: z.string(),
  Description: z.string(),
  CidrBlock: z.string(),
  Ipv6CidrBlock: z.string(),
  EnabledIpv6: z.boolean(),
  Status: z.string(),
  CreationTime: z.string(),
  IsDefault: z.boolean(),
  RegionId: z.string(),
  VRouterId: z.string(),
  ResourceGroupId: z.string(),
  OwnerId: accountNumber(),
  DnsHostnameStatus: z.string(),
  SupportIpv4Gateway: z.boolean(),
  Ipv4GatewayId: z.string(),
  DhcpOptionsSetId: z.string(),
  DhcpOptionsSetStatus: z.string(),
  VSwitchIds: strings('VSwitchId'),
  UserCidrs: strings('UserCidr'),
  SecondaryCidrBlocks: strings('SecondaryCidrBlock'),
  Ipv6CidrBlocks: wrapped('Ipv6CidrBlock', z.object({ Ipv6CidrBlock: z.string(), Ipv6Isp: z.string() })),
  Tags: wrapped('Tag', keyValue),
}

function describe(vpc: VpcTable, parts: VpcParts, tagList: readonly Tag[]) {
  return {
    VpcId: vpc.id,
    VpcName: vpc.name,
    Description: vpc.description,
    CidrBlock: vpc.cidr,
    Ipv6CidrBlock: '',
    EnabledIpv6: false,
    // The API has no word for a VPC that is going: clients wait until it cannot be found.
    Status: vpc.status === 'Available' ? 'Available' : 'Pending',
    CreationTime: seconds(vpc.created_at),
    IsDefault: false,
    RegionId: vpc.region_id,
    VRouterId: vpc.router_id,
    ResourceGroupId: vpc.resource_group_id,
    OwnerId: BigInt(vpc.account_id),
    DnsHostnameStatus: 'DISABLED',
    SupportIpv4Gateway: false,
    Ipv4GatewayId: '',
    DhcpOptionsSetId: '',
    DhcpOptionsSetStatus: '',
    VSwitchIds: { VSwitchId: [...parts.vswitches] },
    UserCidrs: { UserCidr: [] },
    SecondaryCidrBlocks: { SecondaryCidrBlock: [] },
    Ipv6CidrBlocks: { Ipv6CidrBlock: [] },
    Tags: { Tag: tagList.map(({ key, value }) => ({ Key: key, Value: value })) },
  }
}

const describeVpcAttribute = defineAction({
  product: 'Vpc',
  name: 'DescribeVpcAttribute',
  summary: { en: 'Describes one VPC.', zh: '查询指定 VPC 的配置信息。' },
  status: {
    partial:
      '`CloudResources` counts the router only; what belongs to IPv6, CEN, IPv4 gateways and DHCP options is always empty.',
  },
  params: z.object({ VpcId: text() }),
  result: z.object({
    ...common,
    ClassicLinkEnabled: z.boolean(),
    CloudResources: wrapped(
      'CloudResourceSetType',
      z.object({ ResourceType: z.string(), ResourceCount: z.number() }),
    ),
    AssociatedCens: wrapped('AssociatedCen', z.object({ CenId: z.string() })),
  }),
  effect: 'read',
  handler: async (context, { VpcId }) => {
    const vpc = await ownVpc(context, VpcId)
    const parts = await readVpcParts(context.tx, [vpc.id])
    const tagList = await readTags(context.tx, 'vpc', [vpc.id])
    return {
      ...describe(vpc, parts(vpc.id), tagList.get(vpc.id) ?? []),
      ClassicLinkEnabled: false,
      CloudResources: { CloudResourceSetType: [{ ResourceType: 'VRouter', ResourceCount: 1 }] },
      AssociatedCens: { AssociatedCen: [] },
    }
  },
})

const describeVpcs = defineAction({
  product: 'Vpc',
  name: 'DescribeVpcs',
  summary: { en: 'Lists VPCs.', zh: '查询已创建的 VPC。' },
  status: {
    partial: 'Not narrowed by `VpcOwnerId`, `EnableIpv6` and `DhcpOptionsSetId`.',
  },
  params: z.object({
    VpcId: text().optional(),
    VpcName: text().optional(),
    IsDefault: flag().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
    ...pageParams(10, 50),
  }),
  result: z.object({
    ...pageResult,
    Vpcs: wrapped(
      'Vpc',
      z.object({
        ...common,
        CenStatus: z.string(),
        RouterTableIds: strings('RouterTableIds'),
        NatGatewayIds: strings('NatGatewayIds'),
      }),
    ),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const { tx } = context
    const filter = {
      ids: params.IsDefault === true ? [''] : params.VpcId?.split(','),
      name: params.VpcName,
      resourceGroup: params.ResourceGroupId,
      tags: asFilter(params.Tag),
    }
    const { rows, total } = await listVpcs(tx, ownerOf(context), filter, pageOf(params))
    const ids = rows.map(({ id }) => id)
    const parts = await readVpcParts(tx, ids)
    const tagLists = await readTags(tx, 'vpc', ids)
    return {
      TotalCount: total,
      PageNumber: params.PageNumber,
      PageSize: params.PageSize,
      Vpcs: {
        Vpc: rows.map((vpc) => ({
          ...describe(vpc, parts(vpc.id), tagLists.get(vpc.id) ?? []),
          CenStatus: '',
          RouterTableIds: { RouterTableIds: [parts(vpc.id).routeTable] },
          NatGatewayIds: { NatGatewayIds: [] },
        })),
      },
    }
  },
})

const modifyVpcAttribute = defineAction({
  product: 'Vpc',
  name: 'ModifyVpcAttribute',
  summary: { en: 'Changes name and description of a VPC.', zh: '修改 VPC 的名称和描述。' },
  status: {
    partial: 'Changes name and description only; another `CidrBlock` and `EnableIPv6` are refused.',
  },
  params: z.object({
    VpcId: text(),
    VpcName: vpcName().optional(),
    Description: vpcDescription().optional(),
    CidrBlock: text().optional(),
    EnableIPv6: flag().optional(),
  }),
  result: z.object({}),
  effect: 'write',
  handler: async (context, params) => {
    const vpc = await ownVpc(context, params.VpcId)
    demand(params.CidrBlock === undefined || params.CidrBlock === vpc.cidr, 'InvalidParameter', {
      name: 'CidrBlock',
      reason: 'the block of a VPC cannot be changed',
    })
    demand(params.EnableIPv6 !== true, 'InvalidParameter', { name: 'EnableIPv6', reason: 'IPv4 only' })
    await updateVpc(context.tx, vpc.id, {
      ...(params.VpcName !== undefined && { name: params.VpcName }),
      ...(params.Description !== undefined && { description: params.Description }),
    })
    return {}
  },
})

const deleteVpc = defineAction({
  product: 'Vpc',
  name: 'DeleteVpc',
  summary: { en: 'Deletes an empty VPC.', zh: '删除 VPC。' },
  status: {
    partial: '`ForceDelete` is ignored: what is in a VPC is deleted first.',
  },
  params: z.object({ VpcId: text() }),
  result: z.object({}),
  effect: 'write',
  handler: async (context, { VpcId }) => {
    const generation = await nextGeneration(context.tx)
    const vpc = await ownVpc(context, VpcId)
    demand(vpc.status === 'Available', 'IncorrectVpcStatus')
    const dependency = await vpcDependency(context.tx, vpc.id)
    if (dependency) throw new ApiError(`DependencyViolation.${dependency}`)
    await updateVpc(context.tx, vpc.id, { status: 'Deleting', generation })
    return {}
  },
})

const describeRouteTableList = defineAction({
  product: 'Vpc',
  name: 'DescribeRouteTableList',
  summary: { en: 'Lists route tables.', zh: '查询路由表列表。' },
  status: {
    partial: 'Lists system route tables; there are no custom ones.',
  },
  params: z.object({
    VpcId: text().optional(),
    RouterId: text().optional(),
    RouteTableId: text().optional(),
    RouteTableName: text().optional(),
    RouteTableType: text().optional(),
    ResourceGroupId: text().optional(),
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
      id: params.RouteTableType === 'Custom' ? '' : params.RouteTableId,
      name: params.RouteTableName,
      resourceGroup: params.ResourceGroupId,
    }
    const { rows, total } = await listRouteTables(tx, ownerOf(context), filter, pageOf(params))
    const parts = await readVpcParts(
      tx,
      rows.map((row) => row.vpc_id),
    )
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
        RouterTableListType: rows.map((row) => ({
          RouteTableId: row.id,
          RouteTableName: row.name,
          RouteTableType: 'System',
          RouterId: row.router_id,
          RouterType: 'VRouter',
          VpcId: row.vpc_id,
          Status: 'Available',
          Description: row.description,
          CreationTime: seconds(row.created_at),
          ResourceGroupId: row.resource_group_id,
          OwnerId: BigInt(row.account_id),
          AssociateType: 'VSwitch',
          RoutePropagationEnable: true,
          VSwitchIds: { VSwitchId: [...parts(row.vpc_id).vswitches] },
          GatewayIds: { GatewayIds: [] },
          Tags: {
            Tag: (tagLists.get(row.id) ?? []).map(({ key, value }) => ({ Key: key, Value: value })),
          },
        })),
      },
    }
  },
})

const modifyRouteTableAttributes = defineAction({
  product: 'Vpc',
  name: 'ModifyRouteTableAttributes',
  summary: { en: 'Changes name and description of a route table.', zh: '修改路由表的名称和描述。' },
  status: {
    partial: '`RoutePropagationEnable` cannot be switched off.',
  },
  params: z.object({
    RouteTableId: text(),
    RouteTableName: text({ pattern: freeText(1, 128) }).optional(),
    Description: text({ pattern: freeText(1, 256) }).optional(),
    RoutePropagationEnable: flag().optional(),
  }),
  result: z.object({}),
  effect: 'write',
  handler: async (context, params) => {
    const { tx } = context
    demand(params.RoutePropagationEnable !== false, 'InvalidParameter', {
      name: 'RoutePropagationEnable',
      reason: 'a system route table takes propagated routes',
    })
    const filter = { id: params.RouteTableId }
    const { rows } = await listRouteTables(tx, ownerOf(context), filter, { offset: 0, limit: 1 })
    const routeTable = found(rows[0], 'InvalidRouteTableId.NotFound')
    await updateRouteTable(tx, routeTable.id, {
      name: params.RouteTableName ?? routeTable.name,
      description: params.Description ?? routeTable.description,
    })
    return {}
  },
})

async function ownVpc(context: ActionContext, id: string): Promise<VpcTable> {
  return found(await findVpc(context.tx, ownerOf(context), id), 'InvalidVpcId.NotFound')
}

export const vpcActions: readonly Action[] = [
  createVpc,
  describeVpcAttribute,
  describeVpcs,
  modifyVpcAttribute,
  deleteVpc,
  describeRouteTableList,
  modifyRouteTableAttributes,
]
