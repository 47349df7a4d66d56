/** Ecs 2014-05-26: a stopped instance moves to another vSwitch or another address of its VPC. */
import { z } from 'zod'
import { enisOfInstances, furtherAddresses, updateEni } from '../../../store/enis.ts'
import { freeAddresses } from '../../../store/addresses.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { updateInstance } from '../../../store/instances.ts'
import type { EniTable, InstanceTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { text } from '../../params.ts'
import { demand } from '../../require.ts'
import { livingInstance } from './instance-power.ts'
import { takeAddress } from './interface-parts.ts'
import { openVSwitch } from './new-interface.ts'

const modifyInstanceVpcAttribute = defineAction({
  product: 'Ecs',
  name: 'ModifyInstanceVpcAttribute',
  summary: {
    en: 'Moves a stopped instance to another vSwitch or another address.',
    zh: '修改一台实例的交换机或私网IP地址。',
  },
  status: {
    partial:
      'Within its VPC: another `VpcId`, and with it `SecurityGroupId`, is refused. With its own vSwitch and without an address nothing changes. An instance whose primary interface has further addresses stays in its vSwitch (`OperationDenied`).',
  },
  params: z.object({
    InstanceId: text(),
    VSwitchId: text(),
    PrivateIpAddress: text().optional(),
    VpcId: text().optional(),
    SecurityGroupId: z.array(text()).optional(),
  }),
  result: z.object({}),
  effect: 'write',
  answer: 'when-in-kernel',
  errors: [
    'IncorrectInstanceStatus',
    'IncorrectVSwitchStatus',
    'InvalidInstanceId.NotFound',
    'InvalidPrivateIp.Changing',
    'InvalidPrivateIpAddress.Duplicated',
    'InvalidPrivateIpAddress.Malformed',
    'InvalidPrivateIpAddress.Mismatch',
    'InvalidVSwitchId.IpNotEnough',
    'InvalidVSwitchId.Mismatch',
    'InvalidVSwitchId.NotFound',
    'OperationDenied',
    'UnsupportedParameter',
  ],
  handler: async (context, { InstanceId, VSwitchId, PrivateIpAddress, VpcId, SecurityGroupId }) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const instance = await livingInstance(context, InstanceId)
    demand(VpcId === undefined || VpcId === instance.vpc_id, 'UnsupportedParameter', { name: 'VpcId' })
    demand(SecurityGroupId === undefined, 'UnsupportedParameter', { name: 'SecurityGroupId' })
    demand(instance.status === 'Stopped', 'IncorrectInstanceStatus')
    const vswitch = await openVSwitch(context, VSwitchId)
    demand(vswitch.vpc_id === instance.vpc_id, 'InvalidVSwitchId.NotFound')
    demand(vswitch.zone_id === instance.zone_id, 'InvalidVSwitchId.Mismatch')
    const eni = await primaryInterface(context, instance)
    const stays = vswitch.id === eni.vswitch_id
    if (stays && (PrivateIpAddress ?? eni.address) === eni.address) return {}
    demand(instance.moved_boot < instance.boot, 'InvalidPrivateIp.Changing')
    const further = (await furtherAddresses(tx, [eni.id]))(eni.id)
    demand(stays || further.length === 0, 'OperationDenied', {
      reason: 'the further addresses of the interface are of its vSwitch',
    })
    await freeAddresses(tx, eni.vpc_id, [eni.address])
    const address = await takeAddress(context, vswitch, eni.id, PrivateIpAddress, {
      OutsideVSwitch: 'InvalidPrivateIpAddress.Mismatch',
      InUse: 'InvalidPrivateIpAddress.Duplicated',
    })
    await updateEni(tx, eni.id, { vswitch_id: vswitch.id, address, generation })
    await updateInstance(tx, instance.id, { moved_boot: instance.boot, generation })
    return {}
  },
})

export async function primaryInterface({ tx }: ActionContext, { id }: InstanceTable): Promise<EniTable> {
  const [primary] = (await enisOfInstances(tx, [id])).get(id) ?? []
  if (!primary) throw new Error(`instance ${id} has no primary interface`)
  return primary
}

export const moveInstanceActions: readonly Action[] = [modifyInstanceVpcAttribute]
