/** Vpc 2016-04-28: vSwitches, the subnets of a VPC, each in one zone. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { blockSize, containsBlock, overlaps, parseCidr, type Cidr } from '../../../model/ipv4.ts'
import { quotas } from '../../../model/quotas.ts'
import { hasZone } from '../../../model/regions.ts'
import { freeText } from '../../../model/rules.ts'
import { countAddresses } from '../../../store/addresses.ts'
import { generationOf, nextGeneration } from '../../../store/generation.ts'
import { associationsOf } from '../../../store/route-tables.ts'
import type { VpcTable, VSwitchTable } from '../../../store/tables.ts'
import { putTags, readTags, type Tag } from '../../../store/tags.ts'
import { allocateTransit } from '../../../store/transit.ts'
import { findVpc, readVpcParts } from '../../../store/vpcs.ts'
import {
  findVSwitch,
  insertVSwitch,
  listVSwitches,
  updateVSwitch,
  vswitchesOfVpc,
} from '../../../store/vswitches.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { ownedColumns, ownerOf } from '../../new-resource.ts'
import { pageOf, pageParams, pageResult } from '../../paging.ts'
import { flag, tags, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { accountNumber, asKeyValue, keyValue, seconds, wrapped } from '../../results.ts'
import { asFilter, readTagParams } from '../../tags.ts'
import { demandAbsent, vpcTagErrors } from './errors.ts'

/** The first address and the last three of a vSwitch are reserved (CreateVSwitch). */
const reservedAddresses = 4

const vswitchName = () => text({ pattern: freeText(1, 128) })
const vswitchDescription = () => text({ pattern: freeText(1, 256) })

const createVSwitch = defineAction({
  product: 'Vpc',
  name: 'CreateVSwitch',
  tokenMismatch: 'Duplicated.ClientToken',
  summary: { en: 'Creates a vSwitch in a zone.', zh: '创建交换机。' },
  status: {
    partial: 'IPv4 only: `Ipv6CidrBlock` and `VpcIpv6CidrBlock` are refused.',
  },
  params: z.object({
    ZoneId: text(),
    CidrBlock: text(),
    VpcId: text(),
    Ipv6CidrBlock: text().optional(),
    VpcIpv6CidrBlock: text().optional(),
    VSwitchName: vswitchName().optional(),
    Description: vswitchDescription().optional(),
    Tag: tags(),
  }),
  result: z.object({ VSwitchId: z.string() }),
  effect: 'write',
  errors: [
    'Duplicate.TagKey',
    'IncorrectVpcStatus',
    'InvalidCidrBlock.Malformed',
    'InvalidCidrBlock.Overlapped',
    'InvalidCirdrBlock.MaskLength',
    'InvalidTagKey.Malformed',
    'InvalidTagValue.Malformed',
    'InvalidVpcId.NotFound',
    'InvalidZoneId.NotFound',
    'QuotaExceeded.VSwitch',
  ],
  handler: async (context, params) => {
    const { tx, region, regions } = context
    const { Ipv6CidrBlock, VpcIpv6CidrBlock } = params
    demandAbsent({ Ipv6CidrBlock, VpcIpv6CidrBlock })
    const given = readTagParams(params.Tag, vpcTagErrors)
    await nextGeneration(tx)
    const vpc = found(await findVpc(tx, ownerOf(context), params.VpcId), 'InvalidVpcId.NotFound')
    demand(vpc.status === 'Available', 'IncorrectVpcStatus')
    demand(hasZone(regions, region, params.ZoneId), 'InvalidZoneId.NotFound')
    const siblings = await vswitchesOfVpc(tx, vpc.id)
    const { blocks } = (await readVpcParts(tx, [vpc.id]))(vpc.id)
    checkBlock(params.CidrBlock, [vpc.cidr, ...blocks], siblings)
    const vswitch = await makeVSwitch(context, vpc, {
      zone: params.ZoneId,
      cidr: params.CidrBlock,
      name: params.VSwitchName ?? '',
      description: params.Description ?? '',
      isDefault: false,
    })
    await putTags(tx, 'vswitch', [vswitch.id], given)
    return { VSwitchId: vswitch.id }
  },
})

interface NewVSwitch {
  readonly zone: string
  readonly cidr: string
  readonly name: string
  readonly description: string
  readonly isDefault: boolean
}

/** A vSwitch of the block that was found to be free. */
export async function makeVSwitch(
  context: ActionContext,
  vpc: VpcTable,
  wanted: NewVSwitch,
): Promise<VSwitchTable> {
  const { tx, randomBytes } = context
  const siblings = await vswitchesOfVpc(tx, vpc.id)
  demand(siblings.length < quotas.vswitchesPerVpc, 'QuotaExceeded.VSwitch')
  const vswitch: VSwitchTable = {
    ...(await ownedColumns(context, vpc.resource_group_id, 'InvalidResourceGroupId')),
    id: newId('vsw', randomBytes),
    generation: await generationOf(tx),
    vpc_id: vpc.id,
    zone_id: wanted.zone,
    name: wanted.name,
    description: wanted.description,
    cidr: wanted.cidr,
    status: 'Pending',
    is_default: wanted.isDefault ? 1 : 0,
    route_table_id: null,
  }
  await insertVSwitch(tx, vswitch)
  await allocateTransit(tx, vswitch.id)
  return vswitch
}

/** Inside one block of its VPC, 16 to 29 bits of mask, and free of the other vSwitches. */
function checkBlock(cidr: string, outer: readonly string[], siblings: readonly VSwitchTable[]): void {
  const block = parseCidr(cidr)
  if (!block) throw new ApiError('InvalidCidrBlock.Malformed')
  demand(block.prefix >= 16 && block.prefix <= 29, 'InvalidCirdrBlock.MaskLength')
  demand(
    outer.some((of) => containsBlock(storedBlock(of), block)),
    'InvalidCidrBlock.Malformed',
  )
  demand(
    !siblings.some((sibling) => overlaps(storedBlock(sibling.cidr), block)),
    'InvalidCidrBlock.Overlapped',
  )
}

export function storedBlock(cidr: string): Cidr {
  return found(parseCidr(cidr), 'InternalError')
}

const vswitchItem = z.object({
  VSwitchId: z.string(),
  VSwitchName: z.string(),
  VpcId: z.string(),
  ZoneId: z.string(),
  CidrBlock: z.string(),
  Ipv6CidrBlock: z.string(),
  EnabledIpv6: z.boolean(),
  Description: z.string(),
  Status: z.string(),
  CreationTime: z.string(),
  IsDefault: z.boolean(),
  AvailableIpAddressCount: z.number(),
  OwnerId: accountNumber(),
  ResourceGroupId: z.string(),
  NetworkAclId: z.string(),
  ShareType: z.string(),
  RouteTable: z.object({ RouteTableId: z.string(), RouteTableType: z.string() }),
  Tags: wrapped('Tag', keyValue),
})

/** One description per row, in their order. */
async function describe(
  { tx }: ActionContext,
  rows: readonly VSwitchTable[],
): Promise<z.input<typeof vswitchItem>[]> {
  const ids = rows.map(({ id }) => id)
  const used = await countAddresses(tx, ids)
  const tagLists = await readTags(tx, 'vswitch', ids)
  const associations = await associationsOf(
    tx,
    rows.map((row) => row.vpc_id),
  )
  return rows.map((row) =>
    describeOne(
      row,
      used.get(row.id) ?? 0,
      associations(row.vpc_id).find(({ vswitch }) => vswitch === row.id)?.table ?? '',
      tagLists.get(row.id) ?? [],
    ),
  )
}

function describeOne(row: VSwitchTable, used: number, routeTable: string, tagList: readonly Tag[]) {
  return {
    VSwitchId: row.id,
    VSwitchName: row.name,
    VpcId: row.vpc_id,
    ZoneId: row.zone_id,
    CidrBlock: row.cidr,
    Ipv6CidrBlock: '',
    EnabledIpv6: false,
    Description: row.description,
    Status: row.status === 'Available' ? 'Available' : 'Pending',
    CreationTime: seconds(row.created_at),
    IsDefault: row.is_default === 1,
    AvailableIpAddressCount: blockSize(storedBlock(row.cidr).prefix) - reservedAddresses - used,
    OwnerId: BigInt(row.account_id),
    ResourceGroupId: row.resource_group_id,
    NetworkAclId: '',
    ShareType: '',
    RouteTable: {
      RouteTableId: routeTable,
      RouteTableType: row.route_table_id === null ? 'System' : 'Custom',
    },
    Tags: { Tag: tagList.map(asKeyValue) },
  }
}

const describeVSwitchAttributes = defineAction({
  product: 'Vpc',
  name: 'DescribeVSwitchAttributes',
  summary: { en: 'Describes one vSwitch.', zh: '查询指定交换机的配置信息。' },
  status: {
    partial: '`CloudResources` is always empty.',
  },
  params: z.object({ VSwitchId: text() }),
  result: vswitchItem.extend({
    CloudResources: wrapped(
      'CloudResourceSetType',
      z.object({ ResourceType: z.string(), ResourceCount: z.number() }),
    ),
  }),
  effect: 'read',
  errors: ['InvalidVSwitchId.NotFound'],
  handler: async (context, { VSwitchId }) => {
    const [item] = await describe(context, [await ownVSwitch(context, VSwitchId)])
    return { ...found(item, 'InvalidVSwitchId.NotFound'), CloudResources: { CloudResourceSetType: [] } }
  },
})

const describeVSwitches = defineAction({
  product: 'Vpc',
  name: 'DescribeVSwitches',
  summary: { en: 'Lists vSwitches.', zh: '查询已创建的交换机。' },
  status: 'full',
  params: z.object({
    VSwitchId: text().optional(),
    VpcId: text().optional(),
    ZoneId: text().optional(),
    VSwitchName: text().optional(),
    IsDefault: flag().optional(),
    VSwitchOwnerId: text().optional(),
    EnableIpv6: flag().optional(),
    RouteTableId: text().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
    ...pageParams(10, 50),
  }),
  result: z.object({ ...pageResult, VSwitches: wrapped('VSwitch', vswitchItem) }),
  effect: 'read',
  handler: async (context, params) => {
    // None is shared or has IPv6.
    const none =
      params.EnableIpv6 === true ||
      (params.VSwitchOwnerId ?? context.caller.account) !== context.caller.account
    const filter = {
      id: none ? '' : params.VSwitchId,
      isDefault: params.IsDefault,
      vpc: params.VpcId,
      zone: params.ZoneId,
      name: params.VSwitchName,
      routeTable: params.RouteTableId,
      resourceGroup: params.ResourceGroupId,
      tags: asFilter(params.Tag),
    }
    const { rows, total } = await listVSwitches(context.tx, ownerOf(context), filter, pageOf(params))
    return {
      TotalCount: total,
      PageNumber: params.PageNumber,
      PageSize: params.PageSize,
      VSwitches: { VSwitch: await describe(context, rows) },
    }
  },
})

const modifyVSwitchAttribute = defineAction({
  product: 'Vpc',
  name: 'ModifyVSwitchAttribute',
  summary: { en: 'Changes name and description of a vSwitch.', zh: '修改交换机的名称和描述。' },
  status: {
    partial: 'Changes name and description only; `EnableIPv6` and `Ipv6CidrBlock` are refused.',
  },
  params: z.object({
    VSwitchId: text(),
    VSwitchName: vswitchName().optional(),
    Description: vswitchDescription().optional(),
    EnableIPv6: flag().optional(),
    Ipv6CidrBlock: text().optional(),
  }),
  result: z.object({}),
  effect: 'write',
  errors: ['InvalidVSwitchId.NotFound'],
  handler: async (context, params) => {
    const vswitch = await ownVSwitch(context, params.VSwitchId)
    const { EnableIPv6, Ipv6CidrBlock } = params
    demandAbsent({ EnableIPv6, Ipv6CidrBlock })
    await updateVSwitch(context.tx, vswitch.id, {
      ...(params.VSwitchName !== undefined && { name: params.VSwitchName }),
      ...(params.Description !== undefined && { description: params.Description }),
    })
    return {}
  },
})

const deleteVSwitch = defineAction({
  product: 'Vpc',
  name: 'DeleteVSwitch',
  summary: { en: 'Deletes an empty vSwitch.', zh: '删除交换机。' },
  status: {
    partial: 'What is still in the vSwitch is told as `DependencyViolation`, without a sub-code.',
  },
  params: z.object({ VSwitchId: text() }),
  result: z.object({}),
  effect: 'write',
  errors: ['DependencyViolation', 'IncorrectVSwitchStatus', 'InvalidVSwitchId.NotFound'],
  handler: async (context, { VSwitchId }) => {
    const generation = await nextGeneration(context.tx)
    const vswitch = await ownVSwitch(context, VSwitchId)
    demand(vswitch.status === 'Available', 'IncorrectVSwitchStatus')
    const used = await countAddresses(context.tx, [vswitch.id])
    if ((used.get(vswitch.id) ?? 0) > 0) throw new ApiError('DependencyViolation', {}, 400)
    await updateVSwitch(context.tx, vswitch.id, { status: 'Deleting', generation })
    return {}
  },
})

export async function ownVSwitch(context: ActionContext, id: string): Promise<VSwitchTable> {
  return found(await findVSwitch(context.tx, ownerOf(context), id), 'InvalidVSwitchId.NotFound')
}

export const vswitchActions: readonly Action[] = [
  createVSwitch,
  describeVSwitchAttributes,
  describeVSwitches,
  modifyVSwitchAttribute,
  deleteVSwitch,
]
