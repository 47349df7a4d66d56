/** Explanations and proofs by session: whose they are, and that nothing of others is in them. Real packets are in `test/netns/`. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { client, type Call } from '../../../src/cli/client.ts'
import { startServer, type Credentials, type RunningServer } from '../../fixtures/running-server.ts'
import {
  makeBalancer,
  makeConsumer,
  makeEndpoint,
  makeInstance,
  makeService,
  openPrivatelink,
  zone,
} from '../../fixtures/topology.ts'
import { keyOf, openBrowser, type Browser } from './browser.ts'

let server: RunningServer
const scope = new AsyncDisposableStack()

interface Side {
  readonly key: Credentials
  readonly call: Call
  readonly browser: Browser
  readonly vpc: string
  readonly instance: string
  readonly group: string
}
let consumer: Side
let provider: Side
let made: { balancer: string; service: string; endpoint: string; domain: string; address: string }

async function makeSide(id: string): Promise<Side> {
  const key = await server.createAccount(id, `account-${id}`)
  const call = client({
    endpoint: `https://${server.host}`,
    ca: server.ca,
    region: 'eu-central-1',
    ...keyOf(key),
  })
  const browser = openBrowser(server)
  await browser.signIn(keyOf(key))
  const { vpc, vswitch, group } = await makeConsumer({ call })
  const instance = await makeInstance({ call }, vswitch, group, '')
  await openPrivatelink({ call })
  return { key, call, browser, vpc, group, instance, vswitch } as Side
}

beforeAll(async () => {
  server = scope.use(await startServer())
  consumer = await makeSide('12345678')
  provider = await makeSide('87654321')
  const place = provider as Side & { vswitch: string }
  const balancer = await makeBalancer(provider, { ...place, backends: [provider.instance] })
  const service = await makeService(provider, [{ balancer, zone }], true)
  await provider.call('Privatelink', 'AddUserToVpcEndpointService', {
    ServiceId: service,
    UserId: '12345678',
  })
  const near = consumer as Side & { vswitch: string }
  const { endpoint, address } = await makeEndpoint(consumer, service, near, ['Connected'])
  const told = await consumer.call('Privatelink', 'GetVpcEndpointAttribute', { EndpointId: endpoint })
  made = { balancer, service, endpoint, address, domain: String(told['EndpointDomain']) }
  await server.settled()
}, 60_000)
afterAll(() => scope.disposeAsync())

const explain = (side: Pick<Side, 'browser'>, body: object, headers: Record<string, string> = {}) =>
  side.browser.send('POST', '/console/explain', body, headers)

const ask = (instance: string, target: string, more: object = {}) => ({
  instance,
  target,
  port: 80,
  protocol: 'tcp',
  probe: false,
  ...more,
})

interface Step {
  readonly verdict: string
  readonly reason: Readonly<Record<string, unknown>>
  readonly mend?: string
}
const stepsOf = (body: Readonly<Record<string, unknown>>) => body['steps'] as readonly Step[]
const codesOf = (body: Readonly<Record<string, unknown>>) => stepsOf(body).map(({ reason }) => reason['code'])

test('the consumer is led to the border, by id, name and address, and told nothing behind it', async () => {
  for (const target of [made.endpoint, made.domain, made.address]) {
    const { status, body } = await explain(consumer, ask(consumer.instance, target, { probe: true }))
    expect(status).toBe(200)
    expect(codesOf(body).slice(-2)).toEqual(['enters', 'handedOver'])
    expect(body).toMatchObject({ passes: true })
    expectNothingOf(body, [made.balancer, provider.instance, provider.vpc, provider.key.AccountId])
  }
})

test('what stops behind the border is one and the same to the consumer', async () => {
  const { body: absent } = await explain(consumer, ask(consumer.instance, made.endpoint, { port: 81 }))
  const listener = { LoadBalancerId: made.balancer, ListenerPort: 80 }
  await provider.call('Slb', 'StopLoadBalancerListener', listener)
  const { body: stopped } = await explain(consumer, ask(consumer.instance, made.endpoint))
  await provider.call('Slb', 'StartLoadBalancerListener', listener)
  for (const body of [absent, stopped]) {
    expect(codesOf(body).slice(-2)).toEqual(['handedOver', 'serviceSilent'])
    expect(body['passes']).toBe(false)
    expectNothingOf(body, [made.balancer, provider.instance, 'listener', '80/tcp', provider.key.AccountId])
  }
})

test('the provider is told of his half: the listener, the servers, and not who calls', async () => {
  const connection = { connection: made.endpoint, port: 80, protocol: 'tcp' }
  const { status, body } = await explain(provider, connection)
  expect(status).toBe(200)
  expect(codesOf(body)).toContain('backendsTake')
  expectNothingOf(body, [made.address, consumer.instance, consumer.vpc, consumer.group])
  const absent = await explain(provider, { ...connection, port: 81 })
  expect(stepsOf(absent.body).at(-1)).toMatchObject({
    reason: { code: 'listenerAbsent', existing: ['tcp/80'] },
  })
})

test('a connection that is not accepted: each side is told its own part', async () => {
  const of = { ServiceId: made.service, EndpointId: made.endpoint }
  await provider.call('Privatelink', 'DisableVpcEndpointConnection', of)
  await server.settled()
  const near = await explain(consumer, ask(consumer.instance, made.endpoint))
  const far = await explain(provider, { connection: made.endpoint, port: 80, protocol: 'tcp' })
  await provider.call('Privatelink', 'EnableVpcEndpointConnection', of)
  await server.settled()
  expect(stepsOf(near.body).at(-1)).toMatchObject({ verdict: 'stops', reason: { code: 'connectionState' } })
  expect(stepsOf(near.body).at(-1)).not.toHaveProperty('mend')
  expectNothingOf(near.body, [provider.key.AccountId])
  expect(stepsOf(far.body).at(-1)?.mend).toContain('EnableVpcEndpointConnection')
})

test('another account’s instances, endpoints, balancers, names and addresses are as if they were not', async () => {
  const foreign = await explain(consumer, ask(provider.instance, made.address))
  expect(foreign).toMatchObject({ status: 404, body: { Code: 'InvalidInstanceId.NotFound' } })
  const none = await explain(consumer, ask('i-none', made.address))
  expect(none).toMatchObject({ status: 404, body: { Code: 'InvalidInstanceId.NotFound' } })
  for (const [target, code] of [
    [provider.instance, 'objectUnknown'],
    [made.balancer, 'objectUnknown'],
    ['i-none', 'objectUnknown'],
  ] as const) {
    const { body } = await explain(consumer, ask(consumer.instance, target))
    expect(codesOf(body)).toEqual([code])
    expectNothingOf(body, [provider.vpc, provider.key.AccountId])
  }
  const name = await explain(provider, ask(provider.instance, made.domain))
  expect(codesOf(name.body)).toEqual(['nameUnknown'])
  expectNothingOf(name.body, [consumer.vpc])
  const id = await explain(provider, ask(provider.instance, made.endpoint))
  expect(codesOf(id.body)).toEqual(['objectUnknown'])
  const address = await explain(provider, ask(provider.instance, '10.0.0.250', { probe: false }))
  expect(codesOf(address.body)).toEqual(['leaves', 'addressOfNobody'])
  const connection = await explain(consumer, { connection: made.endpoint, port: 80, protocol: 'tcp' })
  expect(connection).toMatchObject({ status: 400, body: { Code: 'EndpointNotFound' } })
})

test('without a session, the session’s token, or the right form nothing is said', async () => {
  const question = ask(consumer.instance, made.endpoint)
  for (const path of ['/console/explain', '/console/proof']) {
    const send = (headers: Record<string, string>, body: object = path.endsWith('proof') ? {} : question) =>
      consumer.browser.send('POST', path, body, headers)
    expect(await send({ cookie: '' })).toMatchObject({ status: 401 })
    expect(await send({ 'x-csrf-token': 'wrong' })).toMatchObject({ status: 403 })
    expect(await send({ origin: 'http://evil.example' })).toMatchObject({ status: 403 })
    expect(await send({}, { nonsense: 1 })).toMatchObject({ status: 400 })
  }
})

interface Line {
  readonly kind: string
  readonly [name: string]: unknown
}

async function prove({ browser }: Pick<Side, 'browser'>, body: object = {}): Promise<readonly Line[]> {
  const { status, body: answer } = await browser.send('POST', '/console/proof', body)
  expect(status).toBe(200)
  return String(answer['text'])
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

test('a proof tries the account’s own places and no others', { timeout: 30_000 }, async () => {
  const [places, ...rest] = await prove(consumer)
  expect(places).toMatchObject({ kind: 'places', clients: [consumer.instance] })
  expect(places?.['addresses']).toContain(made.address)
  const result = rest.at(-1)
  expect(result).toMatchObject({ kind: 'result', untried: 0 })
  expect(result?.['digest']).toMatch(/^[0-9a-f]{64}$/)
  // The agent of this test says that everything is open, which is what a proof is there to find.
  expect(result?.['differences']).not.toEqual([])
  expectNothingOf(rest, [provider.instance, made.balancer])
  expect(rest.some(({ kind }) => kind === 'progress')).toBe(true)
})

test('another’s instance asked for by its id is no client of the proof', async () => {
  const [places] = await prove(consumer, { clients: [provider.instance] })
  expect(places).toMatchObject({ clients: [], probes: 0 })
})

test('a user sees and tries what policies allow', { timeout: 30_000 }, async () => {
  const { call } = consumer
  await call('Ram', 'CreateUser', { UserName: 'reader' })
  const { AccessKey } = await call('Ram', 'CreateAccessKey', { UserName: 'reader' })
  const { AccessKeyId, AccessKeySecret } = AccessKey as Record<string, string>
  const browser = openBrowser(server)
  await browser.signIn({ accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret })
  const question = ask(consumer.instance, made.endpoint, { probe: true })
  expect(await explain({ browser }, question)).toMatchObject({
    status: 403,
    body: { AccessDeniedDetail: { AuthAction: 'ecs:DescribeInstances' } },
  })
  const allow = async (name: string, Action: string) => {
    const Statement = [{ Effect: 'Allow', Action, Resource: `acs:ecs:*:*:instance/${consumer.instance}` }]
    await call('Ram', 'CreatePolicy', {
      PolicyName: name,
      PolicyDocument: JSON.stringify({ Version: '1', Statement }),
    })
    await call('Ram', 'AttachPolicyToUser', { UserName: 'reader', PolicyType: 'Custom', PolicyName: name })
  }
  await allow('see', 'ecs:DescribeInstances')
  expect((await explain({ browser }, question)).body).toMatchObject({
    passes: true,
    probe: { outcome: 'denied' },
  })
  expect((await prove({ browser }))[0]).toMatchObject({ clients: [] })
  await allow('run', 'ecs:RunCommand')
  expect((await prove({ browser }))[0]).toMatchObject({ clients: [consumer.instance] })
  const { Events } = await call('Actiontrail', 'LookupEvents', {
    LookupAttribute: [
      { Key: 'EventName', Value: 'RunCommand' },
      { Key: 'User', Value: 'reader' },
    ],
  })
  expect((Events as object[]).length).toBeGreaterThanOrEqual(2)
})

function expectNothingOf(answer: object, secrets: readonly string[]): void {
  const text = JSON.stringify(answer)
  for (const secret of secrets) expect(text).not.toContain(secret)
}

test('a question may carry a request; what is none is refused', async () => {
  const request = { path: '/cart', host: 'shop.example.com' }
  const asked = await explain(consumer, ask(consumer.instance, made.endpoint, { request }))
  expect(asked.status).toBe(200)
  expect(asked.body).toMatchObject({ passes: true })
  const place = { connection: made.endpoint, port: 80, protocol: 'tcp' }
  expect((await explain(provider, { ...place, request })).status).toBe(200)
  for (const body of [
    ask(consumer.instance, made.endpoint, { request: { path: 'cart' } }),
    ask(consumer.instance, made.endpoint, { request: { path: '/a b' } }),
    ask(consumer.instance, made.endpoint, { request: { path: '/', host: 'a/b' } }),
    { ...place, request: { path: '/' } },
  ]) {
    expect((await explain(consumer, body)).status).toBe(400)
  }
})
