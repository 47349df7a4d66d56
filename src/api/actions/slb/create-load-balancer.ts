/** Slb 2014-05-15, CreateLoadBalancer. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { loadBalancerSpecs } from '../../../model/load-balancer-specs.ts'
import { quotas } from '../../../model/quotas.ts'
import { hasZone, zonesOf } from '../../../model/regions.ts'
import { loadBalancerName } from '../../../model/rules.ts'
import { reserveAddress } from '../../../store/addresses.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { countLoadBalancers, insertLoadBalancer } from '../../../store/load-balancers.ts'
import type { LoadBalancerTable, VSwitchTable } from '../../../store/tables.ts'
import { putTags } from '../../../store/tags.ts'
import { findVSwitch } from '../../../store/vswitches.ts'
import { defineAction, type ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { ownedColumns, ownerOf } from '../../new-resource.ts'
import { choice, integer, tags, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { readTagParams } from '../../tags.ts'
import { slbTagErrors } from './errors.ts'

/** Bandwidth of a load balancer that pays by traffic: the peak, not a limit. */
const peakBandwidth = 5120

const params = z.object({
  AddressType: choice(['internet', 'intranet']).optional(),
  VpcId: text().optional(),
  VSwitchId: text().optional(),
  Address: text().optional(),
  LoadBalancerName: text({ pattern: loadBalancerName, invalid: 'InvalidParameter' }).optional(),
  LoadBalancerSpec: text().optional(),
  InstanceChargeType: choice(['PayBySpec', 'PayByCLCU']).default('PayBySpec'),
  PayType: choice(['PayOnDemand', 'PrePay']).default('PayOnDemand'),
  InternetChargeType: choice(['paybytraffic', 'paybybandwidth']).default('paybytraffic'),
  Bandwidth: integer(-1, 5120, { invalid: 'InvalidParameter.Bandwidth' }).optional(),
  MasterZoneId: text().optional(),
  SlaveZoneId: text().optional(),
  AddressIPVersion: choice(['ipv4'], { invalid: 'InvalidParameter' }).optional(),
  DeleteProtection: choice(['on', 'off']).default('off'),
  ModificationProtectionStatus: choice(['NonProtection', 'ConsoleProtection']).default('NonProtection'),
  ModificationProtectionReason: text({ max: 80 }).optional(),
  ResourceGroupId: text().optional(),
  Tag: tags(),
})
type CreateParams = z.infer<typeof params>

export const createLoadBalancer = defineAction({
  product: 'Slb',
  name: 'CreateLoadBalancer',
  summary: { en: 'Creates a load balancer (CLB).', zh: '创建传统型负载均衡实例。' },
  status: {
    partial:
      'An internet load balancer is kept but has no address and takes no listeners. Subscription and bandwidth are kept, not enforced; of the largest specifications (more than 200,000 connections) the number of connections is not limited. The backup zone takes over while the primary one is down (`postern zone down`). IPv6 is refused.',
  },
  params,
  result: z.object({
    LoadBalancerId: z.string(),
    LoadBalancerName: z.string(),
    Address: z.string(),
    VpcId: z.string(),
    VSwitchId: z.string(),
    NetworkType: z.string(),
    AddressIPVersion: z.string(),
    ResourceGroupId: z.string(),
    OrderId: z.number(),
  }),
  effect: 'write',
  errors: [
    'IllegalParam.SpecType',
    'IncorrectVSwitchStatus',
    'InvalidParam.TagKey',
    'InvalidParam.TagValue',
    'InvalidParameter',
    'InvalidVpcId.NotExist',
    'MissingParam.LoadBalancerSpec',
    'MissingParam.VSwitchId',
    'OverQuota',
    'PRODUCT.NOT_AVAILABLE_IZ',
    'VSwitchAvailableIpNotExist',
    'VSwitchNotExist',
  ],
  handler: async (context, given) => {
    const { tx, randomBytes } = context
    const tagList = readTagParams(given.Tag, slbTagErrors)
    checkSpec(given)
    const generation = await nextGeneration(tx)
    const count = await countLoadBalancers(tx, ownerOf(context))
    demand(count < quotas.loadBalancersPerRegion, 'OverQuota')
    const vswitch = await findPlace(context, given)
    const id = newId('lb', randomBytes)
    const balancer: LoadBalancerTable = {
      ...(await ownedColumns(context, given.ResourceGroupId, 'InvalidParameter')),
      id,
      generation,
      name: given.LoadBalancerName ?? id,
      address_type: vswitch ? 'intranet' : 'internet',
      vpc_id: vswitch?.vpc_id ?? null,
      vswitch_id: vswitch?.id ?? null,
      // Public addresses are not carried here: an internet load balancer is kept, but has no address.
      address: vswitch ? await takeAddress(context, vswitch, id, given.Address) : '',
      spec: given.InstanceChargeType === 'PayByCLCU' ? '' : (given.LoadBalancerSpec ?? ''),
      pay_type: given.PayType,
      instance_charge_type: given.InstanceChargeType,
      internet_charge_type: given.InternetChargeType,
      bandwidth: given.Bandwidth ?? peakBandwidth,
      ...chooseZones(context, given, vswitch),
      status: 'active',
      delete_protection: given.DeleteProtection,
      modification_protection: given.ModificationProtectionStatus,
      modification_protection_reason: given.ModificationProtectionReason ?? '',
    }
    await insertLoadBalancer(tx, balancer)
    await putTags(tx, 'loadbalancer', [id], tagList)
    return {
      LoadBalancerId: id,
      LoadBalancerName: balancer.name,
      Address: balancer.address,
      VpcId: balancer.vpc_id ?? '',
      VSwitchId: balancer.vswitch_id ?? '',
      NetworkType: vswitch ? 'vpc' : 'classic',
      AddressIPVersion: 'ipv4',
      ResourceGroupId: balancer.resource_group_id,
      OrderId: 0,
    }
  },
})

function checkSpec({ InstanceChargeType, LoadBalancerSpec }: CreateParams): void {
  if (InstanceChargeType === 'PayByCLCU') return
  const spec = found(LoadBalancerSpec, 'MissingParam.LoadBalancerSpec', { name: 'LoadBalancerSpec' })
  demand(spec in loadBalancerSpecs, 'IllegalParam.SpecType', { name: 'LoadBalancerSpec', reason: spec })
}

/** The vSwitch of an intranet load balancer; undefined for an internet one. Naming a vSwitch makes it intranet. */
async function findPlace(context: ActionContext, given: CreateParams): Promise<VSwitchTable | undefined> {
  if (given.VSwitchId === undefined) {
    demand(given.AddressType !== 'intranet', 'MissingParam.VSwitchId', { name: 'VSwitchId' })
    return undefined
  }
  const vswitch = await findVSwitch(context.tx, ownerOf(context), given.VSwitchId)
  const place = found(vswitch, 'VSwitchNotExist')
  demand(place.status === 'Available', 'IncorrectVSwitchStatus')
  demand(given.VpcId === undefined || given.VpcId === place.vpc_id, 'InvalidVpcId.NotExist')
  return place
}

async function takeAddress(
  { tx }: ActionContext,
  vswitch: VSwitchTable,
  id: string,
  wanted: string | undefined,
): Promise<string> {
  const reservation = await reserveAddress(tx, vswitch, id, wanted)
  if (reservation.ok) return reservation.address
  switch (reservation.reason) {
    case 'Malformed':
    case 'OutsideVSwitch':
      throw new ApiError('InvalidParameter', { name: 'Address', reason: 'not an address of the vSwitch' })
    case 'InUse':
      throw new ApiError('InvalidParameter', { name: 'Address', reason: 'in use' })
    case 'Exhausted':
      throw new ApiError('VSwitchAvailableIpNotExist')
  }
}

/** The primary zone carries the traffic; without a choice it is the vSwitch's own, and any other is the backup. */
function chooseZones(
  { region, regions }: ActionContext,
  given: CreateParams,
  vswitch: VSwitchTable | undefined,
): { master_zone_id: string; slave_zone_id: string } {
  const zones = zonesOf(regions, region).map(({ id }) => id)
  const master = given.MasterZoneId ?? vswitch?.zone_id ?? zones[0] ?? ''
  const slave = given.SlaveZoneId ?? zones.find((zone) => zone !== master) ?? ''
  demand(
    hasZone(regions, region, master) && hasZone(regions, region, slave) && master !== slave,
    'PRODUCT.NOT_AVAILABLE_IZ',
  )
  return { master_zone_id: master, slave_zone_id: slave }
}
