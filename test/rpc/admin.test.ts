import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAdmin } from '../../src/api/admin.ts'
import { readRegionFile, shippedRegions } from '../../src/api/region-file.ts'
import { listenOnSocket, type AdminSocket } from '../../src/api/admin-socket.ts'
import { readWorld } from '../../src/store/world/read-world.ts'
import { call, requestV1 } from './signed-request.ts'
import { openTestServer, testSealKey, type TestServer } from './server.ts'

let directory: string
let path: string
let server: TestServer
let admin: ReturnType<typeof createAdmin>
let socket: AdminSocket
let changes = 0

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-admin-'))
  path = join(directory, 'admin.sock')
  server = await openTestServer()
  admin = createAdmin({
    db: server.db,
    sealKey: testSealKey,
    clock: () => server.clock.now,
    randomBytes,
    status: () => ({ Ready: true }),
    health: () => [],
    drops: () => [],
    inKernel: () => Promise.resolve(),
    wires: () => [
      {
        id: 'ep-1/eu-central-1b',
        atMs: Date.UTC(2026, 10, 23),
        inBytes: 1,
        inPackets: 2,
        inDropped: 3,
        outBytes: 4,
        outPackets: 5,
        outDropped: 6,
        pair: 'cw-1',
        newConnections: 7,
        activeConnections: 1,
        overConnections: 0,
        denied: 8,
        unserved: 9,
        portsUsed: 0,
        portsInAll: 64512,
        sources: 1,
      },
    ],
    regions: readRegionFile(shippedRegions),
    onChange: () => void (changes += 1),
    log: { error: (fields: object) => void server.logged.push({ fields, message: undefined }) },
  })
  socket = await listenOnSocket(admin, path)
})

afterEach(async () => {
  await socket.close()
  await server.db.destroy()
  await rm(directory, { recursive: true })
})

interface Answer {
  readonly status: number | undefined
  readonly body: Readonly<Record<string, string>>
}

async function send(method: string, url: string, body?: unknown): Promise<Answer> {
  const sent = request({ socketPath: path, method, path: url })
  sent.end(typeof body === 'string' ? body : JSON.stringify(body))
  const [response] = await once(sent, 'response')
  const text = Buffer.concat(await response.toArray()).toString()
  return { status: response.statusCode, body: JSON.parse(text) as Answer['body'] }
}

test('only the owner may open the socket', async () => {
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

test('an account with a key that signs, and a second key', async () => {
  const made = await send('POST', '/accounts', { id: '87654321', name: 'provider' })
  expect(made.status).toBe(201)
  expect(made.body).toEqual({
    AccountId: '87654321',
    AccountName: 'provider',
    AccessKeyId: expect.stringMatching(/^LTAI[A-Za-z0-9]{20}$/),
    AccessKeySecret: expect.stringMatching(/^[A-Za-z0-9]{30}$/),
  })
  const second = await send('POST', '/accounts/87654321/keys')
  expect(second.body).toMatchObject({ AccountId: '87654321', AccountName: 'provider' })
  expect(second.body['AccessKeyId']).not.toBe(made.body['AccessKeyId'])

  for (const { AccessKeyId = '', AccessKeySecret = '' } of [made.body, second.body]) {
    const key = { ...server.key, id: AccessKeyId, secret: AccessKeySecret }
    expect((await call(server, requestV1({ ...server, key }, 'Echo'))).status).toBe(200)
  }
})

test('what is made and what is refused is in the record as the operator’s, without secrets', async () => {
  const made = await send('POST', '/accounts', { id: '87654321', name: 'provider' })
  const second = await send('POST', '/accounts/87654321/keys')
  await send('POST', '/accounts', { id: '87654321', name: 'again' })
  await send('POST', '/accounts/99/keys')
  const { status, body } = await send('GET', '/audit?since=2026-11-23T00:00:00Z')
  expect(status).toBe(200)
  const identity = { type: 'operator', userName: 'operator', accountId: '' }
  const event = (eventName: string, more: object) =>
    expect.objectContaining({
      serviceName: 'Postern',
      eventName,
      eventRW: 'Write',
      eventId: expect.stringMatching(/^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/),
      userIdentity: expect.objectContaining(identity),
      ...more,
    })
  const key = (answer: Answer) => ({
    referencedResources: { 'ACS::RAM::AccessKey': [answer.body['AccessKeyId']] },
  })
  expect(body['Events']).toEqual([
    event('CreateAccount', {
      requestParameters: { AccountId: '87654321', AccountName: 'provider' },
      ...key(made),
    }),
    event('CreateAccessKey', { requestParameters: { AccountId: '87654321' }, ...key(second) }),
    event('CreateAccount', { errorCode: 'AccountExists' }),
    event('CreateAccessKey', { errorCode: 'AccountNotFound', requestParameters: { AccountId: '99' } }),
  ])
  expect(JSON.stringify(body)).not.toContain(made.body['AccessKeySecret'])
})

test('an account without an id gets one of 16 digits', async () => {
  server.clock.now = new Date('2026-11-23T08:00:01Z')
  const { body } = await send('POST', '/accounts', { name: 'tenant' })
  expect(body['AccountId']).toMatch(/^1\d{15}$/)
  const { body: listed } = await send('GET', '/accounts')
  expect(listed).toEqual({
    Accounts: [
      { AccountId: '12345678', AccountName: 'consumer', CreatedAt: '2026-11-23T08:00:00.000Z' },
      { AccountId: body['AccountId'], AccountName: 'tenant', CreatedAt: '2026-11-23T08:00:01.000Z' },
    ],
  })
})

test.each([
  [{ id: '12345678', name: 'again' }, 409, 'AccountExists'],
  [{ id: '012', name: 'x' }, 400, 'InvalidParameter'],
  [{ id: '12345678901234567', name: 'x' }, 400, 'InvalidParameter'],
  [{ id: 5, name: 'x' }, 400, 'InvalidParameter'],
  [{ id: '5' }, 400, 'InvalidParameter'],
  [{ name: '' }, 400, 'InvalidParameter'],
  [{ name: 'x', extra: 1 }, 400, 'InvalidParameter'],
  ['{', 400, 'InvalidParameter'],
])('%j is refused', async (body, status, code) => {
  const answer = await send('POST', '/accounts', body)
  expect([answer.status, answer.body['Code']]).toEqual([status, code])
  expect(await server.accountNames()).toEqual(['consumer'])
})

test('keys of no account, status, and unknown paths', async () => {
  expect(await send('POST', '/accounts/99/keys')).toMatchObject({
    status: 404,
    body: { Code: 'AccountNotFound' },
  })
  expect(await send('POST', '/accounts/x/keys')).toMatchObject({ status: 400 })
  expect(await send('GET', '/status')).toEqual({ status: 200, body: { Ready: true } })
  expect(await send('GET', '/nothing')).toMatchObject({ status: 404, body: { Code: 'UnknownPath' } })
})

test('a socket file that a killed server left is replaced, one in use is not', async () => {
  await expect(listenOnSocket(admin, path)).rejects.toThrow('another server is listening')
  await socket.close()
  await writeFile(path, '')
  socket = await listenOnSocket(admin, path)
  expect((await send('GET', '/status')).status).toBe(200)
})

test('the counters of each wire by endpoint and zone', async () => {
  expect(await send('GET', '/wires')).toMatchObject({
    status: 200,
    body: {
      Wires: [
        {
          EndpointId: 'ep-1',
          ZoneId: 'eu-central-1b',
          MeasuredAt: '2026-11-23T00:00:00.000Z',
          InBytes: 1,
          InPackets: 2,
          InDroppedPackets: 3,
          OutBytes: 4,
          OutPackets: 5,
          OutDroppedPackets: 6,
          DeniedPackets: 8,
          UnservedPackets: 9,
        },
      ],
    },
  })
})

test('the record of calls is shown for all accounts, oldest first, filtered', async () => {
  await call(server, requestV1(server, 'Echo', { Text: 'a' }))
  await call(server, requestV1(server, 'AddAccount', { Name: 'b' }))
  await call(server, requestV1(server, 'Echo', { Signature: 'wrong', Count: '1', AccessKeyId: 'LTAInone' }))
  const shown = async (query: string) => {
    const { status, body } = await send('GET', `/audit?since=2026-11-23T00:00:00Z${query}`)
    expect(status).toBe(200)
    const events = body['Events'] as unknown as { eventName: string; errorCode?: string }[]
    return events.map(({ eventName, errorCode }) => [eventName, errorCode])
  }
  const nobody = ['Echo', 'InvalidAccessKeyId.NotFound']
  expect(await shown('')).toEqual([['Echo', undefined], ['AddAccount', undefined], nobody])
  expect(await shown('&action=AddAccount')).toEqual([['AddAccount', undefined]])
  expect(await shown('&account=12345678&user=root')).toEqual([
    ['Echo', undefined],
    ['AddAccount', undefined],
  ])
  expect(await shown('&account=1')).toEqual([])
  expect((await send('GET', '/audit?since=yesterday')).status).toBe(400)
  expect((await send('GET', '/audit')).status).toBe(400)
})

test('a zone is taken down and brought up, and stays as it is told', async () => {
  const zones = async () => {
    const { body } = await send('GET', '/zones')
    const list = (body as unknown as { Zones: { ZoneId: string; Status: string; Since?: string }[] }).Zones
    return list.filter(({ Status }) => Status === 'down').map(({ ZoneId, Since }) => [ZoneId, Since])
  }
  const before = changes
  expect(await zones()).toEqual([])
  expect(await send('POST', '/zones/eu-central-1b/down')).toMatchObject({ status: 200 })
  const since = server.clock.now.toISOString()
  await send('POST', '/zones/eu-central-1b/down')
  expect(await zones()).toEqual([['eu-central-1b', since]])
  expect(await server.db.transaction().execute(readWorld)).toMatchObject({ zonesDown: ['eu-central-1b'] })
  await send('POST', '/zones/eu-central-1b/up')
  expect(await zones()).toEqual([])
  expect(changes - before).toBe(3)
  expect(await send('POST', '/zones/mars-a/down')).toMatchObject({
    status: 404,
    body: { Code: 'ZoneNotFound' },
  })
})
