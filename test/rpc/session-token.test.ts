/** A session is in its token: it counts on any server with the key, after a restart too, and no second longer than it should. */
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSession, sealSession, type Session } from '../../src/api/session-token.ts'
import { sealKey } from '../../src/store/seal.ts'
import { consumer, openTestServer, testSealKey, type TestServer } from './server.ts'
import { call, requestV1, requestV3, signParamsV1, getV1, systemParamsV1 } from './signed-request.ts'

let server: TestServer
let session: Session
let token: string

beforeEach(async () => {
  server = await openTestServer()
  session = {
    accessKeyId: 'STS.abcdefghijklmnop',
    secret: 'a secret',
    account: consumer,
    roleId: '300000000000000001',
    roleName: 'Guest',
    name: 'ci',
    expiresAt: '2026-11-23T09:00:00.000Z',
  }
  token = sealSession(testSealKey, session, randomBytes)
})
afterEach(() => server.db.destroy())

function identityV1(): Request {
  const system = systemParamsV1(server, 'GetCallerIdentity', '2015-04-01')
  const params = { ...system, AccessKeyId: session.accessKeyId, SecurityToken: token }
  return getV1(signParamsV1('GET', params, session.secret))
}

function identityV3(unsigned: readonly string[] = []): Request {
  const headers = { 'x-acs-version': '2015-04-01', 'x-acs-security-token': token }
  const credentials = { id: session.accessKeyId, secret: session.secret }
  return requestV3(server, { action: 'GetCallerIdentity', headers, credentials, unsigned })
}

test.each([
  ['V1', identityV1],
  ['V3', identityV3],
] as const)('by %s it counts to its last moment, on a server that never saw it', async (_, request) => {
  server.clock.now = new Date('2026-11-23T08:59:59.999Z')
  const { status, body } = await call(server, request())
  expect(status).toBe(200)
  expect(body['Arn']).toBe('acs:ram::12345678:assumed-role/Guest/ci')
  server.clock.now = new Date('2026-11-23T09:00:00Z')
  const refused = await call(server, request())
  expect([refused.status, refused.body['Code']]).toEqual([400, 'InvalidSecurityToken.Expired'])
})

test('the header with the token must be signed', async () => {
  const { body } = await call(server, identityV3(['x-acs-security-token']))
  expect(body['Code']).toBe('IncompleteSignature')
})

test('a signed request counts once', async () => {
  const request = identityV1()
  expect((await call(server, request.clone())).status).toBe(200)
  expect((await call(server, request)).body['Code']).toBe('SignatureNonceUsed')
})

test('the key of an account takes no token of another', async () => {
  const { body } = await call(server, requestV1(server, 'Echo', { SecurityToken: token }))
  expect(body['Code']).toBe('InvalidSecurityToken.MismatchWithAccessKey')
})

test('a token that was changed, or sealed under another key, is none', () => {
  expect(openSession(testSealKey, token)).toEqual(session)
  expect(openSession(sealKey(new Uint8Array(32).fill(8)), token)).toBeUndefined()
  const bytes = Buffer.from(token, 'base64')
  for (const at of [0, 12, 28, bytes.length - 1]) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(openSession(testSealKey, changed.toString('base64'))).toBeUndefined()
  }
  expect(openSession(testSealKey, '')).toBeUndefined()
})
