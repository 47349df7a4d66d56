/** Vpc 2016-04-28: the default VPC of a region, of which there is at most one, and its default vSwitches, one per zone. */
import { z } from 'zod'
import { blockSize, formatCidr, overlaps } from '../../../model/ipv4.ts'
import { hasZone } from '../../../model/regions.ts'
import { nextGeneration } from '../../../store/generation.ts'
import type { VpcTable } from '../../../store/tables.ts'
import { listVpcs } from '../../../store/vpcs.ts'
import { vswitchesOfVpc } from '../../../store/vswitches.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { flag, integer, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { demandAbsent } from './errors.ts'
import { makeVpc } from './vpcs.ts'
import { makeVSwitch, storedBlock } from './vswitches.ts'

const defaultBlock = '172.16.0.0/16'
/** A default vSwitch has 4,096 addresses. */
const defaultPrefix = 20

const createDefaultVpc = defineAction({
  product: 'Vpc',
  name: 'CreateDefaultVpc',
  summary: { en: 'Creates the default VPC of a region.', zh: '创建默认 VPC。' },
  status: { partial: 'IPv4 only: IPv6 is refused.' },
  params: z.object({
    EnableIpv6: flag().optional(),
    Ipv6CidrBlock: text().optional(),
    ResourceGroupId: text().optional(),
  }),
  result: z.object({ VpcId: z.string(), VRouterId: z.string(), RouteTableId: z.string() }),
  effect: 'write',
  errors: ['InvalidResourceGroupId', 'OperationDenied.DefaultVpcExist', 'QuotaExceeded.Vpc'],
  handler: async (context, params) => {
    const { EnableIpv6, Ipv6CidrBlock } = params
    demandAbsent({ EnableIpv6, Ipv6CidrBlock })
    await nextGeneration(context.tx)
    demand((await findDefaultVpc(context)) === undefined, 'OperationDenied.DefaultVpcExist')
    const { vpc, routeTable } = await makeVpc(context, {
      cidr: defaultBlock,
      name: '',
      description: 'System created default VPC.',
      resourceGroup: params.ResourceGroupId,
      isDefault: true,
    })
    return { VpcId: vpc.id, VRouterId: vpc.router_id, RouteTableId: routeTable }
  },
})

const createDefaultVSwitch = defineAction({
  product: 'Vpc',
  name: 'CreateDefaultVSwitch',
  summary: { en: 'Creates the default vSwitch of a zone.', zh: '创建默认交换机。' },
  status: { partial: 'IPv4 only: IPv6 is refused.' },
  params: z.object({ ZoneId: text(), Ipv6CidrBlock: integer(0, 255).optional() }),
  result: z.object({ VSwitchId: z.string() }),
  effect: 'write',
  errors: [
    'IncorrectVpcStatus',
    'InvalidCidrBlock.Overlapped',
    'InvalidVpcId.NotFound',
    'InvalidZoneId.NotFound',
    'OperationDenied.DefaultVSwitchExist',
    'QuotaExceeded.VSwitch',
  ],
  handler: async (context, { ZoneId, Ipv6CidrBlock }) => {
    const { tx, region, regions } = context
    demandAbsent({ Ipv6CidrBlock })
    demand(hasZone(regions, region, ZoneId), 'InvalidZoneId.NotFound')
    await nextGeneration(tx)
    const vpc = found(await findDefaultVpc(context), 'InvalidVpcId.NotFound')
    demand(vpc.status === 'Available', 'IncorrectVpcStatus')
    const siblings = await vswitchesOfVpc(tx, vpc.id)
    const present = siblings.some((other) => other.is_default === 1 && other.zone_id === ZoneId)
    demand(!present, 'OperationDenied.DefaultVSwitchExist')
    const cidr = freeBlock(
      vpc,
      siblings.map((sibling) => sibling.cidr),
    )
    const vswitch = await makeVSwitch(context, vpc, {
      zone: ZoneId,
      cidr: found(cidr, 'InvalidCidrBlock.Overlapped'),
      name: '',
      description: 'System created default virtual switch.',
      isDefault: true,
    })
    return { VSwitchId: vswitch.id }
  },
})

async function findDefaultVpc(context: ActionContext): Promise<VpcTable | undefined> {
  const filter = { isDefault: true, tags: [] }
  const { rows } = await listVpcs(context.tx, ownerOf(context), filter, { offset: 0, limit: 1 })
  return rows[0]
}

/** The first block of a default vSwitch's size that no vSwitch of the VPC touches. */
function freeBlock(vpc: VpcTable, taken: readonly string[]): string | undefined {
  const whole = storedBlock(vpc.cidr)
  const end = whole.base + blockSize(whole.prefix)
  for (let base = whole.base; base < end; base += blockSize(defaultPrefix)) {
    const block = { base, prefix: defaultPrefix }
    if (!taken.some((other) => overlaps(storedBlock(other), block))) return formatCidr(block)
  }
  return undefined
}

export const defaultNetworkActions: readonly Action[] = [createDefaultVpc, createDefaultVSwitch]
