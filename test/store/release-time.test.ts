/** Instances that are released by themselves, by the clock of the deployment: it begins on 2026-11-23 at midnight. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createGroupCommit } from '../../src/store/group-commit.ts'
import { keepHouse } from '../../src/store/housekeeping.ts'
import type { WireParams } from './call.ts'
import { provider, setScene, type Scene } from './scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await setScene()
})
afterAll(() => scene.of.db.destroy())

const call = (action: string, params: WireParams) => scene.of.call(provider, action, params)
const set = (AutoReleaseTime: string) =>
  call('Ecs.ModifyInstanceAutoReleaseTime', { InstanceId: scene.ecs2, AutoReleaseTime })

async function shown() {
  const { Instances } = await call('Ecs.DescribeInstances', { InstanceIds: JSON.stringify([scene.ecs2]) })
  const [instance] = (Instances as { Instance: { AutoReleaseTime: string; Status: string }[] }).Instance
  return instance
}

/** Keeps house at that time. @returns whether the world became another one. */
async function at(time: string): Promise<boolean> {
  let changed = false
  await keepHouse(
    createGroupCommit(scene.of.db),
    () => new Date(time),
    () => (changed = true),
  )
  return changed
}

test('the time is told to the minute, and taken back by none', async () => {
  await set('2026-11-23T02:03:59Z')
  expect(await shown()).toMatchObject({ AutoReleaseTime: '2026-11-23T02:03Z' })
  await set('')
  expect(await shown()).toMatchObject({ AutoReleaseTime: '' })
  expect(await at('2026-11-24T00:00:00Z')).toBe(false)
})

test.each([
  '2026-11-23T00:29:00Z',
  '2029-11-24T00:00:00Z',
  '2026-11-31T00:00:00Z',
  '2026-11-23T25:00:00Z',
  '2026-11-23T02:00Z',
  'tomorrow',
])('%s is no time for it', async (AutoReleaseTime) => {
  const params = { InstanceId: scene.ecs2, AutoReleaseTime }
  const code = await scene.of.refusal(provider, 'Ecs.ModifyInstanceAutoReleaseTime', params)
  expect(code).toBe('InvalidAutoReleaseTime.Malformed')
})

test('when it comes the instance goes, although it runs and is protected, but not while a route leads to it', async () => {
  await call('Ecs.ModifyInstanceAttribute', { InstanceId: scene.ecs2, DeletionProtection: true })
  await set('2026-11-23T03:00:00Z')
  const { RouterTableList } = await call('Vpc.DescribeRouteTableList', { VpcId: scene.vpc2.vpc })
  const tables = RouterTableList as { RouterTableListType: { RouteTableId: string }[] }
  const route = {
    RouteTableId: tables.RouterTableListType[0]?.RouteTableId ?? '',
    DestinationCidrBlock: '172.30.0.0/16',
  }
  await call('Vpc.CreateRouteEntry', { ...route, NextHopId: scene.ecs2 })
  await scene.of.settle()
  expect(await at('2026-11-23T02:59:59Z')).toBe(false)
  expect(await at('2026-11-23T03:00:00Z')).toBe(false)
  await call('Vpc.DeleteRouteEntry', route)
  expect(await at('2026-11-23T03:01:00Z')).toBe(true)
  expect(await at('2026-11-23T03:02:00Z')).toBe(false)
  const { instances, loadBalancers } = await scene.of.world()
  expect(instances.map(({ id }) => id)).toEqual([scene.ecs1])
  expect(JSON.stringify(loadBalancers)).not.toContain(scene.ecs2)
  expect(await shown()).toMatchObject({ Status: 'Stopping' })
  await scene.of.settle()
  expect(await shown()).toBeUndefined()
})
