/** Ecs 2014-05-26: start, stop, reboot and delete an instance. For several at once see `instance-batches.ts`. */
import { z } from 'zod'
import { nextGeneration } from '../../../store/generation.ts'
import { findInstance, startDeletion, updateInstance } from '../../../store/instances.ts'
import type { InstanceTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext, type ActionStatus } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { flag, text } from '../../params.ts'
import { isNextHop } from '../../../store/route-entries.ts'
import { demand, found } from '../../require.ts'

type Change = Pick<InstanceTable, 'status'> & Partial<Pick<InstanceTable, 'boot' | 'started_at'>>

/** Takes an instance from one of the statuses `from` on its way to another. */
export interface PowerChange {
  readonly verb: 'Start' | 'Stop' | 'Reboot'
  readonly one: { readonly en: string; readonly zh: string }
  readonly many: { readonly en: string; readonly zh: string }
  readonly status: ActionStatus
  readonly from: readonly InstanceTable['status'][]
  readonly change: (instance: InstanceTable, now: string) => Change
}

const boot: PowerChange['change'] = (instance, now) => ({
  status: 'Starting',
  boot: instance.boot + 1,
  started_at: now,
})

export const powerChanges: readonly PowerChange[] = [
  {
    verb: 'Start',
    one: { en: 'Starts a stopped instance.', zh: '启动一台实例。' },
    many: { en: 'Starts stopped instances.', zh: '批量启动实例。' },
    status: 'full',
    from: ['Stopped'],
    change: boot,
  },
  {
    verb: 'Stop',
    one: { en: 'Stops a running instance.', zh: '停止运行一台实例。' },
    many: { en: 'Stops running instances.', zh: '批量停止实例。' },
    status: {
      partial:
        '`StoppedMode` is ignored: a stopped instance costs nothing. `ForceStop` is ignored: what does not end is ended.',
    },
    from: ['Running', 'Starting'],
    change: () => ({ status: 'Stopping' }),
  },
  {
    verb: 'Reboot',
    one: { en: 'Starts a running instance anew.', zh: '重启一台处于运行中的实例。' },
    many: { en: 'Starts running instances anew.', zh: '批量重启实例。' },
    status: { partial: '`ForceStop` is ignored: what does not end is ended.' },
    from: ['Running'],
    change: boot,
  },
]

/** @returns the instance as it was. */
export async function changePower(
  context: ActionContext,
  { from, change }: PowerChange,
  id: string,
  generation: number,
): Promise<{ readonly before: InstanceTable; readonly status: InstanceTable['status'] }> {
  const before = await livingInstance(context, id)
  demand(from.includes(before.status), 'IncorrectInstanceStatus')
  const changed = change(before, context.now.toISOString())
  await updateInstance(context.tx, before.id, { ...changed, generation })
  return { before, status: changed.status }
}

export async function releaseInstance(
  context: ActionContext,
  id: string,
  force: boolean,
  generation: number,
): Promise<void> {
  const instance = await livingInstance(context, id)
  demand(instance.deletion_protection === 0, 'InvalidOperation.DeletionProtection')
  demand(instance.status === 'Stopped' || force, 'IncorrectInstanceStatus')
  demand(!(await isNextHop(context.tx, instance.id)), 'DependencyViolation.RouteEntry')
  await startDeletion(context.tx, instance.id, generation)
}

/** An instance that is going is treated as gone: nothing can be asked of it any more. */
export async function livingInstance(context: ActionContext, id: string): Promise<InstanceTable> {
  const instance = await findInstance(context.tx, ownerOf(context), id)
  return found(instance?.status === 'Deleting' ? undefined : instance, 'InvalidInstanceId.NotFound')
}

function powerAction(power: PowerChange): Action {
  return defineAction({
    product: 'Ecs',
    name: `${power.verb}Instance`,
    summary: power.one,
    status: power.status,
    params: z.object({ InstanceId: text() }),
    result: z.object({}),
    effect: 'write',
    errors: ['IncorrectInstanceStatus', 'InvalidInstanceId.NotFound'],
    handler: async (context, { InstanceId }) => {
      await changePower(context, power, InstanceId, await nextGeneration(context.tx))
      return {}
    },
  })
}

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
  errors: [
    'DependencyViolation.RouteEntry',
    'IncorrectInstanceStatus',
    'InvalidInstanceId.NotFound',
    'InvalidOperation.DeletionProtection',
  ],
  handler: async (context, { InstanceId, Force }) => {
    await releaseInstance(context, InstanceId, Force === true, await nextGeneration(context.tx))
    return {}
  },
})

export const instancePowerActions: readonly Action[] = [...powerChanges.map(powerAction), deleteInstance]
