/** Who calls too often is told to wait, and nobody else notices. */
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { getRequestListener } from '@hono/node-server'
import { afterEach, expect, test } from 'vitest'
import { loginProfileActions } from '../../src/api/actions/ram/login-profiles.ts'
import { defaultRates } from '../../src/api/throttle.ts'
import type { AccountId } from '../../src/model/ids.ts'
import { createAccessKey } from '../../src/store/access-keys.ts'
import { createAccount } from '../../src/store/accounts.ts'
import { openTestServer, testSealKey, type TestServer, type TestServerOptions } from './server.ts'
import { call, requestV1 } from './signed-request.ts'

const require = createRequire(import.meta.url)
const OpenApiCore = require('@alicloud/openapi-core') as typeof import('@alicloud/openapi-core')
const Sts = require('@alicloud/sts20150401') as typeof import('@alicloud/sts20150401')

let server: TestServer
afterEach(() => server.db.destroy())

async function start(rates: Partial<typeof defaultRates>, more: TestServerOptions = {}): Promise<void> {
  server = await openTestServer({ ...more, rates: { ...defaultRates, ...rates } })
}

const few = { perSecond: 2, burst: 3 }

async function codes(count: number, of: TestServer, action: string, params = {}) {
  const found: unknown[] = []
  for (let number = 0; number < count; number++) {
    found.push((await call(of, requestV1(of, action, params))).body['Code'])
  }
  return found
}

async function secondAccount(): Promise<TestServer> {
  const id = '87654321' as AccountId
  await createAccount(server.db, { id, name: 'other', createdAt: server.clock.now.toISOString() })
  return { ...server, key: await createAccessKey(server.db, testSealKey, id, server.clock.now, randomBytes) }
}

test('an account and an action: the others go on', async () => {
  await start({ read: few })
  const other = await secondAccount()
  expect(await codes(5, server, 'Echo')).toEqual([
    undefined,
    undefined,
    undefined,
    'Throttling.User',
    'Throttling.User',
  ])
  expect(await codes(1, server, 'AddAccount', { Name: 'a' })).toEqual([undefined])
  expect(await codes(3, other, 'Echo')).toEqual([undefined, undefined, undefined])
  server.clock.now = new Date(server.clock.now.getTime() + 500)
  expect(await codes(2, server, 'Echo')).toEqual([undefined, 'Throttling.User'])
})

test('an account in all', async () => {
  await start({ account: few })
  const other = await secondAccount()
  expect(await codes(2, server, 'Echo')).toEqual([undefined, undefined])
  expect(await codes(2, server, 'AddAccount', { Name: 'a' })).toEqual([undefined, 'Throttling.User'])
  expect(await codes(1, other, 'Echo')).toEqual([undefined])
})

test('an action that costs much has a rate of its own, for each account', async () => {
  await start({}, { actions: [...loginProfileActions] })
  const other = await secondAccount()
  const params = { Version: '2015-05-01', UserName: 'nobody', Password: 'Example_1234' }
  const tries = (await codes(42, server, 'CreateLoginProfile', params)).slice(38)
  const missing = 'EntityNotExist.User'
  expect(tries).toEqual([missing, missing, 'Throttling.Api', 'Throttling.Api'])
  expect(await codes(1, server, 'GetLoginProfile', params)).toEqual([missing])
  expect(await codes(1, other, 'CreateLoginProfile', params)).toEqual([missing])
  server.clock.now = new Date(server.clock.now.getTime() + 500)
  expect(await codes(2, server, 'CreateLoginProfile', params)).toEqual([missing, 'Throttling.Api'])
})

test('what was throttled changed nothing', async () => {
  await start({ write: few })
  await codes(5, server, 'AddAccount', { Name: 'many' })
  expect((await server.accountNames()).filter((name) => name === 'many')).toHaveLength(3)
})

test('the answer has status 400 and says in milliseconds how long to wait', async () => {
  await start({ read: few })
  await codes(3, server, 'Echo')
  const response = await server.app.request(requestV1(server, 'Echo'))
  expect(response.status).toBe(400)
  expect(response.headers.get('x-acs-retry-after')).toBe('500')
})

test('the SDK takes it for throttling, and knows how long to wait', async () => {
  await start({ read: few }, { now: new Date() })
  const http = createServer(
    (incoming, outgoing) =>
      void getRequestListener(server.app.fetch, { overrideGlobalObjects: false })(incoming, outgoing),
  )
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const address = http.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const config = new OpenApiCore.$OpenApiUtil.Config({
    accessKeyId: server.key.id,
    accessKeySecret: server.key.secret,
    endpoint: `127.0.0.1:${address.port}`,
    protocol: 'http',
  })
  const client = new Sts.default(config)
  for (let count = 0; count < 3; count++) await client.getCallerIdentity()
  await expect(client.getCallerIdentity()).rejects.toMatchObject({
    name: 'ThrottlingError',
    code: 'Throttling.User',
    retryAfter: 500,
  })
  http.closeAllConnections()
  http.close()
})

test('requests that nobody signed are counted by address, whoever they claim to be', async () => {
  await start({ anonymous: few })
  const wrong = () => requestV1({ ...server, key: { ...server.key, secret: 'guessed' } }, 'Echo')
  const from = async (remoteAddress: string, request: Request) => {
    const response = await server.app.fetch(request, { incoming: { socket: { remoteAddress } } })
    return ((await response.json()) as { Code?: string }).Code
  }
  const guesses = [wrong(), wrong(), wrong(), wrong()]
  const answers: unknown[] = []
  for (const guess of guesses) answers.push(await from('192.0.2.1', guess))
  expect(answers).toEqual([
    'SignatureDoesNotMatch',
    'SignatureDoesNotMatch',
    'SignatureDoesNotMatch',
    'Throttling',
  ])
  expect(await from('192.0.2.2', requestV1(server, 'Echo'))).toBeUndefined()
  const network = ['2001:db8::1', '2001:db8::2', '2001:db8:0:0:1::', '2001:db8::ffff:1']
  const codesOf: unknown[] = []
  for (const address of network) codesOf.push(await from(address, new Request('http://x/?Action=')))
  expect(codesOf.at(-1)).toBe('Throttling')
  expect(await from('2001:db8:1::1', requestV1(server, 'Echo'))).toBeUndefined()
})

test('a flood fills no disk: only some of the refusals are recorded', async () => {
  await start({ read: { perSecond: 0.001, burst: 1 } })
  await codes(1300, server, 'Echo')
  const recorded = await server.db.selectFrom('audit_event').select('error_code').execute()
  expect(recorded.filter((row) => row.error_code === '')).toHaveLength(1)
  expect(recorded).toHaveLength(1001)
})
