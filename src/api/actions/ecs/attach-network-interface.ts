/** Ecs 2014-05-26: a secondary interface comes to an instance and leaves it, while the instance runs or is stopped. */
import { z } from 'zod'
import { findInstanceType } from '../../../model/instance-types.ts'
import { enisOfInstances, updateEni } from '../../../store/enis.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { findInstance } from '../../../store/instances.ts'
import type { InstanceTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { integer, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { ownInterface } from './network-interfaces.ts'

const attachParams = z.object({
  InstanceId: text(),
  NetworkInterfaceId: text(),
  NetworkCardIndex: integer(0, 0).optional(),
})

const attachNetworkInterface = defineAction({
  product: 'Ecs',
  name: 'AttachNetworkInterface',
  summary: { en: 'Gives an instance one more network interface.', zh: '附加一个弹性网卡到实例上。' },
  status: 'full',
  params: attachParams,
  result: z.object({}),
  effect: 'write',
  errors: [
    'EniPerInstanceLimitExceeded',
    'InvalidEcsId.NotFound',
    'InvalidEniId.NotFound',
    'InvalidOperation.AvailabilityZoneMismatch',
    'InvalidOperation.InvalidEcsState',
    'InvalidOperation.InvalidEniState',
    'InvalidOperation.VpcMismatch',
    'OperationDenied.ServiceManaged',
  ],
  handler: async (context, { InstanceId, NetworkInterfaceId }) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const eni = await ownInterface(context, NetworkInterfaceId)
    const instance = await settledInstance(context, InstanceId)
    demand(eni.status === 'Available', 'InvalidOperation.InvalidEniState')
    demand(eni.vpc_id === instance.vpc_id, 'InvalidOperation.VpcMismatch')
    demand(eni.zone_id === instance.zone_id, 'InvalidOperation.AvailabilityZoneMismatch')
    const present = (await enisOfInstances(tx, [instance.id])).get(instance.id) ?? []
    const most = findInstanceType(instance.instance_type)?.enis ?? 1
    demand(present.length < most, 'EniPerInstanceLimitExceeded')
    const taken = new Set(present.map(({ device }) => device))
    let device = 1
    while (taken.has(device)) device += 1
    await updateEni(tx, eni.id, { status: 'Attaching', instance_id: instance.id, device, generation })
    return {}
  },
})

const detachNetworkInterface = defineAction({
  product: 'Ecs',
  name: 'DetachNetworkInterface',
  summary: { en: 'Takes a secondary network interface from its instance.', zh: '从实例上分离一个弹性网卡。' },
  status: 'full',
  params: attachParams.omit({ NetworkCardIndex: true }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'InvalidEcsId.NotFound',
    'InvalidEniId.NotFound',
    'InvalidOperation.DetachPrimaryEniNotAllowed',
    'InvalidOperation.InvalidEcsState',
    'InvalidOperation.InvalidEniState',
    'OperationDenied.ServiceManaged',
  ],
  handler: async (context, { InstanceId, NetworkInterfaceId }) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const eni = await ownInterface(context, NetworkInterfaceId)
    const instance = await settledInstance(context, InstanceId)
    demand(eni.is_primary === 0, 'InvalidOperation.DetachPrimaryEniNotAllowed')
    const here = eni.instance_id === instance.id && (eni.status === 'InUse' || eni.status === 'Detaching')
    demand(here, 'InvalidOperation.InvalidEniState')
    // Asking again for what is on its way is allowed and changes nothing.
    if (eni.status === 'InUse') await updateEni(tx, eni.id, { status: 'Detaching', generation })
    return {}
  },
})

async function settledInstance(context: ActionContext, id: string): Promise<InstanceTable> {
  const instance = await findInstance(context.tx, ownerOf(context), id)
  const known = found(instance?.status === 'Deleting' ? undefined : instance, 'InvalidEcsId.NotFound')
  demand(known.status === 'Running' || known.status === 'Stopped', 'InvalidOperation.InvalidEcsState')
  return known
}

export const attachNetworkInterfaceActions: readonly Action[] = [
  attachNetworkInterface,
  detachNetworkInterface,
]
