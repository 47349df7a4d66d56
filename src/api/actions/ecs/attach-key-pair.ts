/** Ecs 2014-05-26: the key of a pair comes to instances, or leaves them, with their next start. */
import { z } from 'zod'
import { nextGeneration } from '../../../store/generation.ts'
import { updateInstance } from '../../../store/instances.ts'
import { findKeyPair } from '../../../store/key-pairs.ts'
import type { InstanceTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { json, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { wrapped } from '../../results.ts'
import { ownInstance } from './instances.ts'

const params = z.object({
  KeyPairName: text(),
  InstanceIds: json(z.array(z.string()).min(1).max(50)),
})

const result = z.object({
  KeyPairName: z.string(),
  TotalCount: z.string(),
  FailCount: z.string(),
  Results: wrapped(
    'Result',
    z.object({ InstanceId: z.string(), Success: z.string(), Code: z.string(), Message: z.string() }),
  ),
})

const errors = ['IncorrectInstanceStatus', 'InvalidInstanceId.NotFound', 'InvalidKeyPairName.NotFound']

const attachKeyPair = defineAction({
  product: 'Ecs',
  name: 'AttachKeyPair',
  summary: { en: 'Gives instances the key of a pair, instead of the one they have.', zh: '绑定SSH密钥对。' },
  status: 'full',
  params,
  result,
  effect: 'write',
  errors,
  handler: async (context, { KeyPairName, InstanceIds }) => {
    const generation = await nextGeneration(context.tx)
    const pair = found(
      await findKeyPair(context.tx, ownerOf(context), KeyPairName),
      'InvalidKeyPairName.NotFound',
    )
    const change = { key_pair_name: pair.name, public_key: pair.public_key, generation }
    for (const { id } of await stayingInstances(context, InstanceIds)) {
      await updateInstance(context.tx, id, change)
    }
    return described(pair.name, InstanceIds)
  },
})

const detachKeyPair = defineAction({
  product: 'Ecs',
  name: 'DetachKeyPair',
  summary: { en: 'Takes the key of a pair from instances.', zh: '解绑SSH密钥对。' },
  status: 'full',
  params,
  result,
  effect: 'write',
  errors,
  handler: async (context, { KeyPairName, InstanceIds }) => {
    const generation = await nextGeneration(context.tx)
    const instances = await stayingInstances(context, InstanceIds)
    // The pair itself may have been deleted since.
    const attached = instances.every(({ key_pair_name: name }) => name === KeyPairName)
    demand(attached, 'InvalidKeyPairName.NotFound')
    const change = { key_pair_name: '', public_key: '', generation }
    for (const { id } of instances) await updateInstance(context.tx, id, change)
    return described(KeyPairName, InstanceIds)
  },
})

/** Instances that are not on their way into or out of existence. */
async function stayingInstances(context: ActionContext, ids: readonly string[]): Promise<InstanceTable[]> {
  const instances: InstanceTable[] = []
  for (const id of new Set(ids)) {
    const instance = await ownInstance(context, id)
    demand(instance.status !== 'Pending' && instance.status !== 'Deleting', 'IncorrectInstanceStatus')
    instances.push(instance)
  }
  return instances
}

/** All or none: one that cannot makes the call fail. */
function described(name: string, ids: readonly string[]): z.infer<typeof result> {
  const distinct = [...new Set(ids)]
  return {
    KeyPairName: name,
    TotalCount: String(distinct.length),
    FailCount: '0',
    Results: {
      Result: distinct.map((id) => ({ InstanceId: id, Success: 'true', Code: '200', Message: 'successful' })),
    },
  }
}

export const attachKeyPairActions: readonly Action[] = [attachKeyPair, detachKeyPair]
