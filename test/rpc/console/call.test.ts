/** Calls of a session are calls of the API: the same answers, the same record. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import fc from 'fast-check'
import type { AuditedEvent } from '../../../src/api/audited-event.ts'
import { startServer, type Credentials, type RunningServer } from '../../fixtures/running-server.ts'
import { signedClient, type SignedClient } from '../../fixtures/signed-client.ts'
import { keyOf, openBrowser, type Browser } from './browser.ts'

let server: RunningServer
let key: Credentials
let browser: Browser
let signed: SignedClient
let strangersVpc: string
beforeAll(async () => {
  server = await startServer()
  key = await server.createAccount('12345678', 'consumer')
  const stranger = await server.createAccount('87654321', 'provider')
  browser = openBrowser(server)
  await browser.signIn(keyOf(key))
  signed = signedClient({ host: server.host, credentials: key })
  using other = signedClient({ host: server.host, credentials: stranger })
  const made = await other.call({ Action: 'CreateVpc', Version: '2016-04-28', CidrBlock: '10.0.0.0/16' })
  strangersVpc = String(made['VpcId'])
}, 30_000)
afterAll(async () => {
  signed[Symbol.dispose]()
  await server[Symbol.asyncDispose]()
})

test('what one makes the other sees', { timeout: 30_000 }, async () => {
  const made = await browser.call('Vpc', 'CreateVpc', {
    RegionId: 'eu-central-1',
    CidrBlock: '10.0.0.0/16',
    VpcName: 'by-hand',
    'Tag.1.Key': 'k',
    'Tag.1.Value': 'v',
  })
  expect(made.status).toBe(200)
  const asked = { Action: 'DescribeVpcs', Version: '2016-04-28', VpcId: String(made.body['VpcId']) }
  const { RequestId: _one, ...bySignature } = await signed.call(asked)
  const { RequestId: _other, ...bySession } = (
    await browser.call('Vpc', 'DescribeVpcs', { VpcId: asked.VpcId })
  ).body
  expect(bySession).toEqual(bySignature)
  expect(bySession).toMatchObject({ TotalCount: 1 })
})

const refused: readonly (readonly [product: string, action: string, params: object])[] = [
  ['Vpc', 'DeleteVpc', { VpcId: 'vpc-aaaaaaaaaaaaaaaaaaaaa' }],
  ['Vpc', 'DeleteVpc', {}],
  ['Vpc', 'DescribeVpcs', { RegionId: 'no-such-region' }],
  ['Vpc', 'NoSuchAction', {}],
  ['Vpc', 'CreateVpc', { CidrBlock: 'nonsense' }],
  ['Vpc', 'CreateVpc', { CidrBlock: '10.0.0.0/16', DryRun: 'true' }],
  ['Privatelink', 'GetVpcEndpointAttribute', { EndpointId: 'ep-aaaaaaaaaaaaaaaaaaaaa' }],
  ['Privatelink', 'CreateVpcEndpoint', { VpcId: 'vpc-aaaaaaaaaaaaaaaaaaaaa' }],
]
const versions: Readonly<Record<string, string>> = { Vpc: '2016-04-28', Privatelink: '2020-04-15' }

test.each(refused)('%s %s %o is refused alike', async (product, Action, params) => {
  const bySignature = await signed.send({ ...params, Action, Version: versions[product] ?? '' })
  const bySession = await browser.call(product, Action, params)
  expect(bySession.status).toBe(bySignature.status)
  expect(bySignature.status).toBeGreaterThanOrEqual(400)
  const { RequestId: _one, ...first } = bySignature.body
  const { RequestId: _other, ...second } = bySession.body
  expect(second).toEqual(first)
})

test('a refusal comes as 200 with its status beside it, to a page that wants it so', async () => {
  const missing = { VpcId: 'vpc-aaaaaaaaaaaaaaaaaaaaa' }
  const quietly = { 'x-refusals': 'quiet' }
  const loud = await browser.call('Vpc', 'DeleteVpc', missing)
  const quiet = await browser.send('POST', '/console/call/Vpc/DeleteVpc', missing, quietly)
  expect(quiet.status).toBe(200)
  expect(quiet.headers.get('x-status')).toBe(String(loud.status))
  expect(quiet.body['Code']).toBe(loud.body['Code'])
  const good = await browser.send('POST', '/console/call/Vpc/DescribeVpcs', {}, quietly)
  expect([good.status, good.headers.get('x-status')]).toEqual([200, null])
})

test('what another account owns looks missing, as it does to signed calls', { timeout: 30_000 }, async () => {
  const foreign = { VpcId: strangersVpc, VpcName: 'mine' }
  const bySignature = await signed.send({ Action: 'ModifyVpcAttribute', Version: '2016-04-28', ...foreign })
  const bySession = await browser.call('Vpc', 'ModifyVpcAttribute', foreign)
  const missing = await browser.call('Vpc', 'ModifyVpcAttribute', {
    ...foreign,
    VpcId: 'vpc-aaaaaaaaaaaaaaaaaaaaa',
  })
  expect(bySession.status).toBe(bySignature.status)
  expect(bySession.body['Code']).toBe(bySignature.body['Code'])
  expect(bySession.body['Code']).toBe(missing.body['Code'])
  expect(bySession.body['Message']).toBe(missing.body['Message'])
})

test(
  'a product that is none, and an action without a session, are refused',
  { timeout: 30_000 },
  async () => {
    expect(await browser.call('Nope', 'DescribeVpcs')).toMatchObject({
      status: 400,
      body: { Code: 'InvalidVersion' },
    })
    expect(await openBrowser(server).call('Vpc', 'DescribeVpcs')).toMatchObject({
      status: 401,
      body: { Code: 'ConsoleNeedLogin', RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/) },
    })
  },
)

test('a write with a ClientToken is done once, whichever way it comes', { timeout: 30_000 }, async () => {
  const params = { CidrBlock: '172.16.0.0/12', ClientToken: 'console-once' }
  const first = await browser.call('Vpc', 'CreateVpc', params)
  const second = await browser.call('Vpc', 'CreateVpc', params)
  expect(second.body['VpcId']).toBe(first.body['VpcId'])
  expect(second.body['RequestId']).not.toBe(first.body['RequestId'])
})

test('sign-in, calls, refused sign-in and sign-out are in the record', { timeout: 30_000 }, async () => {
  const own = openBrowser(server)
  await own.send('POST', '/console/session', { account: '12345678', password: 'wrong-password' })
  await own.signIn(keyOf(key))
  const made = await own.call('Vpc', 'CreateVpc', { CidrBlock: '192.168.0.0/16' })
  await own.send('DELETE', '/console/session')
  const { Events } = (await browser.call('Actiontrail', 'LookupEvents', { MaxResults: '10' })).body as {
    Events: AuditedEvent[]
  }
  const newest = Events.filter(({ eventRW }) => eventRW === 'Write').slice(0, 4)
  expect(newest.map(({ eventName }) => eventName)).toEqual([
    'ConsoleSignout',
    'CreateVpc',
    'ConsoleSignin',
    'ConsoleSignin',
  ])
  const [signOut, call, signIn, failed] = newest
  const root = { type: 'root-account', accountId: '12345678', userName: 'root', accessKeyId: key.AccessKeyId }
  expect(call).toMatchObject({
    eventType: 'ConsoleOperation',
    requestId: made.body['RequestId'],
    eventSource: server.host,
    sourceIpAddress: '127.0.0.1',
    userIdentity: root,
    resourceName: expect.stringContaining(String(made.body['VpcId'])),
  })
  expect(signIn).toMatchObject({ eventType: 'ConsoleSignin', serviceName: 'AasCustomer', userIdentity: root })
  expect(signOut).toMatchObject({ eventType: 'ConsoleSignout', userIdentity: root })
  expect(failed).toMatchObject({
    eventType: 'ConsoleSignin',
    errorCode: 'ConsoleSignInFailed',
    userIdentity: { type: 'unknown' },
    recipientAccountId: '12345678',
  })
  expect(JSON.stringify(Events)).not.toContain('wrong-password')
  expect(JSON.stringify(Events)).not.toContain(key.AccessKeySecret)
})

test('whatever is posted, the answer is a proper one and never a fault', { timeout: 30_000 }, async () => {
  const name = fc.oneof(
    fc.string(),
    fc.constantFrom('RegionId', 'VpcId', 'Tag.1.Key', '__proto__', 'Format', 'Action'),
  )
  const body = fc.oneof(
    fc.dictionary(name, fc.jsonValue()).map((value) => JSON.stringify(value)),
    fc.json(),
    fc.string(),
    fc.constant('['.repeat(50_000)),
    fc.constant('{"a":'.repeat(20_000)),
  )
  const path = fc.constantFrom(
    '/console/call/Vpc/DescribeVpcs',
    '/console/call/Vpc/CreateVpc',
    '/console/call/Privatelink/ListVpcEndpoints',
    '/console/call/constructor/toString',
    '/console/session',
  )
  await fc.assert(
    fc.asyncProperty(path, body, async (to, text) => {
      const { cookie, csrf } = browser
      const { status, body: answer } = await browser.send('POST', to, text)
      Object.assign(browser, { cookie, csrf })
      expect(status).toBeLessThan(500)
      expect(answer).toHaveProperty(status === 200 && to.endsWith('session') ? 'csrf' : 'RequestId')
    }),
    { numRuns: 150 },
  )
})
