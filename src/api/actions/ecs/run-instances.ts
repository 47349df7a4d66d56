/** Ecs 2014-05-26, RunInstances. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { findImage, findInstanceType } from '../../../model/instance-types.ts'
import { quotas } from '../../../model/quotas.ts'
import { freeText, hostName, resourceName } from '../../../model/rules.ts'
import { insertEni } from '../../../store/enis.ts'
import { nextGeneration, nextUid } from '../../../store/generation.ts'
import { countInstances, insertInstance } from '../../../store/instances.ts'
import type { VSwitchTable } from '../../../store/tables.ts'
import { putTags, type Tag } from '../../../store/tags.ts'
import { findVSwitch } from '../../../store/vswitches.ts'
import { defineAction, type ActionContext } from '../../action.ts'
import { newMac, ownedColumns, ownerOf } from '../../new-resource.ts'
import { flag, integer, tags, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { strings } from '../../results.ts'
import { readTagParams } from '../../tags.ts'
import { ecsTagErrors } from './errors.ts'
import { givenGroups, takeAddress } from './interface-parts.ts'

const userDataLimit = 16 * 1024

const params = z.object({
  ImageId: text({ missing: 'MissingParameter' }),
  InstanceType: text(),
  VSwitchId: text(),
  SecurityGroupId: text().optional(),
  SecurityGroupIds: z.array(text()).max(quotas.securityGroupsPerEni).optional(),
  ZoneId: text().optional(),
  InstanceName: text({ pattern: resourceName, invalid: 'InvalidInstanceName.Malformed' }).optional(),
  HostName: text({ pattern: hostName, invalid: 'InvalidHostName.Malformed' }).optional(),
  Description: text({ pattern: freeText(2, 256), invalid: 'InvalidDescription.Malformed' }).optional(),
  PrivateIpAddress: text().optional(),
  NetworkInterface: z
    .array(
      z.object({
        InstanceType: text().optional(),
        VSwitchId: text().optional(),
        NetworkInterfaceId: text().optional(),
      }),
    )
    .optional(),
  UserData: text().optional(),
  Amount: integer(1, 100, { invalid: 'InvalidParameter.Amount' }).default(1),
  DeletionProtection: flag().optional(),
  InternetMaxBandwidthOut: integer(0, 100).optional(),
  SystemDisk: z.object({ Category: text().optional(), Size: integer(20, 2048).optional() }).optional(),
  ResourceGroupId: text().optional(),
  Tag: tags(),
})
type RunParams = z.infer<typeof params>

export const runInstances = defineAction({
  product: 'Ecs',
  name: 'RunInstances',
  summary: {
    en: 'Creates instances and starts them; UserData runs in each.',
    zh: '创建并启动一台或多台 ECS 实例，实例启动后执行 UserData。',
  },
  status: {
    partial:
      'An instance is a sandbox on the host, with one network interface and one disk in name only. Subscription, spot prices, data disks, passwords, key pairs, roles, launch templates and IPv6 are ignored; a public bandwidth and further interfaces (`Ecs.AttachNetworkInterface` adds them) are refused; the image and type must be ones that `Ecs.DescribeImages` and `Ecs.DescribeInstanceTypes` list.',
  },
  params,
  result: z.object({ InstanceIdSets: strings('InstanceIdSet') }),
  effect: 'write',
  handler: async (context, given) => {
    const { tx } = context
    const tagList = readTagParams(given.Tag, ecsTagErrors)
    checkValues(given)
    const generation = await nextGeneration(tx)
    const vswitch = found(
      await findVSwitch(tx, ownerOf(context), given.VSwitchId),
      'InvalidVSwitchId.NotFound',
    )
    demand(vswitch.status === 'Available', 'IncorrectVSwitchStatus')
    demand(given.ZoneId === undefined || given.ZoneId === vswitch.zone_id, 'InvalidVSwitchId.ZoneMismatch')
    const groups = await givenGroups(context, given, vswitch.vpc_id)
    const count = await countInstances(tx, ownerOf(context))
    demand(count + given.Amount <= quotas.instancesPerRegion, 'QuotaExceed.Instance')
    const ids: string[] = []
    while (ids.length < given.Amount) {
      ids.push(await createInstance(context, given, { vswitch, groups, generation, tagList }))
    }
    return { InstanceIdSets: { InstanceIdSet: ids } }
  },
})

function checkValues(given: RunParams): void {
  // More interfaces come with AttachNetworkInterface.
  demand(given.NetworkInterface === undefined, 'UnsupportedParameter', { name: 'NetworkInterface' })
  demand(findImage(given.ImageId) !== undefined, 'InvalidImageId.NotFound')
  demand(findInstanceType(given.InstanceType) !== undefined, 'InvalidInstanceType.NotSupported')
  demand((given.InternetMaxBandwidthOut ?? 0) === 0, 'InvalidParameter', {
    name: 'InternetMaxBandwidthOut',
    reason: 'instances have no public address here',
  })
  demand(given.Amount === 1 || given.PrivateIpAddress === undefined, 'InvalidParameter', {
    name: 'PrivateIpAddress',
    reason: 'one address cannot serve several instances',
  })
  const userData = given.UserData ?? ''
  demand(
    /^[A-Za-z0-9+/]*={0,2}$/.test(userData) && userData.length % 4 === 0,
    'InvalidUserData.Base64FormatInvalid',
  )
  demand(Buffer.from(userData, 'base64').length <= userDataLimit, 'InvalidUserData.SizeExceeded')
}

interface Placement {
  readonly vswitch: VSwitchTable
  readonly groups: readonly string[]
  readonly generation: number
  readonly tagList: readonly Tag[]
}

async function createInstance(
  context: ActionContext,
  given: RunParams,
  { vswitch, groups, generation, tagList }: Placement,
): Promise<string> {
  const { tx, randomBytes, now } = context
  const id = newId('i', randomBytes)
  const owned = await ownedColumns(context, given.ResourceGroupId, 'InvalidResourceGroup.NotFound')
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
    instance_type: given.InstanceType,
    memory_mib: found(findInstanceType(given.InstanceType), 'InvalidInstanceType.NotSupported').memoryMib,
    user_data: given.UserData ?? '',
    uid: await nextUid(tx),
    boot: 1,
    status: 'Pending',
    started_at: now.toISOString(),
    deletion_protection: given.DeletionProtection === true ? 1 : 0,
    disk_id: newId('d', randomBytes),
    disk_category: given.SystemDisk?.Category ?? 'cloud_efficiency',
    disk_size: given.SystemDisk?.Size ?? 40,
  })
  const eni = newId('eni', randomBytes)
  await insertEni(
    tx,
    {
      ...owned,
      id: eni,
      generation,
      vpc_id: vswitch.vpc_id,
      vswitch_id: vswitch.id,
      zone_id: vswitch.zone_id,
      address: await takeAddress(context, vswitch, eni, given.PrivateIpAddress),
      mac: newMac(randomBytes),
      name: '',
      description: '',
      instance_id: id,
      is_primary: 1,
      device: 0,
      endpoint_id: null,
    },
    groups,
  )
  await putTags(tx, 'instance', [id], tagList)
  return id
}
