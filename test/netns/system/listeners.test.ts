/** Kinds of listeners through a private link: datagrams, checks by HTTP and UDP, master and slave, limits, persistence. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ParamValues } from '../../../src/cli/client.ts'
import { command, inNetns } from '../../fixtures/command.ts'
import { runCommand } from '../../../src/cli/command.ts'
import { until } from '../../fixtures/deployment.ts'
import {
  makeBalancer,
  makeEndpoint,
  makeGroup,
  makeInstance,
  makeNlb,
  makeService,
  makeVpc,
  makeVSwitch,
  zone,
  type Consumer,
} from '../../fixtures/topology.ts'
import { datagramsCommand } from '../dataplane-programs.ts'
import { Workload } from '../dataplane-world.ts'
import { lineServer, statusServer } from './programs.ts'
import { startSystem, type System } from './system.ts'

const scope = new AsyncDisposableStack()
let system: System
let offer: Consumer
let consumer: Consumer
let clientId: string
let client: Workload

beforeAll(async () => {
  system = scope.use(await startSystem())
  ;[offer, consumer] = [await makeNet(), await makeNet()]
  clientId = await makeInstance(system, consumer.vswitch, consumer.group, '')
  client = new Workload(system.netns(clientId), 'client')
  scope.defer(() => client.end())
})
afterAll(() => scope.disposeAsync())

async function makeNet(): Promise<Consumer> {
  const vpc = await makeVpc(system)
  const vswitch = await makeVSwitch(system, vpc, '10.0.0.0/22')
  const group = await makeGroup(system, vpc, [
    { PortRange: '1/65535' },
    { PortRange: '1/65535', IpProtocol: 'UDP' },
  ])
  return { vpc, vswitch, group }
}

const slb = (action: string, params: ParamValues) => system.call('Slb', action, params)

const makeServers = (userData: string, count = 2) =>
  Promise.all(Array.from({ length: count }, () => makeInstance(system, offer.vswitch, offer.group, userData)))

/** An address of the consumer's that leads to the balancer. */
async function connect(balancer: string): Promise<string> {
  const service = await makeService(system, [{ balancer, zone }], true)
  return (await makeEndpoint(system, service, consumer, ['Connected'])).address
}

/** Waits until the API tells these statuses of the servers behind a listener's port. */
async function health(LoadBalancerId: string, ListenerPort: number, wanted: Record<string, string>) {
  await until(`health ${JSON.stringify(wanted)}`, async () => {
    const answer = await slb('DescribeHealthStatus', { LoadBalancerId, ListenerPort })
    const { BackendServer } = answer['BackendServers'] as {
      BackendServer: { ServerId: string; ServerHealthStatus: string }[]
    }
    const seen = new Map(
      BackendServer.map(({ ServerId, ServerHealthStatus }) => [ServerId, ServerHealthStatus]),
    )
    return Object.entries(wanted).every(([server, status]) => seen.get(server) === status) || undefined
  })
}

const kill = (id: string) => system.run(id, ['sh', '-c', 'touch dead; kill -9 $(cat server)'])
const revive = (id: string) => system.run(id, ['rm', 'dead'])

/** Who answers new connections or datagrams, one after another. */
async function answers(address: string, count: number, port = 80, protocol: 'tcp' | 'udp' = 'tcp') {
  const names: string[] = []
  for (let turn = 0; turn < count; turn++) {
    names.push((await client.call(address, port, { protocol })).split(' ')[0] ?? '')
  }
  return names
}

const quick = { HealthCheckInterval: 1, HealthyThreshold: 2, UnhealthyThreshold: 2 }

test('datagrams go to servers and back, and a closed port takes its server out', async () => {
  const servers = await makeServers(lineServer('tcp/80', 'udp/53'))
  const [first = '', second = ''] = servers
  const balancer = await makeBalancer(system, { ...offer, backends: servers })
  const listener = { LoadBalancerId: balancer, ListenerPort: 53 }
  const check = { ...quick, HealthCheckConnectTimeout: 1 }
  await slb('CreateLoadBalancerUDPListener', { ...listener, BackendServerPort: 53, ...check })
  await slb('StartLoadBalancerListener', { ...listener, ListenerProtocol: 'udp' })
  const address = await connect(balancer)
  await health(balancer, 53, { [first]: 'normal', [second]: 'normal' })
  expect(new Set(await answers(address, 6, 53, 'udp'))).toEqual(new Set(servers))

  await kill(first)
  await health(balancer, 53, { [first]: 'abnormal', [second]: 'normal' })
  await until('the kernel to know', async () => {
    const names = new Set(await answers(address, 4, 53, 'udp'))
    return (names.size === 1 && names.has(second)) || undefined
  })
  await revive(first)
  await health(balancer, 53, { [first]: 'normal' })
  // Whoever must answer, and does not as expected, is abnormal.
  await slb('SetLoadBalancerUDPListenerAttribute', {
    ...listener,
    HealthCheckReq: 'ping',
    HealthCheckExp: 'pong',
  })
  await health(balancer, 53, { [first]: 'abnormal', [second]: 'abnormal' })
})

test('an HTTP check takes a server out by its status, and lets it in again', async () => {
  const servers = await makeServers(statusServer)
  const [first = '', second = ''] = servers
  const listener = { ...quick, HealthCheckType: 'http', HealthCheckURI: '/healthy', HealthCheckMethod: 'get' }
  const balancer = await makeBalancer(system, { ...offer, backends: servers, listener })
  const address = await connect(balancer)
  await health(balancer, 80, { [first]: 'normal', [second]: 'normal' })
  await system.run(first, ['sh', '-c', 'echo 503 >status'])
  await health(balancer, 80, { [first]: 'abnormal', [second]: 'normal' })
  await until('the kernel to know', async () => {
    const names = new Set(await answers(address, 4))
    return (names.size === 1 && names.has(second)) || undefined
  })
  await slb('SetLoadBalancerTCPListenerAttribute', {
    LoadBalancerId: balancer,
    ListenerPort: 80,
    HealthCheckHttpCode: 'http_2xx,http_5xx',
  })
  await health(balancer, 80, { [first]: 'normal', [second]: 'normal' })
})

test('a slave serves only while its master cannot, and open connections stay where they are', async () => {
  const servers = await makeServers(lineServer('tcp/80'))
  const [master = '', slave = ''] = servers
  const balancer = await makeBalancer(system, { ...offer, backends: [], listener: quick })
  const pair = [
    { ServerId: master, Port: 80, ServerType: 'Master' },
    { ServerId: slave, Port: 80, ServerType: 'Slave' },
  ]
  const { MasterSlaveServerGroupId } = await slb('CreateMasterSlaveServerGroup', {
    LoadBalancerId: balancer,
    MasterSlaveBackendServers: JSON.stringify(pair),
  })
  await slb('SetLoadBalancerTCPListenerAttribute', {
    LoadBalancerId: balancer,
    ListenerPort: 80,
    MasterSlaveServerGroup: 'on',
    MasterSlaveServerGroupId: String(MasterSlaveServerGroupId),
  })
  const address = await connect(balancer)
  await health(balancer, 80, { [master]: 'normal', [slave]: 'normal' })
  expect(new Set(await answers(address, 4))).toEqual(new Set([master]))
  await kill(master)
  await until('the slave to serve', async () => (await answers(address, 1))[0] === slave || undefined)
  const say = await client.open(address, 80)
  expect(await say()).toMatchObject({ text: expect.stringContaining(slave) as string })
  await revive(master)
  await until('the master to serve', async () => (await answers(address, 1))[0] === master || undefined)
  expect(await say()).toMatchObject({ text: expect.stringContaining(slave) as string })
})

test('clients of one source stay with one server for as long as they are told to', async () => {
  const servers = await makeServers(lineServer('tcp/80'))
  const listener = { ...quick, PersistenceTimeout: 100 }
  const balancer = await makeBalancer(system, { ...offer, backends: servers, listener })
  const address = await connect(balancer)
  await health(balancer, 80, { [servers[0] ?? '']: 'normal', [servers[1] ?? '']: 'normal' })
  const [kept = ''] = await answers(address, 1)
  expect(new Set(await answers(address, 6))).toEqual(new Set([kept]))
  // The other one is made heavier: who is remembered stays, though the rules have changed.
  const other = servers.find((id) => id !== kept) ?? ''
  const weights = [
    { ServerId: kept, Weight: 1 },
    { ServerId: other, Weight: 100 },
  ]
  await slb('SetBackendServers', { LoadBalancerId: balancer, BackendServers: JSON.stringify(weights) })
  expect(new Set(await answers(address, 6))).toEqual(new Set([kept]))
  await kill(kept)
  await until('the other to serve', async () => (await answers(address, 1))[0] === other || undefined)
})

test('new connections beyond the limit are dropped and counted; those that are open are not touched', async () => {
  const otherZone = 'eu-central-1a'
  const vswitch = await makeVSwitch(system, offer.vpc, '10.0.8.0/24', otherZone)
  const servers = await makeServers(lineServer('tcp/80'), 1)
  const { nlb } = await makeNlb(system, {
    vpc: offer.vpc,
    places: [
      { zone, vswitch: offer.vswitch },
      { zone: otherZone, vswitch },
    ],
    backends: servers,
    listener: { Cps: 1 },
  })
  const service = await makeService(system, [{ balancer: nlb, zone }], true, 'nlb')
  const { address } = await makeEndpoint(system, service, consumer, ['Connected'])
  const say = await until('a connection', () => client.open(address, 80).catch(() => undefined))
  const outcomes = await Promise.all(
    Array.from({ length: 6 }, () => client.call(address, 80, { timeoutMs: 500 })),
  )
  expect(outcomes.filter((text) => text === 'timeout').length).toBeGreaterThanOrEqual(4)
  expect(await say()).toHaveProperty('text')
  const rules = await command(
    'ip',
    'netns',
    'exec',
    system.netns(offer.vpc),
    'nft',
    'list',
    'table',
    'ip',
    'postern',
  )
  const [, counter = ''] =
    /limit rate over 1\/second burst 1 packets counter name "([^"]+)"/.exec(rules) ?? []
  const [, dropped] = new RegExp(`counter ${counter} \\{\\s+packets (\\d+)`).exec(rules) ?? []
  expect(Number(dropped)).toBeGreaterThanOrEqual(4)
})

test('a CLB has as many open and new connections as its specification says, and what is beyond is counted with its reason', async () => {
  const servers = await makeServers(lineServer('tcp/80', 'udp/53'), 1)
  const balancer = await makeBalancer(system, { ...offer, backends: servers, spec: 'slb.s1.small' })
  const listener = { LoadBalancerId: balancer, ListenerPort: 5300 }
  await slb('CreateLoadBalancerUDPListener', {
    ...listener,
    BackendServerPort: 53,
    HealthCheckSwitch: 'off',
  })
  await slb('StartLoadBalancerListener', { ...listener, ListenerProtocol: 'udp' })
  const address = await connect(balancer)
  const say = await until('a connection', () => client.open(address, 80).catch(() => undefined))
  const router = system.netns(offer.vpc)
  const open = async () => {
    const listed = await inNetns(router, 'conntrack', '-L', '-p', 'udp', '--orig-port-dst', '5300')
    return listed.split('\n').filter((line) => line.includes('src=')).length
  }
  const send = async (from: number, count: number) =>
    await inNetns(system.netns(clientId), ...datagramsCommand(address, 5300, from, count))
  const token = (await readFile(join(system.state, 'server', 'metrics-token'), 'utf8')).trim()
  /** Of the page for Prometheus. */
  const dropped = async (reason: string) => {
    const page = await fetch(new URL('/metrics', system.console), {
      headers: { authorization: `Bearer ${token}` },
    })
    const line = `postern_balancer_dropped_connections_total\\{balancer="${balancer}",reason="${reason}"\\} (\\d+)`
    return Number(new RegExp(line).exec(await page.text())?.[1])
  }

  // As fast as it can: a second's worth is let in, and what time it takes.
  const start = performance.now()
  await send(1024, 8_000)
  const rate = 3_000 * (1 + (performance.now() - start) / 1000)
  const first = await open()
  expect(first).toBeGreaterThanOrEqual(3_000)
  expect(first).toBeLessThanOrEqual(Math.min(rate, 5_000))
  await until('its reason', async () => (await dropped('new-connections')) > 0 || undefined)

  // The same ports again and again: those that are open are no new ones. One of the 5,000 is that of TCP.
  await until('the limit', async () => {
    await send(1024, 8_000)
    return (await open()) >= 4_999 || undefined
  })
  await send(20_000, 100)
  expect(await open()).toBe(4_999)
  await until('its reason', async () => (await dropped('open-connections')) >= 100 || undefined)
  expect(await client.call(address, 80, { timeoutMs: 300 })).toBe('timeout')
  expect(await say(), 'an open connection goes on').toHaveProperty('text')
  const words = ['explain', clientId, `${address}:80`, '--output', 'json', '--state', system.state]
  const told = await runCommand(['./postern', ...words], { cwd: process.cwd() })
  expect(told.code).toBe(1)
  const { model, agrees } = JSON.parse(told.stdout) as {
    model: { steps: { reason: object }[] }
    agrees: boolean
  }
  expect(agrees).toBe(true)
  expect(model.steps.at(-1)?.reason).toMatchObject({ code: 'balancerFull', balancer, limit: 5_000 })

  for (const namespace of [router, system.netns(consumer.vpc)])
    await inNetns(namespace, 'conntrack', '-D', '-p', 'udp', '--orig-port-dst', '5300')
  expect(await answers(address, 1)).toEqual(servers)
  // The kernel looks through thousands of connections for new ones.
}, 180_000)
