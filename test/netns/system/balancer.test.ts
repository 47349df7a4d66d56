/** The balancer's rotation: dead applications, weights, and what becomes of open connections. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { until } from '../../fixtures/deployment.ts'
import { Workload } from '../dataplane-world.ts'
import { makeLink, startSystem, type Link, type System } from './system.ts'

const scope = new AsyncDisposableStack()
let system: System
let link: Link
let client: Workload
let first: string
let second: string

beforeAll(async () => {
  system = scope.use(await startSystem())
  const healthCheck = { HealthCheckInterval: 1, HealthyThreshold: 2, UnhealthyThreshold: 2 }
  link = await makeLink(system, healthCheck)
  ;[first = '', second = ''] = link.backends
  client = new Workload(system.netns(link.client), 'client')
  scope.defer(() => client.end())
})

beforeEach(() => health('normal', 'normal'))

afterAll(() => scope.disposeAsync())

/** Waits until the API tells these statuses of the two backends. */
async function health(...wanted: readonly ('normal' | 'abnormal')[]): Promise<true> {
  return until(`health ${wanted.join(', ')}`, async () => {
    const answer = await system.call('Slb', 'DescribeHealthStatus', { LoadBalancerId: link.balancer })
    const { BackendServer } = answer['BackendServers'] as {
      BackendServer: { ServerId: string; ServerHealthStatus: string }[]
    }
    const statuses = new Map(
      BackendServer.map(({ ServerId, ServerHealthStatus }) => [ServerId, ServerHealthStatus]),
    )
    const found = [first, second].map((server) => statuses.get(server))
    return found.every((status, index) => status === wanted[index]) || undefined
  })
}

/** The application ends, and does not come back before `revive`. */
async function kill(instance: string): Promise<void> {
  await system.run(instance, ['sh', '-c', 'touch dead; kill -9 $(cat server)'])
}

async function revive(instance: string): Promise<void> {
  await system.run(instance, ['rm', 'dead'])
}

/** Who answers new connections, one after another; an error's code where nobody does. */
async function answers(count = 10): Promise<readonly string[]> {
  const names: string[] = []
  for (let turn = 0; turn < count; turn++) {
    const [name = ''] = (await client.call(link.address, 80)).split(' ')
    names.push(name)
  }
  return names
}

/** A connection to each backend; they are given turns. */
async function openBoth() {
  const pairs = [await open(), await open()] as const
  const to = (instance: string) => pairs.find(({ name }) => name === instance)
  const [toFirst, toSecond] = [to(first), to(second)]
  if (!toFirst || !toSecond) throw new Error('the two connections went to one backend')
  return [toFirst.say, toSecond.say] as const
}

async function open() {
  const say = await client.open(link.address, 80)
  const outcome = await say()
  return { say, name: 'text' in outcome ? outcome.text.split(' ')[0] : outcome.error }
}

test('a backend whose application dies leaves the rotation, and comes back', async () => {
  const [, say] = await openBoth()
  await kill(first)
  await health('abnormal', 'normal')
  expect(new Set(await answers())).toEqual(new Set([second]))
  expect(await say()).toHaveProperty('text')
  await revive(first)
  await health('normal', 'normal')
  await until('the first to be asked again', async () => (await answers()).includes(first) || undefined)
  expect((await answers(10)).filter((name) => name === first)).toHaveLength(5)
  expect(await say()).toHaveProperty('text')
})

test('weight 0 takes no new connections, and open ones go on', async () => {
  const [say] = await openBoth()
  const weigh = (weight: number) =>
    system.call('Slb', 'SetBackendServers', {
      LoadBalancerId: link.balancer,
      BackendServers: JSON.stringify([
        { ServerId: first, Weight: weight },
        { ServerId: second, Weight: 100 },
      ]),
    })
  await weigh(0)
  expect(new Set(await answers())).toEqual(new Set([second]))
  expect(await say()).toHaveProperty('text')
  await weigh(100)
  expect(new Set(await answers())).toEqual(new Set([first, second]))
})

test('wrr goes by weight in each round, rr by turns alone', async () => {
  const { balancer: LoadBalancerId } = link
  const shares = async () => {
    const names = await answers(12)
    return [first, second].map((server) => names.filter((name) => name === server).length)
  }
  const weigh = (weight: number) =>
    system.call('Slb', 'SetBackendServers', {
      LoadBalancerId,
      BackendServers: JSON.stringify([{ ServerId: first, Weight: weight }]),
    })
  const schedule = (Scheduler: string) =>
    system.call('Slb', 'SetLoadBalancerTCPListenerAttribute', { LoadBalancerId, ListenerPort: 80, Scheduler })
  await weigh(50)
  await until('one of three', async () => (await shares()).join() === '4,8' || undefined)
  await schedule('rr')
  await until('one of two', async () => (await shares()).join() === '6,6' || undefined)
  await schedule('wrr')
  await until('one of three again', async () => (await shares()).join() === '4,8' || undefined)
  await weigh(100)
})

test('with all backends down a client is refused at once', async () => {
  await Promise.all([kill(first), kill(second)])
  await health('abnormal', 'abnormal')
  expect(new Set(await answers(5))).toEqual(new Set(['ECONNREFUSED']))
  await Promise.all([revive(first), revive(second)])
  await health('normal', 'normal')
  await until('both to answer', async () => new Set(await answers()).size === 2 || undefined)
})
