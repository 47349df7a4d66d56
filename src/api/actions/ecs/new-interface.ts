/** What makes an interface: by itself, or together with the instance it belongs to. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { quotas } from '../../../model/quotas.ts'
import { freeText, resourceName } from '../../../model/rules.ts'
import { addAddress, countEnis, insertEni } from '../../../store/enis.ts'
import type { EniTable, VSwitchTable } from '../../../store/tables.ts'
import { findVSwitch } from '../../../store/vswitches.ts'
import type { ActionContext } from '../../action.ts'
import { newMac, ownerOf, type OwnedColumns } from '../../new-resource.ts'
import { choice, flag, integer, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { takeAddress } from './interface-parts.ts'

/** What can be changed later, too. */
export const describedParams = {
  NetworkInterfaceName: text({ pattern: resourceName }).optional(),
  Description: text({ pattern: freeText(2, 256), invalid: 'InvalidDescription.Malformed' }).optional(),
  DeleteOnRelease: flag().optional(),
  SourceDestCheck: flag().optional(),
  QueueNumber: integer(1, 1).optional(),
}

export const interfaceParams = {
  VSwitchId: text().optional(),
  SecurityGroupId: text().optional(),
  SecurityGroupIds: z.array(text()).max(quotas.securityGroupsPerEni).optional(),
  PrimaryIpAddress: text().optional(),
  PrivateIpAddress: z.array(text()).max(quotas.addressesPerEni).optional(),
  SecondaryPrivateIpAddressCount: integer(0, quotas.addressesPerEni).optional(),
  NetworkInterfaceTrafficMode: choice(['Standard']).optional(),
  Ipv6AddressCount: integer(0, 10).optional(),
  Ipv6Address: z.array(text()).optional(),
  ...describedParams,
}
const interfaceObject = z.object(interfaceParams)
export type InterfaceParams = Partial<z.infer<typeof interfaceObject>>

type Checked = Pick<
  InterfaceParams,
  | 'Ipv6Address'
  | 'Ipv6AddressCount'
  | 'SourceDestCheck'
  | 'PrivateIpAddress'
  | 'SecondaryPrivateIpAddressCount'
>

/** What `checkInterface`, `openVSwitch` and `createInterface` refuse with. */
export const interfaceErrors = [
  'IncorrectVSwitchStatus',
  'InvalidDescription.Malformed',
  'InvalidIPAddress.AlreadyUsed',
  'InvalidOperation.Ipv4CountExceeded',
  'InvalidParameter.Conflict',
  'InvalidPrivateIpAddress.Malformed',
  'InvalidSecurityGroupId.NotFound',
  'InvalidSecurityGroupIds.TypeMismatch',
  'InvalidVSwitchId.IpInvalid',
  'InvalidVSwitchId.IpNotEnough',
  'InvalidVSwitchId.NotFound',
  'MaxEniCountExceeded',
  'UnsupportedParameter',
] as const

/** An interface here has one queue, speaks IPv4, and checks sources. */
export function checkInterface(given: Checked): void {
  for (const name of ['Ipv6Address', 'Ipv6AddressCount'] as const) {
    demand(given[name] === undefined || given[name] === 0, 'UnsupportedParameter', { name })
  }
  demand(given.SourceDestCheck !== false, 'UnsupportedParameter', { name: 'SourceDestCheck' })
  const { PrivateIpAddress: addresses, SecondaryPrivateIpAddressCount: count = 0 } = given
  demand(addresses === undefined || count === 0, 'InvalidParameter.Conflict', {
    name: 'SecondaryPrivateIpAddressCount',
    reason: 'PrivateIpAddress is given too',
  })
  const further = addresses?.length ?? count
  demand(further < quotas.addressesPerEni, 'InvalidOperation.Ipv4CountExceeded')
}

/** The vSwitch a new interface comes into. */
export async function openVSwitch(context: ActionContext, id: string): Promise<VSwitchTable> {
  const vswitch = found(await findVSwitch(context.tx, ownerOf(context), id), 'InvalidVSwitchId.NotFound')
  demand(vswitch.status === 'Available', 'IncorrectVSwitchStatus')
  return vswitch
}

interface Place {
  readonly owned: OwnedColumns
  readonly generation: number
  readonly vswitch: VSwitchTable
  readonly groups: readonly string[]
  /** Who has it from the start; left out for nobody. */
  readonly holder?: { readonly instance: string; readonly device: number } | undefined
}

export async function createInterface(
  context: ActionContext,
  given: InterfaceParams,
  { owned, generation, vswitch, groups, holder }: Place,
): Promise<EniTable> {
  const { tx, randomBytes } = context
  const primary = holder?.device === 0
  if (!primary) demand((await countEnis(tx, ownerOf(context))) < quotas.enisPerRegion, 'MaxEniCountExceeded')
  const id = newId('eni', randomBytes)
  const eni: EniTable = {
    ...owned,
    id,
    generation,
    vpc_id: vswitch.vpc_id,
    vswitch_id: vswitch.id,
    zone_id: vswitch.zone_id,
    address: await takeAddress(context, vswitch, id, given.PrimaryIpAddress),
    mac: newMac(randomBytes),
    name: given.NetworkInterfaceName ?? '',
    description: given.Description ?? '',
    status: holder ? 'InUse' : 'Available',
    delete_on_release: given.DeleteOnRelease === false && !primary ? 0 : 1,
    instance_id: holder?.instance ?? null,
    is_primary: primary ? 1 : 0,
    device: holder?.device ?? 0,
    endpoint_id: null,
  }
  await insertEni(tx, eni, groups)
  await takeFurther(context, eni, vswitch, given)
  return eni
}

/** Addresses beside the first one: those that are named, or as many as are asked for. */
export async function takeFurther(
  context: ActionContext,
  eni: EniTable,
  vswitch: VSwitchTable,
  given: Pick<InterfaceParams, 'PrivateIpAddress' | 'SecondaryPrivateIpAddressCount'>,
): Promise<readonly string[]> {
  const count = given.SecondaryPrivateIpAddressCount ?? 0
  const wanted = given.PrivateIpAddress ?? Array.from({ length: count }, () => undefined)
  const taken: string[] = []
  for (const one of wanted) {
    const address = await takeAddress(context, vswitch, eni.id, one)
    await addAddress(context.tx, eni.id, address)
    taken.push(address)
  }
  return taken
}
