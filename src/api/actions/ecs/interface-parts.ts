/** What every new interface needs: security groups of its VPC, and an address of its vSwitch. */
import { groupsOfVpc } from '../../../store/security-groups.ts'
import { reserveAddress, type Reservation } from '../../../store/addresses.ts'
import type { VSwitchTable } from '../../../store/tables.ts'
import type { ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { ownerOf } from '../../new-resource.ts'
import { demand } from '../../require.ts'

interface GivenGroups {
  readonly SecurityGroupId?: string | undefined
  readonly SecurityGroupIds?: readonly string[] | undefined
}

/** The groups that a request names, one or several, all of this VPC and of one type. */
export async function givenGroups(
  context: ActionContext,
  { SecurityGroupId: one, SecurityGroupIds: several }: GivenGroups,
  vpc: string,
): Promise<readonly string[]> {
  demand(one === undefined || several === undefined, 'InvalidParameter.Conflict', {
    name: 'SecurityGroupIds',
    reason: 'SecurityGroupId is given too',
  })
  const ids = [...new Set(several ?? (one === undefined ? [] : [one]))]
  demand(ids.length > 0, 'MissingParameter', { name: 'SecurityGroupId' })
  const known = await groupsOfVpc(context.tx, ownerOf(context), vpc, ids)
  demand(known.length === ids.length, 'InvalidSecurityGroupId.NotFound')
  demand(new Set(known.map(({ type }) => type)).size === 1, 'InvalidSecurityGroupIds.TypeMismatch')
  return ids
}

type Refusal = Extract<Reservation, { readonly ok: false }>['reason']

const usualCodes: Readonly<Record<Refusal, string>> = {
  Malformed: 'InvalidPrivateIpAddress.Malformed',
  OutsideVSwitch: 'InvalidVSwitchId.IpInvalid',
  InUse: 'InvalidIPAddress.AlreadyUsed',
  Exhausted: 'InvalidVSwitchId.IpNotEnough',
}

/** `codes`: where an action has others for the same. */
export async function takeAddress(
  { tx }: ActionContext,
  vswitch: VSwitchTable,
  eni: string,
  wanted: string | undefined,
  codes: Partial<Readonly<Record<Refusal, string>>> = {},
): Promise<string> {
  const reservation = await reserveAddress(tx, vswitch, eni, wanted)
  if (reservation.ok) return reservation.address
  throw new ApiError({ ...usualCodes, ...codes }[reservation.reason])
}
