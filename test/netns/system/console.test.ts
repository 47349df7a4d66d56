/** What an instance writes to its console is what the API shows of it, and no more than its end. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../fixtures/deployment.ts'
import { makeGroup, makeInstance, makeVpc, makeVSwitch } from '../../fixtures/topology.ts'
import { startSystem, type System } from './system.ts'

const scope = new AsyncDisposableStack()
let system: System
let vswitch: string
let group: string

beforeAll(async () => {
  system = scope.use(await startSystem())
  const vpc = await makeVpc(system)
  vswitch = await makeVSwitch(system, vpc, '10.0.0.0/24')
  group = await makeGroup(system, vpc)
})

afterAll(() => scope.disposeAsync())

async function consoleOf(instance: string, wanted: RegExp): Promise<string> {
  return await until(`the console to show ${wanted}`, async () => {
    const answer = await system.call('Ecs', 'GetInstanceConsoleOutput', { InstanceId: instance })
    const log = Buffer.from(String(answer['ConsoleOutput']), 'base64').toString()
    return wanted.test(log) ? log : undefined
  })
}

test('the console shows what the script wrote', async () => {
  const instance = await makeInstance(system, vswitch, group, '#!/bin/sh\necho good morning\n')
  expect(await consoleOf(instance, /morning/)).toMatch(/^good morning$/m)
})

test('of a long log, over both of its pieces, the last 64 KB', async () => {
  const script = '#!/bin/sh\nseq -w 1 200000\necho the end\n'
  const instance = await makeInstance(system, vswitch, group, script)
  const log = await consoleOf(instance, /^the end$/m)
  expect(log.length).toBe(64 * 1024)
  expect(log).toContain('200000\nthe end\n')
})
