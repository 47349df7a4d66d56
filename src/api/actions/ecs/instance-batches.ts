/** Ecs 2014-05-26: start, stop, reboot and delete several instances with one call. */
import { z } from 'zod'
import { nextGeneration } from '../../../store/generation.ts'
import { findInstance } from '../../../store/instances.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { ownerOf } from '../../new-resource.ts'
import { choice, flag, text } from '../../params.ts'
import { wrapped } from '../../results.ts'
import { changePower, powerChanges, releaseInstance, type PowerChange } from './instance-power.ts'

const instanceIds = () => z.array(text()).min(1).max(100)

const response = z.object({
  InstanceId: z.string(),
  PreviousStatus: z.string(),
  CurrentStatus: z.string(),
  Code: z.string(),
  Message: z.string(),
})

function batch(power: PowerChange): Action {
  return defineAction({
    product: 'Ecs',
    name: `${power.verb}Instances`,
    summary: power.many,
    status: power.status,
    params: z.object({
      InstanceId: instanceIds(),
      BatchOptimization: choice(['AllTogether', 'SuccessFirst']).default('AllTogether'),
    }),
    result: z.object({ InstanceResponses: wrapped('InstanceResponse', response) }),
    effect: 'write',
    errors: ['IncorrectInstanceStatus', 'InvalidInstanceId.NotFound'],
    handler: async (context, { InstanceId, BatchOptimization }) => {
      const generation = await nextGeneration(context.tx)
      const responses: z.infer<typeof response>[] = []
      for (const id of new Set(InstanceId)) {
        try {
          const { before, status } = await changePower(context, power, id, generation)
          const statuses = { PreviousStatus: before.status, CurrentStatus: status }
          responses.push({ InstanceId: id, ...statuses, Code: '200', Message: 'success' })
        } catch (error) {
          // All together: the first that cannot takes back what was done for the others.
          if (!(error instanceof ApiError) || BatchOptimization === 'AllTogether') throw error
          responses.push(await refused(context, id, error))
        }
      }
      return { InstanceResponses: { InstanceResponse: responses } }
    },
  })
}

async function refused(context: ActionContext, id: string, { code, message }: ApiError) {
  const status = (await findInstance(context.tx, ownerOf(context), id))?.status ?? ''
  return { InstanceId: id, PreviousStatus: status, CurrentStatus: status, Code: code, Message: message }
}

const deleteInstances = defineAction({
  product: 'Ecs',
  name: 'DeleteInstances',
  summary: { en: 'Deletes instances; `Force` also running ones.', zh: '批量释放实例。' },
  status: {
    partial: 'An instance that is a backend leaves its server groups instead of being kept by them.',
  },
  params: z.object({ InstanceId: instanceIds(), Force: flag().optional() }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'DependencyViolation.RouteEntry',
    'IncorrectInstanceStatus',
    'InvalidInstanceId.NotFound',
    'InvalidOperation.DeletionProtection',
  ],
  handler: async (context, { InstanceId, Force }) => {
    const generation = await nextGeneration(context.tx)
    for (const id of new Set(InstanceId)) await releaseInstance(context, id, Force === true, generation)
    return {}
  },
})

export const instanceBatchActions: readonly Action[] = [...powerChanges.map(batch), deleteInstances]
