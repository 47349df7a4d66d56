/** What makes instances, several at once or one. */
import { newId } from '../../../model/ids.ts'
import { findInstanceType } from '../../../model/instance-types.ts'
import { quotas } from '../../../model/quotas.ts'
import { zonesOf } from '../../../model/regions.ts'
import { countFree } from '../../../store/addresses.ts'
import { updateEni } from '../../../store/enis.ts'
import { nextGeneration, nextUid } from '../../../store/generation.ts'
import { countInstances, insertInstance } from '../../../store/instances.ts'
import { findKeyPair } from '../../../store/key-pairs.ts'
import type { KeyPairTable, VSwitchTable } from '../../../store/tables.ts'
import { putTags, type Tag } from '../../../store/tags.ts'
import type { ActionContext } from '../../action.ts'
import { ownedColumns, ownerOf } from '../../new-resource.ts'
import { demand, found } from '../../require.ts'
import { readTagParams } from '../../tags.ts'
import { ecsTagErrors } from './errors.ts'
import { ecsRole, ecsRoleErrors } from './instance-ram-role.ts'
import { writeTerms } from './instance-terms.ts'
import { givenGroups } from './interface-parts.ts'
import { ownInterface } from './network-interfaces.ts'
import { createInterface, interfaceErrors, openVSwitch } from './new-interface.ts'
import { readReleaseTime } from './release-time.ts'
import { checkRunParams, runParamErrors, type RunParams } from './run-params.ts'

type InterfaceGiven = NonNullable<RunParams['NetworkInterface']>[number]

/** What `newInstances` refuses with. */
export const newInstanceErrors = [
  ...new Set([
    ...runParamErrors,
    ...interfaceErrors,
    ...ecsRoleErrors,
    'Duplicate.TagKey',
    'EniPerInstanceLimitExceeded',
    'InvalidEniId.NotFound',
    'InvalidKeyPairName.NotFound',
    'InvalidOperation.AvailabilityZoneMismatch',
    'InvalidOperation.InvalidEniState',
    'InvalidOperation.VpcMismatch',
    'InvalidResourceGroup.NotFound',
    'InvalidTagKey.Malformed',
    'InvalidTagValue.Malformed',
    'InvalidVSwitchId.ZoneMismatch',
    'InvalidZoneId.NotFound',
    'OperationDenied.ServiceManaged',
    'QuotaExceed.Instance',
  ]),
].sort()

/** @returns their ids. They are on their way up, or wait for their first start. */
export async function newInstances(
  context: ActionContext,
  given: RunParams,
  first: 'started' | 'stopped',
): Promise<string[]> {
  const { tx } = context
  const tagList = readTagParams(given.Tag, ecsTagErrors)
  checkRunParams(given)
  const generation = await nextGeneration(tx)
  const { primary, secondary } = interfacesOf(given)
  const vswitch = await openVSwitch(
    context,
    found(primary.VSwitchId, 'MissingParameter', { name: 'VSwitchId' }),
  )
  checkZone(context, given.ZoneId, vswitch)
  const groups = await givenGroups(context, primary, vswitch.vpc_id)
  const keyPair = await givenKeyPair(context, given.KeyPairName)
  const amount = await affordable(context, given, vswitch)
  const role = given.RamRoleName === undefined ? '' : await ecsRole(context, given.RamRoleName)
  const place = { vswitch, groups, generation, tagList, keyPair, role, primary, secondary }
  const ids: string[] = []
  while (ids.length < amount) ids.push(await createInstance(context, given, place, first))
  return ids
}

/** With MinAmount as many as there are addresses and quota for, if not fewer; without it, all or none. */
async function affordable(
  context: ActionContext,
  { Amount, MinAmount }: RunParams,
  vswitch: VSwitchTable,
): Promise<number> {
  const left = quotas.instancesPerRegion - (await countInstances(context.tx, ownerOf(context)))
  demand(left >= (MinAmount ?? Amount), 'QuotaExceed.Instance')
  if (MinAmount === undefined) return Amount
  return Math.max(MinAmount, Math.min(Amount, left, await countFree(context.tx, vswitch)))
}

/** The first interface may be described among the others, or by the parameters that came before those. */
function interfacesOf(given: RunParams): {
  primary: Partial<InterfaceGiven>
  secondary: readonly InterfaceGiven[]
} {
  const { VSwitchId, SecurityGroupId, SecurityGroupIds, PrivateIpAddress, NetworkInterface = [] } = given
  const older = { VSwitchId, SecurityGroupId, SecurityGroupIds, PrimaryIpAddress: PrivateIpAddress }
  const [primary, another] = NetworkInterface.filter(({ InstanceType }) => InstanceType === 'Primary')
  const secondary = NetworkInterface.filter(({ InstanceType }) => InstanceType === 'Secondary')
  if (!primary) return { primary: older, secondary }
  const twice = another ?? SecurityGroupId ?? SecurityGroupIds ?? PrivateIpAddress
  demand(twice === undefined, 'InvalidParameter.Conflict', {
    name: 'NetworkInterface',
    reason: 'the primary interface is described twice',
  })
  demand(primary.NetworkInterfaceId === undefined, 'UnsupportedParameter', {
    name: 'NetworkInterface.NetworkInterfaceId',
  })
  return { primary: { ...primary, VSwitchId: primary.VSwitchId ?? VSwitchId }, secondary }
}

function checkZone(
  { region, regions }: ActionContext,
  zone: string | undefined,
  vswitch: VSwitchTable,
): void {
  if (zone === undefined) return
  const known = zonesOf(regions, region).some(({ id }) => id === zone)
  demand(known, 'InvalidZoneId.NotFound')
  demand(zone === vswitch.zone_id, 'InvalidVSwitchId.ZoneMismatch')
}

export async function givenKeyPair(context: ActionContext, name: string | undefined) {
  if (name === undefined) return undefined
  return found(await findKeyPair(context.tx, ownerOf(context), name), 'InvalidKeyPairName.NotFound')
}

interface Place {
  readonly vswitch: VSwitchTable
  readonly groups: readonly string[]
  readonly generation: number
  readonly tagList: readonly Tag[]
  readonly keyPair: KeyPairTable | undefined
  /** Empty for none. */
  readonly role: string
  readonly primary: Partial<InterfaceGiven>
  readonly secondary: readonly InterfaceGiven[]
}

async function createInstance(
  context: ActionContext,
  given: RunParams,
  place: Place,
  first: 'started' | 'stopped',
): Promise<string> {
  const { tx, randomBytes, now } = context
  const { vswitch, groups, generation, tagList, keyPair } = place
  const id = newId('i', randomBytes)
  const owned = await ownedColumns(context, given.ResourceGroupId, 'InvalidResourceGroup.NotFound')
  const type = found(findInstanceType(given.InstanceType), 'InvalidInstanceType.NotSupported')
  const category = given.SystemDisk?.Category ?? 'cloud_efficiency'
  await insertInstance(tx, {
    ...owned,
    id,
    generation,
    vpc_id: vswitch.vpc_id,
    zone_id: vswitch.zone_id,
    name: given.InstanceName ?? id,
    host_name: given.HostName ?? id,
    description: given.Description ?? '',
    image_id: given.ImageId,
    instance_type: type.id,
    memory_mib: type.memoryMib,
    user_data: given.UserData ?? '',
    uid: await nextUid(tx),
    ...(first === 'started'
      ? { boot: 1, status: 'Pending', started_at: now.toISOString() }
      : { boot: 0, status: 'Stopped', started_at: '' }),
    deletion_protection: given.DeletionProtection === true ? 1 : 0,
    disk_id: newId('d', randomBytes),
    disk_category: category,
    disk_size: given.SystemDisk?.Size ?? 40,
    disk_name: given.SystemDisk?.DiskName ?? '',
    disk_description: given.SystemDisk?.Description ?? '',
    disk_performance_level: category === 'cloud_essd' ? (given.SystemDisk?.PerformanceLevel ?? 'PL1') : '',
    key_pair_name: keyPair?.name ?? '',
    public_key: keyPair?.public_key ?? '',
    terms: writeTerms(given),
    ram_role_name: place.role,
    moved_boot: 0,
    release_at: readReleaseTime(given.AutoReleaseTime, now),
  })
  const holder = { instance: id, device: 0 }
  await createInterface(context, place.primary, { owned, generation, vswitch, groups, holder })
  demand(place.secondary.length < type.enis, 'EniPerInstanceLimitExceeded')
  let device = 1
  for (const one of place.secondary) {
    await addInterface(context, one, place, { instance: id, device })
    device += 1
  }
  await putTags(tx, 'instance', [id], tagList)
  return id
}

/** A further interface: one that is there already, or a new one, by itself in the vSwitch and groups of the first. */
async function addInterface(
  context: ActionContext,
  given: InterfaceGiven,
  place: Place,
  holder: { readonly instance: string; readonly device: number },
): Promise<void> {
  const { generation } = place
  if (given.NetworkInterfaceId !== undefined) {
    const eni = await ownInterface(context, given.NetworkInterfaceId)
    demand(eni.status === 'Available', 'InvalidOperation.InvalidEniState')
    checkPlace(eni, place.vswitch)
    const { instance, device } = holder
    await updateEni(context.tx, eni.id, { status: 'Attaching', instance_id: instance, device, generation })
    return
  }
  const vswitch = given.VSwitchId === undefined ? place.vswitch : await openVSwitch(context, given.VSwitchId)
  checkPlace(vswitch, place.vswitch)
  const own = given.SecurityGroupId ?? given.SecurityGroupIds
  const groups = own === undefined ? place.groups : await givenGroups(context, given, vswitch.vpc_id)
  const owned = await ownedColumns(context, undefined, 'InvalidResourceGroup.NotFound')
  await createInterface(context, given, { owned, generation, vswitch, groups, holder })
}

function checkPlace(
  { vpc_id: vpc, zone_id: zone }: Pick<VSwitchTable, 'vpc_id' | 'zone_id'>,
  first: VSwitchTable,
): void {
  demand(vpc === first.vpc_id, 'InvalidOperation.VpcMismatch')
  demand(zone === first.zone_id, 'InvalidOperation.AvailabilityZoneMismatch')
}
