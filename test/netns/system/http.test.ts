/** HTTP listeners: requests through a private link and through the balancer's proxy, and none lost by a reload. */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ParamValues } from '../../../src/cli/client.ts'
import { until } from '../../fixtures/deployment.ts'
import { restartAgent } from '../../fixtures/restart.ts'
import {
  makeConsumer,
  makeEndpoint,
  makeInstance,
  makeService,
  zone,
  type Consumer,
} from '../../fixtures/topology.ts'
import { inBackground, requestCommand, webServer } from './programs.ts'
import { startSystem, type System } from './system.ts'

const scope = new AsyncDisposableStack()
let system: System
let offer: Consumer
let client: string
let servers: readonly string[]
let balancer: string
let balancerAddress: string
let address: string

const slb = (action: string, params: ParamValues = {}) =>
  system.call('Slb', action, { LoadBalancerId: balancer, ...params })
const set = (params: ParamValues) =>
  slb('SetLoadBalancerHTTPListenerAttribute', { ListenerPort: 80, ...params })

beforeAll(async () => {
  system = scope.use(await startSystem())
  offer = await makeConsumer(system)
  servers = await Promise.all([1, 2].map(() => makeInstance(system, offer.vswitch, offer.group, webServer)))
  const made = await system.call('Slb', 'CreateLoadBalancer', {
    AddressType: 'intranet',
    VpcId: offer.vpc,
    VSwitchId: offer.vswitch,
    LoadBalancerSpec: 'slb.s3.large',
    MasterZoneId: zone,
  })
  balancer = String(made['LoadBalancerId'])
  balancerAddress = String(made['Address'])
  await slb('AddBackendServers', {
    BackendServers: JSON.stringify(servers.map((ServerId) => ({ ServerId, Weight: 100 }))),
  })
  await makeListener(80, {
    BackendServerPort: 80,
    HealthCheck: 'on',
    HealthCheckURI: '/healthy',
    HealthCheckInterval: 1,
    HealthyThreshold: 2,
    UnhealthyThreshold: 2,
  })
  const service = await makeService(system, [{ balancer, zone }], true)
  const consumer = await makeConsumer(system)
  client = await makeInstance(system, consumer.vswitch, consumer.group, '')
  address = (await makeEndpoint(system, service, consumer, ['Connected'])).address
  await until('the servers to be normal', async () => {
    const answer = await slb('DescribeHealthStatus', { ListenerPort: 80 })
    const { BackendServer } = answer['BackendServers'] as { BackendServer: { ServerHealthStatus: string }[] }
    return BackendServer.every(({ ServerHealthStatus: status }) => status === 'normal') || undefined
  })
})
afterAll(() => scope.disposeAsync())

async function makeListener(ListenerPort: number, params: ParamValues): Promise<void> {
  await slb('CreateLoadBalancerHTTPListener', { ListenerPort, StickySession: 'off', ...params })
  await slb('StartLoadBalancerListener', { ListenerPort, ListenerProtocol: 'http' })
  await until('the listener to run', async () => {
    const { Status } = await slb('DescribeLoadBalancerHTTPListenerAttribute', { ListenerPort })
    return Status === 'running' || undefined
  })
}

const ask = async (from: string, url: string, ...options: readonly string[]) =>
  (await system.run(from, ['curl', '-sS', '-m', '5', ...options, url])).stdout

test('each request is balanced, and servers learn of the client what a private link tells', async () => {
  const answers: string[] = []
  for (let turn = 0; turn < 6; turn++) answers.push(await ask(client, `http://${address}/`))
  expect(new Set(answers.map((answer) => answer.split(' ')[0]))).toEqual(new Set(servers))
  // The consumer's side of the wire, never the client's own address.
  expect(answers[0]).toMatch(/x-forwarded-for: 100\.\d+\.\d+\.\d+\r/i)
  expect(answers[0]).not.toMatch(/x-forwarded-for: 10\./i)
  expect(answers[0]).toMatch(/^i-\S+ 100\./)
})

test('a client of the own VPC is told by its address, and headers are as they are switched on', async () => {
  await set({ XForwardedFor_SLBID: 'on', XForwardedFor_SLBIP: 'on', XForwardedFor_proto: 'on' })
  const [from = ''] = servers
  const answer = await until('the headers', async () => {
    const seen = await ask(from, `http://${balancerAddress}/`)
    return /slb-id/i.test(seen) ? seen : undefined
  })
  expect(answer).toMatch(/x-forwarded-for: 10\.0\.\d+\.\d+\r/i)
  expect(answer.toLowerCase()).toContain(`slb-id: ${balancer}`)
  expect(answer.toLowerCase()).toContain(`slb-ip: ${balancerAddress}`)
  expect(answer.toLowerCase()).toContain('x-forwarded-proto: http')
})

test('a cookie keeps a client with its server, and leads nowhere once that server is gone', async () => {
  await set({ StickySession: 'on', StickySessionType: 'insert', CookieTimeout: 300 })
  const cookie = await until(
    'a cookie',
    async () => /set-cookie: (SERVERID=[^;\r]+)/i.exec(await ask(client, `http://${address}/`, '-i'))?.[1],
  )
  const names = new Set<string>()
  for (let turn = 0; turn < 6; turn++)
    names.add((await ask(client, `http://${address}/`, '-H', `Cookie: ${cookie}`)).split(' ')[0] ?? '')
  expect(names.size).toBe(1)
  const [kept = ''] = names
  const weigh = (Weight: number) =>
    slb('SetBackendServers', { BackendServers: JSON.stringify([{ ServerId: kept, Weight }]) })
  await weigh(0)
  await until('the other server', async () => {
    const name = (await ask(client, `http://${address}/`, '-H', `Cookie: ${cookie}`)).split(' ')[0]
    return (name !== kept && servers.includes(name ?? '')) || undefined
  })
  await weigh(100)
  await set({ StickySession: 'off' })
})

test('a listener that forwards sends its clients to HTTPS', async () => {
  await makeListener(81, {
    BackendServerPort: 80,
    HealthCheck: 'off',
    ListenerForward: 'on',
    ForwardPort: 8443,
  })
  const answer = await ask(client, `http://${address}:81/a?b=c`, '-i', '-H', 'Host: shop.example:81')
  expect(answer).toMatch(/^HTTP\/1.1 301/)
  expect(answer).toMatch(/location: https:\/\/shop\.example:8443\/a\?b=c\r/i)
})

test('ten reloads, for servers that come, go, are weighed or fail their checks, and a killed agent lose no request', async () => {
  const started = await Promise.all(
    (['held', 'new'] as const).map(async (kind) => {
      const file = `${kind}-${randomUUID()}`
      await system.run(client, inBackground(file, requestCommand(kind, address)))
      return async () => (await system.home(client, file)).split('\n').slice(0, -1)
    }),
  )
  async function goOn(count: number): Promise<void> {
    for (const lines of started) {
      const before = (await lines()).length
      await until('answers', async () => (await lines()).length >= before + count || undefined)
    }
  }
  const config = join(system.state, 'agent', 'proxies', balancer, 'haproxy.cfg')
  await goOn(20)
  const [, changing = ''] = servers
  const one = (Weight: number) => ({ BackendServers: JSON.stringify([{ ServerId: changing, Weight }]) })
  const check = (status: string) => system.run(changing, ['sh', '-c', `echo ${status} >status`])
  const changes = [
    () => slb('SetBackendServers', one(50)),
    () => check('503 bad'),
    () => check('200 OK'),
    () => slb('RemoveBackendServers', one(50)),
    () => slb('AddBackendServers', one(100)),
  ]
  for (const change of [...changes, ...changes]) {
    const before = await readFile(config, 'utf8')
    await change()
    await until('the reload', async () => (await readFile(config, 'utf8')) !== before || undefined)
    await goOn(10)
  }
  await restartAgent(system)
  await goOn(20)
  for (const lines of started) expect((await lines()).filter((line) => line.startsWith('cut'))).toEqual([])
})
