/** Several instances with one call: all of them or none, or each by itself. */
import { beforeAll, expect, test } from 'vitest'
import type { WireParams } from './call.ts'
import { consumer, setScene, type Scene } from './scene.ts'
import { side } from './side.ts'

let scene: Scene
let second: string
beforeAll(async () => {
  scene = await setScene()
  second = await side(scene.of, consumer).instance(scene.vpc1, '10.0.0.9')
})

const call = (action: string, params: WireParams = {}) => scene.of.call(consumer, action, params)
const refusal = (action: string, params: WireParams) => scene.of.refusal(consumer, action, params)
const both = () => ({ 'InstanceId.1': scene.ecs1, 'InstanceId.2': second })

async function responses(action: string, params: WireParams): Promise<unknown> {
  return ((await call(action, params))['InstanceResponses'] as { InstanceResponse: unknown[] })
    .InstanceResponse
}

test('one that cannot keeps all from being changed, unless each is on its own', async () => {
  expect(await responses('Ecs.RebootInstances', both())).toMatchObject([
    { InstanceId: scene.ecs1, PreviousStatus: 'Running', CurrentStatus: 'Starting', Code: '200' },
    { InstanceId: second, PreviousStatus: 'Running', CurrentStatus: 'Starting', Code: '200' },
  ])
  await scene.of.settle()
  await call('Ecs.StopInstance', { InstanceId: second })
  await scene.of.settle()
  expect(await refusal('Ecs.StopInstances', both())).toBe('IncorrectInstanceStatus')
  const each = { BatchOptimization: 'SuccessFirst' }
  expect(await responses('Ecs.StopInstances', { ...both(), ...each })).toMatchObject([
    { InstanceId: scene.ecs1, CurrentStatus: 'Stopping', Code: '200' },
    { InstanceId: second, CurrentStatus: 'Stopped', Code: 'IncorrectInstanceStatus' },
  ])
  await scene.of.settle()
  expect(await refusal('Ecs.StartInstances', { ...both(), 'InstanceId.3': 'i-none' })).toBe(
    'InvalidInstanceId.NotFound',
  )
  expect(await refusal('Ecs.StartInstances', {})).toBe('MissingParameter')
  await call('Ecs.StartInstances', both())
  await scene.of.settle()
  const status = await call('Ecs.DescribeInstanceStatus', both())
  expect(status).toMatchObject({
    InstanceStatuses: { InstanceStatus: [{ Status: 'Running' }, { Status: 'Running' }] },
  })
})

test('running instances are deleted together only by force', async () => {
  expect(await refusal('Ecs.DeleteInstances', both())).toBe('IncorrectInstanceStatus')
  await call('Ecs.DeleteInstances', { ...both(), Force: true })
  await scene.of.settle()
  expect(await call('Ecs.DescribeInstances')).toMatchObject({ TotalCount: 0 })
})
