/** Every request that is not right in all parts gets its documented code, and changes nothing. */
import { randomBytes, randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { stringToSignV1 } from '../../src/api/signature-v1.ts'
import { createAccessKey } from '../../src/store/access-keys.ts'
import { insertUser } from '../../src/store/ram-users.ts'
import { call, encodePairs, getV1, postFormV1, requestV1, requestV3 } from './signed-request.ts'
import { signParamsV1, systemParamsV1, timestamp, type PartsV3 } from './signed-request.ts'
import { consumer, openTestServer, testSealKey, type TestServer } from './server.ts'

let server: TestServer

beforeEach(async () => {
  server = await openTestServer()
})

afterEach(() => server.db.destroy())

async function expectRefused(request: Request, status: number, code: string): Promise<string> {
  const before = await server.accountNames()
  const answer = await call(server, request)
  expect([answer.status, answer.body['Code']]).toEqual([status, code])
  expect(await server.accountNames()).toEqual(before)
  expect(server.changes.count).toBe(0)
  return String(answer.body['Message'])
}

const minutes = (count: number) => timestamp(new Date(server.clock.now.getTime() + count * 60_000))

test('a rightly signed write is done, so that the refusals below mean something', async () => {
  const v1 = await call(server, requestV1(server, 'AddAccount', { Name: 'one' }))
  const v3 = await call(server, requestV3(server, { action: 'AddAccount', query: { Name: 'two' } }))
  expect([v1.status, v3.status]).toEqual([200, 200])
  expect(await server.accountNames()).toEqual(expect.arrayContaining(['one', 'two']))
  expect(server.changes.count).toBe(2)
})

test('an error has the public shape', async () => {
  const { status, body } = await call(server, requestV1(server, 'Nothing'))
  expect(status).toBe(404)
  expect(body).toEqual({
    RequestId: expect.stringMatching(/^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/),
    HostId: 'api.example.test:8080',
    Code: 'InvalidAction.NotFound',
    Message: 'Specified api is not found, please check your url and method.',
    Recommend: 'https://api.aliyun.com/troubleshoot?q=InvalidAction.NotFound',
  })
})

describe('V1', () => {
  test.each([
    'Action',
    'Version',
    'AccessKeyId',
    'SignatureMethod',
    'SignatureVersion',
    'SignatureNonce',
    'Timestamp',
  ])('without %s', async (name) => {
    const message = await expectRefused(
      requestV1(server, 'AddAccount', { Name: 'x', [name]: undefined }),
      400,
      'MissingParameter',
    )
    expect(message).toContain(name)
  })

  test.each([
    ['Version', '2000-01-01', 400, 'InvalidVersion'],
    ['Action', 'NoSuchAction', 404, 'InvalidAction.NotFound'],
    ['Format', 'YAML', 400, 'InvalidParameter.Format'],
    ['AccessKeyId', 'LTAIunknown', 404, 'InvalidAccessKeyId.NotFound'],
    ['AccessKeyId', 'STS.unknown', 400, 'MissingSecurityToken'],
    ['SecurityToken', 'a token', 400, 'InvalidSecurityToken.Malformed'],
    ['SignatureMethod', 'HMAC-MD5', 400, 'InvalidSignatureMethod'],
    ['SignatureVersion', '2.0', 400, 'InvalidSignatureVersion'],
    ['SignatureNonce', 'n'.repeat(129), 400, 'InvalidParameter'],
    ['Timestamp', '2026-11-23 08:00:00', 400, 'InvalidTimeStamp.Format'],
    ['Timestamp', '2026-13-23T08:00:00Z', 400, 'InvalidTimeStamp.Format'],
    ['Timestamp', '2026-11-23T07:44:59Z', 400, 'InvalidTimeStamp.Expired'],
    ['Timestamp', '2026-11-23T08:15:01Z', 400, 'InvalidTimeStamp.Expired'],
    ['RegionId', 'mars-1', 404, 'InvalidRegionId.NotFound'],
    ['ClientToken', 'é', 400, 'InvalidParameter'],
    ['ClientToken', 'a'.repeat(65), 400, 'InvalidParameter'],
    ['DryRun', 'perhaps', 400, 'InvalidParameter'],
    ['DryRun', 'true', 400, 'DryRunOperation'],
    ['Name', '', 400, 'MissingParameter'],
    ['Fail', 'maybe', 400, 'InvalidParameter'],
    ['n'.repeat(129), 'x', 400, 'InvalidParameter'],
    ['Name', 'x'.repeat(65_537), 400, 'InvalidParameter'],
  ])('with %s = %s', async (name, value, status, code) => {
    await expectRefused(requestV1(server, 'AddAccount', { Name: 'x', [name]: value }), status, code)
  })

  test('without Signature', async () => {
    const params = { ...systemParamsV1(server, 'AddAccount', '2016-04-28'), Name: 'x' }
    await expectRefused(getV1(params), 400, 'MissingParameter')
  })

  test('with a wrong secret; the answer shows what the server signed', async () => {
    const params = { ...systemParamsV1(server, 'AddAccount', '2016-04-28'), Name: 'x' }
    const request = getV1(signParamsV1('GET', params, 'not the secret'))
    const message = await expectRefused(request, 400, 'SignatureDoesNotMatch')
    const stringToSign = stringToSignV1('GET', new Map(Object.entries(params)))
    expect(message.endsWith(`server string to sign is:${stringToSign}`)).toBe(true)
  })

  test('with a changed, an added and a lost parameter', async () => {
    const { Name, ...rest } = signParamsV1(
      'GET',
      { ...systemParamsV1(server, 'AddAccount', '2016-04-28'), Name: 'x', RegionId: 'eu-central-1' },
      server.key.secret,
    )
    await expectRefused(getV1({ ...rest, Name: `${Name}y` }), 400, 'SignatureDoesNotMatch')
    await expectRefused(getV1({ ...rest, Name: 'x', DryRun: 'false' }), 400, 'SignatureDoesNotMatch')
    const { RegionId: _, ...lost } = rest
    await expectRefused(getV1({ ...lost, Name: 'x' }), 400, 'SignatureDoesNotMatch')
  })

  test('signed for GET, sent by POST', async () => {
    const params = { ...systemParamsV1(server, 'AddAccount', '2016-04-28'), Name: 'x' }
    const signed = signParamsV1('GET', params, server.key.secret)
    await expectRefused(postFormV1({}, signed), 400, 'SignatureDoesNotMatch')
  })

  test('with a body that is no form, which V1 would not sign', async () => {
    const params = signParamsV1('POST', systemParamsV1(server, 'AddAccount', '2016-04-28'), server.key.secret)
    const request = new Request(`http://localhost/?${encodePairs(params)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"Name":"x"}',
    })
    await expectRefused(request, 400, 'InvalidParameter')
  })

  test('with a parameter given twice', async () => {
    const params = { ...systemParamsV1(server, 'AddAccount', '2016-04-28'), Name: 'x' }
    const query = encodePairs(signParamsV1('GET', params, server.key.secret))
    await expectRefused(new Request(`http://localhost/?${query}&Name=y`), 400, 'InvalidParameter')
  })

  test('of a disabled key', async () => {
    await server.db.updateTable('access_key').set({ status: 'Inactive' }).execute()
    await expectRefused(requestV1(server, 'AddAccount', { Name: 'x' }), 400, 'InvalidAccessKeyId.Inactive')
  })

  test('more than once', async () => {
    const request = requestV1(server, 'Echo')
    expect((await call(server, request.clone())).status).toBe(200)
    await expectRefused(request, 400, 'SignatureNonceUsed')
  })

  test('a request dated ahead cannot be replayed for as long as its date is good', async () => {
    const request = requestV1(server, 'Echo', { Timestamp: minutes(15) })
    expect((await call(server, request.clone())).status).toBe(200)
    server.clock.now = new Date(server.clock.now.getTime() + 30 * 60_000)
    await expectRefused(request.clone(), 400, 'SignatureNonceUsed')
    server.clock.now = new Date(server.clock.now.getTime() + 1000)
    await expectRefused(request, 400, 'InvalidTimeStamp.Expired')
  })

  test('a forged request does not use up a nonce, and two keys may use the same', async () => {
    const nonce = randomUUID()
    const params = { ...systemParamsV1(server, 'Echo', '2016-04-28'), SignatureNonce: nonce }
    await expectRefused(getV1(signParamsV1('GET', params, 'guess')), 400, 'SignatureDoesNotMatch')
    expect((await call(server, requestV1(server, 'Echo', { SignatureNonce: nonce }))).status).toBe(200)
  })
})

describe('V3', () => {
  const send = (parts: Partial<PartsV3>) =>
    requestV3(server, { action: 'AddAccount', query: { Name: 'x' }, ...parts })

  test.each(['x-acs-action', 'x-acs-version', 'x-acs-date', 'x-acs-signature-nonce', 'x-acs-content-sha256'])(
    'without %s',
    async (name) => {
      const message = await expectRefused(send({ headers: { [name]: undefined } }), 400, 'MissingParameter')
      expect(message).toContain(name)
    },
  )

  test.each([
    'host',
    'x-acs-action',
    'x-acs-version',
    'x-acs-date',
    'x-acs-signature-nonce',
    'x-acs-content-sha256',
    'content-type',
    'x-acs-other',
  ])('with %s unsigned', async (name) => {
    const request = send({ body: 'a=b', headers: { 'x-acs-other': 'o' }, unsigned: [name] })
    const message = await expectRefused(request, 400, 'IncompleteSignature')
    expect(message).toContain(name)
  })

  test.each([
    ['x-acs-version', '2000-01-01', 400, 'InvalidVersion'],
    ['x-acs-action', 'NoSuchAction', 404, 'InvalidAction.NotFound'],
    ['x-acs-date', '2026-11-23T08:00:00.000Z', 400, 'InvalidTimeStamp.Format'],
    ['x-acs-date', '2026-11-23T07:44:59Z', 400, 'InvalidTimeStamp.Expired'],
    ['x-acs-date', '2026-11-23T08:15:01Z', 400, 'InvalidTimeStamp.Expired'],
    ['x-acs-security-token', 'a token', 400, 'InvalidSecurityToken.Malformed'],
  ])('with %s: %s', async (name, value, status, code) => {
    await expectRefused(send({ headers: { [name]: value } }), status, code)
  })

  test('with a wrong secret and an unknown key', async () => {
    const { id, secret } = server.key
    const wrong = { id, secret: `${secret}x` }
    const message = await expectRefused(send({ credentials: wrong }), 400, 'SignatureDoesNotMatch')
    expect(message).toContain('server string to sign is:ACS3-HMAC-SHA256\n')
    await expectRefused(send({ credentials: { id: 'LTAIno', secret } }), 404, 'InvalidAccessKeyId.NotFound')
  })

  test.each<[string, NonNullable<PartsV3['tamper']>]>([
    ['query', { query: { Name: 'y' } }],
    ['body', { body: 'Name=y' }],
    ['emptied body', { body: '' }],
    ['action', { headers: { 'x-acs-action': 'Echo' } }],
    ['host', { headers: { host: 'other.example.test' } }],
    ['body hash', { body: 'Name=y', headers: { 'x-acs-content-sha256': 'a'.repeat(64) } }],
  ])('with a changed %s', async (_, tamper) => {
    await expectRefused(send({ body: 'Name=a', tamper }), 400, 'SignatureDoesNotMatch')
  })

  test('with a changed content type', async () => {
    const tamper = { headers: { 'content-type': 'application/json' } }
    await expectRefused(send({ body: '{"Name":"a"}', tamper }), 400, 'SignatureDoesNotMatch')
  })

  test('with another algorithm and with a malformed Authorization', async () => {
    const sm3 = (header: string) => header.replace('SHA256', 'SM3')
    await expectRefused(send({ authorization: sm3 }), 400, 'InvalidSignatureMethod')
    const cut = (header: string) => header.replace(/,Signature=.*/, '')
    await expectRefused(send({ authorization: cut }), 400, 'IncompleteSignature')
  })

  test('more than once', async () => {
    const request = requestV3(server, { action: 'Echo' })
    expect((await call(server, request.clone())).status).toBe(200)
    await expectRefused(request, 400, 'SignatureNonceUsed')
  })

  test('with a body that is no JSON object', async () => {
    const contentType = 'application/json'
    await expectRefused(send({ body: '{', contentType }), 400, 'InvalidParameter')
    await expectRefused(send({ body: '[1]', contentType }), 400, 'InvalidParameter')
    await expectRefused(send({ body: '<a/>', contentType: 'text/xml' }), 400, 'InvalidParameter')
  })
})

test('other methods and paths', async () => {
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    await expectRefused(new Request('http://localhost/', { method }), 400, 'UnsupportedHTTPMethod')
  }
  const read = requestV1(server, 'AddAccount', { Name: 'x' })
  const head = await server.app.request(new Request(read.url, { method: 'HEAD' }))
  expect(head.status).toBe(400)
  await expectRefused(new Request('http://localhost/elsewhere'), 404, 'InvalidApi.NotFound')
})

test('a body over 1 MiB, and more than 2000 parameters', async () => {
  const system = systemParamsV1(server, 'AddAccount', '2016-04-28')
  const long = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`N${i}`, 'x'.repeat(65_000)]))
  const big = signParamsV1('POST', { ...system, Name: 'x', ...long }, server.key.secret)
  expect(await expectRefused(postFormV1({}, big), 400, 'InvalidParameter')).toContain('body')
  const many = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`N${i}`, 'x']))
  const wide = signParamsV1('POST', { ...system, Name: 'x', ...many }, server.key.secret)
  expect(await expectRefused(postFormV1({}, wide), 400, 'InvalidParameter')).toContain('2000')
})

test('a body that breaks off is no fault of the server', async () => {
  const body = new ReadableStream({ start: (controller) => controller.error(new Error('gone')) })
  const request = new Request('http://localhost/', { method: 'POST', body, duplex: 'half' })
  await expectRefused(request, 400, 'InvalidParameter')
  expect(server.logged.map(({ message }) => message)).toEqual(['request'])
})

test('a user without the right is refused with 403, and told which action on which resource', async () => {
  const user = { id: '200000000000000001', name: 'alice' }
  const key = await server.db.transaction().execute(async (tx) => {
    const at = server.clock.now.toISOString()
    const texts = { display_name: '', mobile_phone: '', email: '', comments: '' }
    await insertUser(tx, {
      ...user,
      ...texts,
      last_login_at: null,
      account_id: consumer,
      created_at: at,
      updated_at: at,
    })
    return await createAccessKey(tx, testSealKey, consumer, server.clock.now, randomBytes, user)
  })
  const asAlice = { ...server, key }
  const request = () => requestV1(asAlice, 'AddAccount', { Name: 'x', ClientToken: 'once' })
  const message = await expectRefused(request(), 403, 'Forbidden')
  expect(message).toContain('Action: vpc:AddAccount. Resource: acs:vpc:eu-central-1:12345678:*.')
  const { body } = await call(server, request())
  expect(body['AccessDeniedDetail']).toEqual({
    AuthAction: 'vpc:AddAccount',
    AuthPrincipalOwnerId: '12345678',
    AuthPrincipalType: 'SubUser',
    AuthPrincipalDisplayName: user.id,
    NoPermissionType: 'ImplicitDeny',
    PolicyType: 'AccountLevelIdentityBasedPolicy',
  })
  expect(await server.accountNames()).toEqual(['consumer'])
  const token = { Name: 'y', ClientToken: 'once' }
  expect((await call(server, requestV1(server, 'AddAccount', token))).status).toBe(200)
})

test('a fault inside is logged in full, answered with nothing but its id, and taken back', async () => {
  const message = await expectRefused(
    requestV1(server, 'AddAccount', { Name: 'x', Fail: 'true' }),
    500,
    'InternalError',
  )
  expect(message).not.toContain('fire')
  const entry = server.logged.find((line) => line.message === 'request failed')
  expect(entry?.fields).toMatchObject({ action: 'Vpc:AddAccount', account: '12345678' })
  expect(entry?.fields).toHaveProperty('err.message', 'the disk is on fire')
})
