import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Dataplane } from '../../src/dataplane/dataplane.ts'
import { twoVpcs, twoVpcsWords } from '../fixtures/plans.ts'
import type { Workload } from './dataplane-world.ts'
import { World, hostState } from './dataplane-world.ts'

describe('two VPCs with the same addresses and a wire between them', () => {
  const world = new World()
  const plan = twoVpcs(world.deployment)
  let dataplane: Dataplane
  let before: string
  let client: Workload
  let local: Workload
  let one: Workload
  let two: Workload

  beforeAll(async () => {
    before = await hostState(world.deployment)
    dataplane = world.dataplane()
    expect(await dataplane.apply(plan, 'observed')).toEqual([])
    client = world.workload('i-client')
    local = world.workload('i-local')
    one = world.workload('i-one')
    two = world.workload('i-two')
    for (const backend of [one, two]) {
      await backend.serve(80)
      await backend.serve(81)
    }
    await client.serve(80)
  })
  afterAll(() => world.end())

  test('the client reaches both backends, in turn, and they see the wire only', async () => {
    const answers = [await client.call('10.0.0.10', 80), await client.call('10.0.0.10', 80)]
    expect(answers.sort()).toEqual(['i-one 100.64.0.2', 'i-two 100.64.0.2'])
  })

  test('a client of the provider reaches them by the balancer and directly, with its own address', async () => {
    expect(await local.call('10.0.0.100', 80)).toMatch(/^i-(one|two) 10\.0\.0\.182$/)
    expect(await local.call('10.0.0.200', 80)).toBe('i-one 10.0.0.182')
  })
})
