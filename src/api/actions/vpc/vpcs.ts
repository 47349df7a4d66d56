/** Vpc 2016-04-28: VPCs. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { quotas } from '../../../model/quotas.ts'
import { freeText, vpcBlock } from '../../../model/rules.ts'
import { generationOf, nextGeneration } from '../../../store/generation.ts'
import type { VpcTable } from '../../../store/tables.ts'
import { putTags, readTags, type Tag } from '../../../store/tags.ts'
import { allocateTransit } from '../../../store/transit.ts'
import {
  countVpcs,
  findVpc,
  insertVpc,
  listVpcs,
  readVpcParts,
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
import { accountNumber, asKeyValue, keyValue, seconds, strings, wrapped } from '../../results.ts'
import { asFilter, readTagParams } from '../../tags.ts'
import { demandAbsent, vpcTagErrors } from './errors.ts'

const vpcName = () => text({ pattern: freeText(1, 128), invalid: 'InvalidVpcName.Malformed' })
const vpcDescription = () => text({ pattern: freeText(1, 256), invalid: 'InvalidVpcDiscription.Malformed' })

const createVpc = defineAction({
  product: 'Vpc',
  name: 'CreateVpc',
  summary: { en: 'Creates a VPC.', zh: '创建专有网络 VPC。' },
  status: {
    partial:
      'IPv4 only, without IPAM: `EnableIpv6`, `Ipv6CidrBlock`, `Ipv6Isp`, `EnableDnsHostname`, `UserCidr`, `Ipv4IpamPoolId` and `Ipv4CidrMask` are refused.',
  },
  params: z.object({
    CidrBlock: text().default('172.16.0.0/12'),
    VpcName: vpcName().optional(),
    Description: vpcDescription().optional(),
    EnableIpv6: flag().optional(),
    Ipv6CidrBlock: text().optional(),
    Ipv6Isp: text().optional(),
    EnableDnsHostname: flag().optional(),
    UserCidr: text().optional(),
    Ipv4IpamPoolId: text().optional(),
    Ipv4CidrMask: text().optional(),
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
  errors: [
    'Duplicate.TagKey',
    'InvalidResourceGroupId',
    'InvalidTagKey.Malformed',
    'InvalidTagValue.Malformed',
    'InvalidVpcDiscription.Malformed',
    'InvalidVpcName.Malformed',
    'QuotaExceeded.Vpc',
  ],
  handler: async (context, params) => {
    const { tx } = context
    const block = vpcBlock(params.CidrBlock)
    if (typeof block === 'string')
      throw new ApiError('InvalidParameter', { name: 'CidrBlock', reason: block })
    const { EnableIpv6, Ipv6CidrBlock, Ipv6Isp, EnableDnsHostname, UserCidr, Ipv4IpamPoolId, Ipv4CidrMask } =
      params
    demandAbsent({ EnableIpv6, Ipv6CidrBlock, Ipv6Isp, EnableDnsHostname })
    demandAbsent({ UserCidr, Ipv4IpamPoolId, Ipv4CidrMask })
    const given = readTagParams(params.Tag, vpcTagErrors)
    await nextGeneration(tx)
    const { vpc, routeTable } = await makeVpc(context, {
      cidr: params.CidrBlock,
      name: params.VpcName ?? '',
      description: params.Description ?? '',
      resourceGroup: params.ResourceGroupId,
      isDefault: false,
    })
    await putTags(tx, 'vpc', [vpc.id], given)
    return {
      VpcId: vpc.id,
      VRouterId: vpc.router_id,
      RouteTableId: routeTable,
      ResourceGroupId: vpc.resource_group_id,
    }
  },
})

interface NewVpc {
  readonly cidr: string
  readonly name: string
  readonly description: string
  readonly resourceGroup: string | undefined
  readonly isDefault: boolean
}

/** A VPC with its router and its system route table. */
export async function makeVpc(
  context: ActionContext,
  wanted: NewVpc,
): Promise<{ readonly vpc: VpcTable; readonly routeTable: string }> {
  const { tx, randomBytes } = context
  demand((await countVpcs(tx, ownerOf(context))) < quotas.vpcsPerRegion, 'QuotaExceeded.Vpc')
  const vpc: VpcTable = {
    ...(await ownedColumns(context, wanted.resourceGroup, 'InvalidResourceGroupId')),
    id: newId('vpc', randomBytes),
    generation: await generationOf(tx),
    name: wanted.name,
    description: wanted.description,
    cidr: wanted.cidr,
    status: 'Pending',
    router_id: newId('vrt', randomBytes),
    is_default: wanted.isDefault ? 1 : 0,
  }
  const routeTable = newId('vtb', randomBytes)
  await insertVpc(tx, vpc, {
    id: routeTable,
    vpc_id: vpc.id,
    name: '',
    description: '',
    type: 'System',
    created_at: '',
  })
  await allocateTransit(tx, vpc.id)
  return { vpc, routeTable }
}

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
    IsDefault: vpc.is_default === 1,
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
    SecondaryCidrBlocks: { SecondaryCidrBlock: [...parts.blocks] },
    Ipv6CidrBlocks: { Ipv6CidrBlock: [] },
    Tags: { Tag: tagList.map(asKeyValue) },
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
  errors: ['InvalidVpcId.NotFound'],
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
  status: 'full',
  params: z.object({
    VpcId: text().optional(),
    VpcName: text().optional(),
    IsDefault: flag().optional(),
    VpcOwnerId: text().optional(),
    EnableIpv6: flag().optional(),
    DhcpOptionsSetId: text().optional(),
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
    // None is shared, has IPv6 or a set of DHCP options.
    const none =
      params.EnableIpv6 === true ||
      params.DhcpOptionsSetId !== undefined ||
      (params.VpcOwnerId ?? context.caller.account) !== context.caller.account
    const ids = params.VpcId?.split(',').map((id) => id.trim())
    const few = (ids?.length ?? 0) <= 20
    demand(few, 'InvalidParameter', { name: 'VpcId', reason: 'more than 20 ids' })
    const filter = {
      ids: none ? [''] : ids,
      isDefault: params.IsDefault,
      name: params.VpcName,
      resourceGroup: params.ResourceGroupId,
      tags: asFilter(params.Tag),
    }
    const { rows, total } = await listVpcs(tx, ownerOf(context), filter, pageOf(params))
    const listed = rows.map(({ id }) => id)
    const parts = await readVpcParts(tx, listed)
    const tagLists = await readTags(tx, 'vpc', listed)
    return {
      TotalCount: total,
      PageNumber: params.PageNumber,
      PageSize: params.PageSize,
      Vpcs: {
        Vpc: rows.map((vpc) => ({
          ...describe(vpc, parts(vpc.id), tagLists.get(vpc.id) ?? []),
          CenStatus: '',
          RouterTableIds: { RouterTableIds: [...parts(vpc.id).routeTables] },
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
    partial:
      'Changes name and description only; another `CidrBlock`, `EnableIPv6`, `Ipv6CidrBlock`, `Ipv6Isp` and `EnableDnsHostname` are refused.',
  },
  params: z.object({
    VpcId: text(),
    VpcName: vpcName().optional(),
    Description: vpcDescription().optional(),
    CidrBlock: text().optional(),
    EnableIPv6: flag().optional(),
    Ipv6CidrBlock: text().optional(),
    Ipv6Isp: text().optional(),
    EnableDnsHostname: flag().optional(),
  }),
  result: z.object({}),
  effect: 'write',
  errors: ['InvalidVpcDiscription.Malformed', 'InvalidVpcId.NotFound', 'InvalidVpcName.Malformed'],
  handler: async (context, params) => {
    const vpc = await ownVpc(context, params.VpcId)
    demand(params.CidrBlock === undefined || params.CidrBlock === vpc.cidr, 'InvalidParameter', {
      name: 'CidrBlock',
      reason: 'the block of a VPC cannot be changed',
    })
    const { EnableIPv6, Ipv6CidrBlock, Ipv6Isp, EnableDnsHostname } = params
    demandAbsent({ EnableIPv6, Ipv6CidrBlock, Ipv6Isp, EnableDnsHostname })
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
  errors: [
    'DependencyViolation.RouteTable',
    'DependencyViolation.SecurityGroup',
    'DependencyViolation.VSwitch',
    'IncorrectVpcStatus',
    'InvalidVpcId.NotFound',
  ],
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

export async function ownVpc(context: ActionContext, id: string): Promise<VpcTable> {
  return found(await findVpc(context.tx, ownerOf(context), id), 'InvalidVpcId.NotFound')
}

export const vpcActions: readonly Action[] = [
  createVpc,
  describeVpcAttribute,
  describeVpcs,
  modifyVpcAttribute,
  deleteVpc,
]
