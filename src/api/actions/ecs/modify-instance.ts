/** Ecs 2014-05-26: the type, the terms and the disk of an instance change. */
import { z } from 'zod'
import { findInstanceType } from '../../../model/instance-types.ts'
import { freeText, resourceName } from '../../../model/rules.ts'
import { enisOfInstances } from '../../../store/enis.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { listInstances, updateInstance } from '../../../store/instances.ts'
import type { InstanceTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { flag, integer, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { livingInstance } from './instance-power.ts'
import { checkCredits, metadataParams, readTerms, termParams, writeTerms } from './instance-terms.ts'

const modifyInstanceSpec = defineAction({
  product: 'Ecs',
  name: 'ModifyInstanceSpec',
  summary: { en: 'Changes the type of a stopped instance.', zh: '调整一台按量付费ECS实例的实例规格。' },
  status: { partial: 'A public bandwidth is refused: instances have no public address.' },
  params: z.object({
    InstanceId: text(),
    InstanceType: text(),
    InternetMaxBandwidthOut: integer(0, 100).optional(),
  }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'EniPerInstanceLimitExceeded',
    'IncorrectInstanceStatus',
    'InvalidInstanceId.NotFound',
    'InvalidInstanceType.NotSupported',
    'InvalidParameter.CreditSpecification',
    'UnsupportedParameter',
  ],
  handler: async (context, { InstanceId, InstanceType, InternetMaxBandwidthOut = 0 }) => {
    demand(InternetMaxBandwidthOut === 0, 'UnsupportedParameter', { name: 'InternetMaxBandwidthOut' })
    const generation = await nextGeneration(context.tx)
    const instance = await livingInstance(context, InstanceId)
    const type = found(findInstanceType(InstanceType), 'InvalidInstanceType.NotSupported')
    demand(instance.status === 'Stopped', 'IncorrectInstanceStatus')
    const credits = readTerms(instance.terms).CreditSpecification
    checkCredits(type.id, credits === '' ? undefined : credits)
    const interfaces = (await enisOfInstances(context.tx, [instance.id])).get(instance.id) ?? []
    demand(interfaces.length <= type.enis, 'EniPerInstanceLimitExceeded')
    const change = { instance_type: type.id, memory_mib: type.memoryMib, generation }
    await updateInstance(context.tx, instance.id, change)
    return {}
  },
})

const modifyInstanceNetworkSpec = defineAction({
  product: 'Ecs',
  name: 'ModifyInstanceNetworkSpec',
  summary: {
    en: 'Changes the terms of the public bandwidth of an instance.',
    zh: '修改一台实例的带宽配置和网络计费方式。',
  },
  status: {
    partial:
      'Kept and told again, as in `Ecs.RunInstances`. An outgoing bandwidth and a public address are refused: instances have none.',
  },
  params: z.object({
    InstanceId: text(),
    InternetMaxBandwidthOut: integer(0, 100, {
      invalid: 'InvalidInternetMaxBandwidthOut.Malformed',
    }).optional(),
    InternetMaxBandwidthIn: termParams.InternetMaxBandwidthIn,
    NetworkChargeType: termParams.InternetChargeType,
    AllocatePublicIp: flag().optional(),
  }),
  result: z.object({ OrderId: z.string() }),
  effect: 'write',
  errors: [
    'InvalidInstanceId.NotFound',
    'InvalidInternetChargeType.ValueNotSupported',
    'InvalidInternetMaxBandwidthIn.Malformed',
    'InvalidInternetMaxBandwidthOut.Malformed',
    'UnsupportedParameter',
  ],
  handler: async (context, params) => {
    const {
      InternetMaxBandwidthOut = 0,
      InternetMaxBandwidthIn,
      NetworkChargeType: InternetChargeType,
    } = params
    demand(InternetMaxBandwidthOut === 0, 'UnsupportedParameter', { name: 'InternetMaxBandwidthOut' })
    demand(params.AllocatePublicIp !== true, 'UnsupportedParameter', { name: 'AllocatePublicIp' })
    const instance = await livingInstance(context, params.InstanceId)
    const terms = writeTerms({ InternetMaxBandwidthIn, InternetChargeType }, instance.terms)
    await updateInstance(context.tx, instance.id, { terms })
    return { OrderId: '' }
  },
})

const modifyInstanceMetadataOptions = defineAction({
  product: 'Ecs',
  name: 'ModifyInstanceMetadataOptions',
  summary: { en: 'Changes the metadata options of an instance.', zh: '修改实例元数据的信息。' },
  status: { partial: 'Kept and told again: there is no metadata service.' },
  params: z.object({ InstanceId: text(), ...metadataParams }),
  result: z.object({}),
  effect: 'write',
  errors: ['InvalidInstanceId.NotFound'],
  handler: async (context, { InstanceId, ...options }) => {
    const instance = await livingInstance(context, InstanceId)
    await updateInstance(context.tx, instance.id, { terms: writeTerms(options, instance.terms) })
    return {}
  },
})

const modifyDiskAttribute = defineAction({
  product: 'Ecs',
  name: 'ModifyDiskAttribute',
  summary: { en: 'Changes name and description of a disk.', zh: '修改一块云盘的名称、描述等属性。' },
  status: {
    partial:
      'A system disk goes with its instance and has no snapshots: other values of those parameters are refused.',
  },
  params: z.object({
    DiskId: text(),
    DiskName: text({ pattern: resourceName, invalid: 'InvalidDiskName.Malformed' }).optional(),
    Description: text({ pattern: freeText(2, 256), invalid: 'InvalidDiskDescription.Malformed' }).optional(),
    DeleteWithInstance: flag().optional(),
    DeleteAutoSnapshot: flag().optional(),
    EnableAutoSnapshot: flag().optional(),
  }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'InvalidDiskDescription.Malformed',
    'InvalidDiskId.NotFound',
    'InvalidDiskName.Malformed',
    'UnsupportedParameter',
  ],
  handler: async (context, params) => {
    const { DiskId, DiskName, Description, DeleteWithInstance, EnableAutoSnapshot } = params
    demand(DeleteWithInstance !== false, 'UnsupportedParameter', { name: 'DeleteWithInstance' })
    demand(EnableAutoSnapshot !== true, 'UnsupportedParameter', { name: 'EnableAutoSnapshot' })
    const instance = await instanceOfDisk(context, DiskId)
    await updateInstance(context.tx, instance.id, {
      disk_name: DiskName ?? instance.disk_name,
      disk_description: Description ?? instance.disk_description,
    })
    return {}
  },
})

const resizeDisk = defineAction({
  product: 'Ecs',
  name: 'ResizeDisk',
  summary: { en: 'Makes a disk larger.', zh: '扩容一块云盘。' },
  status: { partial: 'The size is kept and told again, as in `Ecs.DescribeDisks`; it is not carried out.' },
  params: z.object({
    DiskId: text(),
    NewSize: integer(20, 2048, { invalid: 'InvalidDiskSize.ValueNotSupported' }),
    Type: text({ pattern: /^(offline|online)$/ }).optional(),
  }),
  result: z.object({ OrderId: z.string() }),
  effect: 'write',
  errors: ['InvalidDiskId.NotFound', 'InvalidDiskSize.TooSmall', 'InvalidDiskSize.ValueNotSupported'],
  handler: async (context, { DiskId, NewSize }) => {
    const instance = await instanceOfDisk(context, DiskId)
    demand(NewSize > instance.disk_size, 'InvalidDiskSize.TooSmall')
    await updateInstance(context.tx, instance.id, { disk_size: NewSize })
    return { OrderId: '' }
  },
})

async function instanceOfDisk(context: ActionContext, disk: string): Promise<InstanceTable> {
  const page = { offset: 0, limit: 1 }
  const { rows } = await listInstances(context.tx, ownerOf(context), { disks: [disk], tags: [] }, page)
  return found(rows[0], 'InvalidDiskId.NotFound')
}

export const modifyInstanceActions: readonly Action[] = [
  modifyInstanceSpec,
  modifyInstanceNetworkSpec,
  modifyInstanceMetadataOptions,
  modifyDiskAttribute,
  resizeDisk,
]
