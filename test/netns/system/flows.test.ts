/** What becomes of open connections, and how their number chooses a backend: idle time, draining, least connections, QUIC. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ParamValues } from '../../../src/cli/client.ts'
import { execProgram, inside } from '../../../src/dataplane/exec.ts'
import { until } from '../../fixtures/deployment.ts'
import {
  makeBalancer,
  makeConsumer,
  makeEndpoint,
  makeInstance,
  makeService,
  zone,
  type Consumer,
} from '../../fixtures/topology.ts'
import { Workload } from '../dataplane-world.ts'
import { endCommand, endServer, inBackground, lineServer, quicCommand } from './programs.ts'
import { startSystem, type System } from './system.ts'

const scope = new AsyncDisposableStack()
let system: System
let offer: Consumer
let consumer: Consumer
let client: string
let workload: Workload

beforeAll(async () => {
  system = scope.use(await startSystem())
  ;[offer, consumer] = [await makeConsumer(system), await makeConsumer(system)]
  client = await makeInstance(system, consumer.vswitch, consumer.group, '')
  workload = new Workload(system.netns(client), 'client')
  scope.defer(() => workload.end())
})
afterAll(() => scope.disposeAsync())

const makeServers = (userData: string, { vswitch, group } = offer, count = 2) =>
  Promise.all(Array.from({ length: count }, () => makeInstance(system, vswitch, group, userData)))

async function connect(balancer: string): Promise<string> {
  const service = await makeService(system, [{ balancer, zone }], true)
  return (await makeEndpoint(system, service, consumer, ['Connected'])).address
}

/** Lines of a file in an instance's home, as soon as there are so many. */
async function lines(instance: string, file: string, count: number, deadlineMs = 60_000) {
  return await until(
    `${count} lines in ${file}`,
    async () => {
      const text = await system.home(instance, file).catch(() => '')
      const found = text.split('\n').slice(0, -1)
      return found.length >= count ? found : undefined
    },
    deadlineMs,
  )
}

/** A connection that says nothing after its first line; the name that answered. */
async function hold(address: string, file: string): Promise<string> {
  await system.run(client, inBackground(file, endCommand(address)))
  const [name = ''] = await lines(client, file, 1)
  return name
}

async function endOf(file: string): Promise<readonly [how: string, seconds: number]> {
  const [, line = ''] = await lines(client, file, 2)
  const [how = '', seconds] = line.split(' ')
  return [how, Number(seconds)]
}

test('an idle connection is reset at both ends when its time is over, a busy one is not', async () => {
  const servers = await makeServers(endServer)
  const listener = { EstablishedTimeout: 10 }
  const address = await connect(await makeBalancer(system, { ...offer, backends: servers, listener }))
  const busy = await workload.open(address, 80)
  const server = await hold(address, 'idle')
  const talking = setInterval(() => void busy(), 1000)
  const [how, seconds] = await endOf('idle')
  expect(how).toBe('reset')
  expect(seconds).toBeGreaterThan(9)
  expect(seconds).toBeLessThan(13)
  expect(await lines(server, 'ends', 1)).toEqual(['reset'])
  clearInterval(talking)
  expect(await busy()).toHaveProperty('text')
}, 60_000)

test('connections of a removed server drain, and are then reset at both ends; others stay', async () => {
  const servers = await makeServers(endServer)
  const listener = { ConnectionDrain: 'on', ConnectionDrainTimeout: 10 }
  const balancer = await makeBalancer(system, { ...offer, backends: servers, listener })
  const address = await connect(balancer)
  const names = [await hold(address, 'first'), await hold(address, 'second')]
  expect(new Set(names)).toEqual(new Set(servers))
  const [leaving = '', staying = ''] = names
  const away = { LoadBalancerId: balancer, BackendServers: JSON.stringify([{ ServerId: leaving }]) }
  const start = performance.now()
  await system.call('Slb', 'RemoveBackendServers', away)
  expect(await hold(address, 'third')).toBe(staying)
  const [how] = await endOf('first')
  const seconds = (performance.now() - start) / 1000
  expect(how).toBe('reset')
  expect(seconds).toBeGreaterThan(9.5)
  expect(seconds).toBeLessThan(13)
  expect(await lines(leaving, 'ends', 1)).toEqual(['reset'])
  for (const file of ['second', 'third']) expect(await lines(client, file, 1)).toEqual([staying])
}, 60_000)

test('least connections: whoever has fewer gets the next ones', async () => {
  // A VPC whose only balancer it is.
  const own = await makeConsumer(system)
  const servers = await makeServers(lineServer('tcp/80'), own)
  const [first = '', second = ''] = servers
  const listener = { Scheduler: 'wlc' }
  const balancer = await makeBalancer(system, { ...own, backends: servers, listener })
  const address = await connect(balancer)
  const open = async (count: number) => {
    const names: string[] = []
    for (let turn = 0; turn < count; turn++) {
      const outcome = await (await workload.open(address, 80))()
      names.push('text' in outcome ? (outcome.text.split(' ')[0] ?? '') : outcome.error)
    }
    return names
  }
  const weigh = async (weight: number) => {
    const weighed: ParamValues = { LoadBalancerId: balancer }
    const list = JSON.stringify([{ ServerId: second, Weight: weight }])
    await system.call('Slb', 'SetBackendServers', { ...weighed, BackendServers: list })
  }
  await weigh(0)
  expect(new Set(await open(12))).toEqual(new Set([first]))
  await weigh(100)
  // Connections are counted once a second.
  await until('the kernel to choose one server only', async () => {
    const { stdout } = await execProgram(
      inside(system.netns(own.vpc), ['nft', 'list', 'table', 'ip', 'postern']),
    )
    const choice = stdout.split('\n').find((line) => line.includes('numgen inc') && line.includes('. 80 }'))
    const targets = new Set(choice?.match(/10\.0\.\d+\.\d+ \. 80/g))
    return targets.size === 1 || undefined
  })
  expect(await open(6)).toEqual(Array.from({ length: 6 }, () => second))
}, 60_000)

test('QUIC packets of one connection id meet one server, whatever their port, and only those of a server that leaves move', async () => {
  const servers = await makeServers(lineServer('udp/443'), offer, 3)
  const balancer = await makeBalancer(system, { ...offer, backends: servers })
  const listener: ParamValues = { LoadBalancerId: balancer, ListenerPort: 443, Scheduler: 'qch' }
  await system.call('Slb', 'CreateLoadBalancerUDPListener', {
    ...listener,
    BackendServerPort: 443,
    HealthCheckSwitch: 'off',
  })
  await system.call('Slb', 'StartLoadBalancerListener', { LoadBalancerId: balancer, ListenerPort: 443 })
  const address = await connect(balancer)
  const ids = Array.from({ length: 24 }, (_, index) => `quic-${String(index).padStart(3, '0')}`)
  // A port that was used before would be an open flow, and stay with its server.
  let from = 10_000
  const rows = async () =>
    await until('all to answer', async () => {
      const { stdout } = await system.run(client, quicCommand(address, 443, from, ids))
      from += 4 * ids.length
      return stdout.includes('-\n') || stdout.includes('- ') ? undefined : stdout.trim().split('\n')
    })
  const chosen = (await rows()).map((row) => [...new Set(row.split(' '))])
  expect(chosen.map(({ length }) => length)).toEqual(ids.map(() => 1))
  const before = chosen.map(([name = '']) => name)
  expect(new Set(before)).toEqual(new Set(servers))

  const choices = async () => (await rows()).map((row) => [...new Set(row.split(' '))].join())
  const [gone = ''] = before
  const only = JSON.stringify([{ ServerId: gone, Weight: 100 }])
  await system.call('Slb', 'RemoveBackendServers', { LoadBalancerId: balancer, BackendServers: only })
  const after = await until('the server to be out', async () => {
    const now = await choices()
    return now.includes(gone) ? undefined : now
  })
  const moved = ids.filter((_, index) => after[index] !== before[index])
  expect(moved).toEqual(ids.filter((_, index) => before[index] === gone))
  await system.call('Slb', 'AddBackendServers', { LoadBalancerId: balancer, BackendServers: only })
  expect(
    await until('it to be back', async () => ((await choices()).includes(gone) ? choices() : undefined)),
  ).toEqual(before)
}, 90_000)
