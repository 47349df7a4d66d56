/** The zones of an NLB: in each an address of a vSwitch. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { quotas } from '../../../model/quotas.ts'
import { zonesOf } from '../../../model/regions.ts'
import { reserveAddress } from '../../../store/addresses.ts'
import type { NlbZoneTable } from '../../../store/tables.ts'
import { findVSwitch } from '../../../store/vswitches.ts'
import type { ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { ownerOf } from '../../new-resource.ts'
import { text } from '../../params.ts'
import { demand, found } from '../../require.ts'

export const zoneMappings = z
  .array(
    z.object({
      ZoneId: text(),
      VSwitchId: text(),
      PrivateIPv4Address: text().optional(),
      AllocationId: text().optional(),
      Ipv6Address: text().optional(),
    }),
  )
  .max(quotas.zonesPerNetworkLoadBalancer)
export type ZoneMapping = z.infer<typeof zoneMappings>[number]

/** What zones may be refused with. */
export const zoneErrors = [
  'IllegalParam.AllocationId',
  'IllegalParam.Ipv6Address',
  'IllegalParam.PrivateIPv4Address',
  'InvalidZones',
  'Mismatch.ZoneIdAndVswitchId',
  'OperationFailed.DuplicateZones',
  'ResourceInConfiguring.VswitchId',
  'ResourceInUse.IP',
  'ResourceNotEnough.VSwitchIp',
  'ResourceNotFound.VSwitch',
]

/** Where a region has several zones an NLB is in two at least (Nlb, CreateLoadBalancer). */
export function checkZones({ region, regions }: ActionContext, mappings: readonly ZoneMapping[]): void {
  const ids = mappings.map(({ ZoneId }) => ZoneId)
  demand(new Set(ids).size === ids.length, 'OperationFailed.DuplicateZones')
  const offered = zonesOf(regions, region).map(({ id }) => id)
  demand(ids.every((id) => offered.includes(id)) && ids.length >= Math.min(2, offered.length), 'InvalidZones')
  for (const { AllocationId, Ipv6Address } of mappings) {
    for (const [name, value] of Object.entries({ AllocationId, Ipv6Address })) {
      demand(value === undefined, `IllegalParam.${name}`, { name, reason: 'only private IPv4 addresses' })
    }
  }
}

/** Takes an address for the zone. */
export async function placeInZone(
  context: ActionContext,
  balancer: { readonly id: string; readonly vpc: string },
  { ZoneId, VSwitchId, PrivateIPv4Address }: ZoneMapping,
  generation: number,
): Promise<NlbZoneTable> {
  const { tx, randomBytes } = context
  const vswitch = found(await findVSwitch(tx, ownerOf(context), VSwitchId), 'ResourceNotFound.VSwitch')
  demand(vswitch.vpc_id === balancer.vpc, 'ResourceNotFound.VSwitch')
  demand(vswitch.zone_id === ZoneId, 'Mismatch.ZoneIdAndVswitchId')
  demand(vswitch.status === 'Available', 'ResourceInConfiguring.VswitchId')
  const eni = newId('eni', randomBytes)
  const reservation = await reserveAddress(tx, vswitch, eni, PrivateIPv4Address)
  if (!reservation.ok) {
    if (reservation.reason === 'Exhausted') throw new ApiError('ResourceNotEnough.VSwitchIp')
    if (reservation.reason === 'InUse') throw new ApiError('ResourceInUse.IP')
    const reason = 'not an address of the vSwitch'
    throw new ApiError('IllegalParam.PrivateIPv4Address', { name: 'PrivateIPv4Address', reason })
  }
  return {
    load_balancer_id: balancer.id,
    zone_id: ZoneId,
    vswitch_id: vswitch.id,
    address: reservation.address,
    eni_id: eni,
    status: 'Active',
    generation,
  }
}
