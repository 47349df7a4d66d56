/** Ecs 2014-05-26: start, stop, reboot and delete instances. */
import { z } from 'zod'
import { nextGeneration } from '../../../store/generation.ts'
import { findInstance, removeFromBackends, updateInstance } from '../../../store/instances.ts'
import type { InstanceTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext, type ActionStatus } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { flag, text } from '../../params.ts'
import { demand, found } from '../../require.ts'

type Change = Pick<InstanceTable, 'status'> & Partial<Pick<InstanceTable, 'boot' | 'started_at'>>

/** An action that takes an instance from one of the statuses `from` on its way to another. */
function power(
  name: 'StartInstance' | 'StopInstance' | 'RebootInstance',
  summary: { readonly en: string; readonly zh: string },
  status: ActionStatus,
  from: readonly InstanceTable['status'][],
  change: (instance: InstanceTable, now: string) => Change,
) {
  return defineAction({
    product: 'Ecs',
    name,
    summary,
    status,
    params: z.object({ InstanceId: text() }),
    result: z.object({}),
    effect: 'write',
    handler: async (context, { InstanceId }) => {
      const generation = await nextGeneration(context.tx)
      const instance = await ownInstance(context, InstanceId)
      demand(from.includes(instance.status), 'IncorrectInstanceStatus')
      const changed = change(instance, context.now.toISOString())
      await updateInstance(context.tx, instance.id, { ...changed, generation })
      return {}
    },
  })
}

const startInstance = power(
  'StartInstance',
  { en: 'Starts a stopped instance.', zh: '启动一台实例。' },
  'full',
  ['Stopped'],
  ({ boot }, now) => ({ status: 'Starting', boot: boot + 1, started_at: now }),
)

const stopInstance = power(
  'StopInstance',
  { en: 'Stops a running instance.', zh: '停止运行一台实例。' },
  {
    partial:
      '`StoppedMode` is ignored: a stopped instance costs nothing. `ForceStop` is ignored: what does not end is ended.',
  },
  ['Running', 'Starting'],
  () => ({ status: 'Stopping' }),
)

const rebootInstance = power(
  'RebootInstance',
  { en: 'Starts a running instance anew.', zh: '重启一台处于运行中的实例。' },
  { partial: '`ForceStop` is ignored: what does not end is ended.' },
  ['Running'],
  ({ boot }, now) => ({ status: 'Starting', boot: boot + 1, started_at: now }),
)

const deleteInstance = defineAction({
  product: 'Ecs',
  name: 'DeleteInstance',
  summary: { en: 'Deletes an instance; `Force` also a running one.', zh: '释放一台实例。' },
  status: {
    partial: 'An instance that is a backend leaves its server groups instead of being kept by them.',
  },
  params: z.object({ InstanceId: text(), Force: flag().optional() }),
  result: z.object({}),
  effect: 'write',
  handler: async (context, { InstanceId, Force }) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const instance = await ownInstance(context, InstanceId)
    demand(instance.deletion_protection === 0, 'InvalidOperation.DeletionProtection')
    demand(instance.status === 'Stopped' || Force === true, 'IncorrectInstanceStatus')
    await removeFromBackends(tx, instance.id)
    await updateInstance(tx, instance.id, { status: 'Deleting', generation })
    return {}
  },
})

/** An instance that is going is treated as gone: nothing can be asked of it any more. */
async function ownInstance(context: ActionContext, id: string): Promise<InstanceTable> {
  const instance = await findInstance(context.tx, ownerOf(context), id)
  return found(instance?.status === 'Deleting' ? undefined : instance, 'InvalidInstanceId.NotFound')
}

export const instancePowerActions: readonly Action[] = [
  startInstance,
  stopInstance,
  rebootInstance,
  deleteInstance,
]
