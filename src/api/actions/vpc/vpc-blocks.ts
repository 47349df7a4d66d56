/** Vpc 2016-04-28: secondary blocks, which give a VPC more addresses for its vSwitches. */
import { z } from 'zod'
import { containsBlock, overlaps } from '../../../model/ipv4.ts'
import { quotas } from '../../../model/quotas.ts'
import { vpcBlock } from '../../../model/rules.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { routesOfVpc } from '../../../store/route-entries.ts'
import { deleteBlock, insertBlock, readVpcParts } from '../../../store/vpcs.ts'
import { vswitchesOfVpc } from '../../../store/vswitches.ts'
import { defineAction, type Action } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { choice, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { demandAbsent } from './errors.ts'
import { ownVpc } from './vpcs.ts'
import { storedBlock } from './vswitches.ts'

const associateVpcCidrBlock = defineAction({
  product: 'Vpc',
  name: 'AssociateVpcCidrBlock',
  summary: { en: 'Adds a secondary block to a VPC.', zh: '为 VPC 添加附加网段。' },
  status: { partial: 'IPv4 only, without IPAM: `IpamPoolId` and `SecondaryCidrMask` are refused.' },
  params: z.object({
    VpcId: text(),
    SecondaryCidrBlock: text(),
    IpamPoolId: text().optional(),
    SecondaryCidrMask: text().optional(),
    IpVersion: choice(['IPV4', 'IPv4', 'ipv4']).optional(),
  }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'IncorrectVpcStatus',
    'InvalidCidrBlock.Overlapped',
    'InvalidVpcId.NotFound',
    'QuotaExceeded.SecondaryCidrBlock',
    'RouteConflict.AlreadyExist',
  ],
  handler: async (context, { VpcId, SecondaryCidrBlock, IpamPoolId, SecondaryCidrMask }) => {
    const { tx } = context
    demandAbsent({ IpamPoolId, SecondaryCidrMask })
    const block = vpcBlock(SecondaryCidrBlock)
    if (typeof block === 'string') {
      throw new ApiError('InvalidParameter', { name: 'SecondaryCidrBlock', reason: block })
    }
    await nextGeneration(tx)
    const vpc = await ownVpc(context, VpcId)
    demand(vpc.status === 'Available', 'IncorrectVpcStatus')
    const { blocks } = (await readVpcParts(tx, [vpc.id]))(vpc.id)
    const clash = [vpc.cidr, ...blocks].some((other) => overlaps(storedBlock(other), block))
    demand(!clash, 'InvalidCidrBlock.Overlapped')
    const routes = await routesOfVpc(tx, vpc.id)
    const led = routes.some(({ destination }) => containsBlock(block, storedBlock(destination)))
    demand(!led, 'RouteConflict.AlreadyExist')
    demand(blocks.length < quotas.blocksPerVpc, 'QuotaExceeded.SecondaryCidrBlock')
    await insertBlock(tx, vpc.id, SecondaryCidrBlock)
    return {}
  },
})

const unassociateVpcCidrBlock = defineAction({
  product: 'Vpc',
  name: 'UnassociateVpcCidrBlock',
  summary: { en: 'Removes a secondary block that no vSwitch uses.', zh: '删除 VPC 的附加网段。' },
  status: 'full',
  params: z.object({ VpcId: text(), SecondaryCidrBlock: text() }),
  result: z.object({}),
  effect: 'write',
  errors: ['DependencyViolation.VSwitch', 'InvalidVpcId.NotFound', 'ResourceNotFound.SecondaryCidrBlock'],
  handler: async (context, { VpcId, SecondaryCidrBlock }) => {
    const { tx } = context
    await nextGeneration(tx)
    const vpc = await ownVpc(context, VpcId)
    const { blocks } = (await readVpcParts(tx, [vpc.id]))(vpc.id)
    demand(blocks.includes(SecondaryCidrBlock), 'ResourceNotFound.SecondaryCidrBlock')
    const block = storedBlock(SecondaryCidrBlock)
    const vswitches = await vswitchesOfVpc(tx, vpc.id)
    const used = vswitches.some(({ cidr }) => containsBlock(block, storedBlock(cidr)))
    demand(!used, 'DependencyViolation.VSwitch')
    await deleteBlock(tx, vpc.id, SecondaryCidrBlock)
    return {}
  },
})

export const vpcBlockActions: readonly Action[] = [associateVpcCidrBlock, unassociateVpcCidrBlock]
