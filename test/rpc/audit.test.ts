/** Every call is in the record, the record stays as it is, and each account sees its own part of it. */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lookupEvents } from '../../src/api/actions/actiontrail.ts'
import type { AuditedEvent } from '../../src/api/audited-event.ts'
import type { AccountId } from '../../src/model/ids.ts'
import { createAccessKey } from '../../src/store/access-keys.ts'
import { createAccount } from '../../src/store/accounts.ts'
import { purgeEvents } from '../../src/store/audit.ts'
import { consumer, openTestServer, testSealKey, type TestServer } from './server.ts'
import { call, requestV1, requestV3 } from './signed-request.ts'

let server: TestServer
beforeEach(async () => {
  server = await openTestServer({ actions: [lookupEvents] })
})
afterEach(() => server.db.destroy())

type Changes = Parameters<typeof requestV1>[2]

async function lookUp(params: Changes = {}, of: TestServer = server) {
  const { status, body } = await call(of, requestV1(of, 'LookupEvents', { Version: '2020-07-06', ...params }))
  expect(body).not.toHaveProperty('Code')
  expect(status).toBe(200)
  return body as { Events: AuditedEvent[]; NextToken?: string; StartTime: string; EndTime: string }
}

async function events(params: Changes = {}): Promise<AuditedEvent[]> {
  return (await lookUp(params)).Events
}

async function names(params: Changes = {}): Promise<string[]> {
  return (await events(params)).map(({ eventName }) => eventName)
}

const echo = (params: Changes = {}) => call(server, requestV1(server, 'Echo', params))

test('a read, a write and a refusal, each with who, when, what and what came of it', async () => {
  await echo({ Text: 'vpc-abcdefgh12' })
  server.clock.now = new Date('2026-11-23T08:00:01Z')
  const written = await call(server, requestV1(server, 'AddAccount', { Name: 'new' }))
  await echo({ Count: '101' })
  const [refused, write, read] = await events()
  expect(read).toMatchObject({
    eventName: 'Echo',
    eventRW: 'Read',
    eventTime: '2026-11-23T08:00:00Z',
    eventVersion: '1',
    eventSource: 'api.example.test:8080',
    serviceName: 'Vpc',
    apiVersion: '2016-04-28',
    acsRegion: 'eu-central-1',
    userIdentity: {
      type: 'root-account',
      accountId: '12345678',
      principalId: '12345678',
      userName: 'root',
      accessKeyId: server.key.id,
    },
    requestParameters: { Text: 'vpc-abcdefgh12' },
    resourceType: 'ACS::VPC::VPC',
    resourceName: 'vpc-abcdefgh12',
    referencedResources: { 'ACS::VPC::VPC': ['vpc-abcdefgh12'] },
  })
  expect(read).not.toHaveProperty('errorCode')
  expect(write).toMatchObject({
    eventName: 'AddAccount',
    eventRW: 'Write',
    eventTime: '2026-11-23T08:00:01Z',
    requestId: written.body['RequestId'],
    eventId: written.body['RequestId'],
  })
  expect(refused).toMatchObject({ eventName: 'Echo', errorCode: 'InvalidParameter' })
  expect(refused?.errorMessage).toContain('Count')
})

test('a write that fails half way leaves its record and nothing else', async () => {
  const { status } = await call(server, requestV1(server, 'AddAccount', { Name: 'half', Fail: 'true' }))
  expect(status).toBe(500)
  expect(await server.accountNames()).not.toContain('half')
  expect(await events()).toMatchObject([{ eventName: 'AddAccount', errorCode: 'InternalError' }])
})

test('a call that is denied to a RAM user is recorded under its name, V3 like V1', async () => {
  const user = { id: '200000000000000001', name: 'alice' }
  const at = server.clock.now.toISOString()
  const texts = { display_name: '', mobile_phone: '', email: '', comments: '' }
  await server.db
    .insertInto('ram_user')
    .values({ ...user, ...texts, account_id: consumer, created_at: at, updated_at: at })
    .execute()
  const key = await createAccessKey(server.db, testSealKey, consumer, server.clock.now, randomBytes, user)
  const alice: TestServer = { ...server, key }
  const denied = await call(alice, requestV3(alice, { action: 'Echo', query: { Text: 'a' } }))
  expect(denied.status).toBe(403)
  expect(await events({ 'LookupAttribute.1.Key': 'User', 'LookupAttribute.1.Value': 'alice' })).toMatchObject(
    [
      {
        eventName: 'Echo',
        errorCode: denied.body['Code'],
        userIdentity: { type: 'ram-user', principalId: user.id, userName: 'alice', accessKeyId: key.id },
      },
    ],
  )
})

test('secrets are not recorded', async () => {
  const secrets = {
    UserData: 'c2VjcmV0LWRhdGE=',
    Password: 'hunter-two',
    AccessKeySecret: 'very-secret-key',
    'Login.1.PrivateKeyBody': 'pem-text',
    Settings: '{"AdminPassword":"in-json"}',
    Text: 'shown',
  }
  await echo(secrets)
  await call(server, requestV1(server, 'Echo', { ...secrets, Signature: 'wrong' }))
  await call(server, requestV3(server, { action: 'Echo', query: secrets, tamper: { query: { Text: 'x' } } }))
  const stored = JSON.stringify(await server.db.selectFrom('audit_event').selectAll().execute())
  expect(stored).toContain('shown')
  for (const [name, value] of Object.entries(secrets)) {
    if (name !== 'Text') expect(stored).not.toContain(value)
  }
  expect(stored).not.toContain('in-json')
  expect(stored).not.toContain(server.key.secret)
  for (const name of ['SignatureNonce', '"Signature"', 'AccessKeyId']) expect(stored).not.toContain(name)
})

describe('lookup', () => {
  test('by each attribute, and by two', async () => {
    const { body } = await echo({ Text: 'vpc-abcdefgh12 and i-zyxw987654' })
    await call(server, requestV1(server, 'AddAccount', { Name: 'new' }))
    const found = (Key: string, Value: string) =>
      names({ 'LookupAttribute.1.Key': Key, 'LookupAttribute.1.Value': Value, Direction: 'FORWARD' })
    expect(await found('EventName', 'Echo')).toEqual(['Echo'])
    expect(await found('EventRW', 'Write')).toEqual(['AddAccount'])
    expect(await found('ServiceName', 'VPC')).toEqual(['Echo', 'AddAccount'])
    expect(await found('ServiceName', 'Ecs')).toEqual([])
    expect(await found('ResourceName', 'i-zyxw987654')).toEqual(['Echo'])
    expect((await found('ResourceType', 'ACS::ECS::Instance')).slice(0, 1)).toEqual(['Echo'])
    expect(await found('EventId', String(body['RequestId']))).toEqual(['Echo'])
    // Whoever asks for a resource names it.
    expect(await found('ResourceName', 'i-zyxw987654')).toEqual(['Echo', 'LookupEvents'])
    expect(await found('EventAccessKeyId', 'LTAIother')).toEqual([])
    expect((await found('EventAccessKeyId', server.key.id)).slice(0, 2)).toEqual(['Echo', 'AddAccount'])
    expect((await found('User', 'root')).slice(0, 2)).toEqual(['Echo', 'AddAccount'])
    const both = {
      'LookupAttribute.1.Key': 'User',
      'LookupAttribute.1.Value': 'root',
      'LookupAttribute.2.Key': 'EventRW',
      'LookupAttribute.2.Value': 'Write',
    }
    expect(await names(both)).toEqual(['AddAccount'])
  })

  test('within a range of time', async () => {
    for (const day of [1, 2, 3]) {
      server.clock.now = new Date(Date.UTC(2026, 10, day))
      await echo({ Text: `day ${day}` })
    }
    server.clock.now = new Date('2026-11-09T00:00:00Z')
    const days = async (params: Changes) =>
      (await events(params)).map(({ requestParameters }) => requestParameters['Text'])
    expect(await days({})).toEqual(['day 3', 'day 2'])
    expect(await days({ StartTime: '2026-11-01T00:00:00Z', EndTime: '2026-11-02T00:00:00Z' })).toEqual([
      'day 2',
      'day 1',
    ])
  })

  test('pages end, and are stable while calls come in', async () => {
    for (let count = 0; count < 7; count++) await echo({ Text: String(count) })
    const seen: (string | undefined)[] = []
    let token: string | undefined
    do {
      const params = {
        MaxResults: '3',
        NextToken: token,
        'LookupAttribute.1.Key': 'EventName',
        'LookupAttribute.1.Value': 'Echo',
      }
      const { Events, NextToken } = await lookUp(params)
      seen.push(...Events.map(({ requestParameters }) => requestParameters['Text']))
      token = NextToken
      await echo({ Text: 'later' })
    } while (token !== undefined)
    expect(seen).toEqual(['6', '5', '4', '3', '2', '1', '0'])
  })

  test.each([
    [{ MaxResults: '51' }],
    [{ NextToken: 'bad' }],
    [{ NextToken: Buffer.from('["x",1]').toString('base64url') }],
    [{ Direction: 'SIDEWAYS' }],
    [{ StartTime: 'yesterday' }],
    [{ StartTime: '2026-13-41T00:00:00Z' }],
    [{ StartTime: '2026-11-22T00:00:00Z', EndTime: '2026-11-21T00:00:00Z' }],
    [{ StartTime: '2026-10-01T00:00:00Z', EndTime: '2026-11-21T00:00:00Z' }],
    [{ 'LookupAttribute.1.Key': 'Colour', 'LookupAttribute.1.Value': 'red' }],
    [{ 'LookupAttribute.1.Key': 'EventRW', 'LookupAttribute.1.Value': 'Both' }],
  ])('%j is refused', async (params) => {
    const request = requestV1(server, 'LookupEvents', { Version: '2020-07-06', ...params })
    expect((await call(server, request)).body).toMatchObject({ Code: 'InvalidParameter' })
  })

  test('an account sees its own calls only', async () => {
    const other = '87654321' as AccountId
    await createAccount(server.db, { id: other, name: 'other', createdAt: server.clock.now.toISOString() })
    const key = await createAccessKey(server.db, testSealKey, other, server.clock.now, randomBytes)
    await echo({ Text: 'vpc-abcdefgh12' })
    const wrong = await call(server, requestV1(server, 'Echo', { AccessKeyId: key.id }))
    expect(wrong.body).toMatchObject({ Code: 'SignatureDoesNotMatch' })
    const asOther: TestServer = { ...server, key }
    expect((await lookUp({}, asOther)).Events).toEqual([])
    const byName = { 'LookupAttribute.1.Key': 'ResourceName', 'LookupAttribute.1.Value': 'vpc-abcdefgh12' }
    expect((await lookUp(byName, asOther)).Events).toEqual([])
    expect(await names()).toEqual(['Echo'])
  })

  test('what a client calls a parameter does not break XML', async () => {
    await echo({ '<b>&': 'x', Text: '<i>' })
    const request = requestV1(server, 'LookupEvents', { Version: '2020-07-06', Format: 'XML' })
    const text = await (await server.app.request(request)).text()
    expect(text).toContain('<Text>&lt;i&gt;</Text>')
    expect(text).not.toContain('<b>')
  })
})

describe('the record is append-only', () => {
  test.each([
    ['update audit_event set action = ?', 'x'],
    ['update audit_resource set name = ?', 'x'],
    ['delete from audit_event where action != ?', 'x'],
    ['delete from audit_resource where name != ?', 'x'],
    ['delete from audit_horizon where id != ?', 'x'],
    ['update audit_horizon set seq = ? - 5', 1],
  ])('%s', async (statement, value) => {
    await echo({ Text: 'vpc-abcdefgh12' })
    const parts = statement.split('?')
    const query = sql`${sql.raw(parts[0] ?? '')}${value}${sql.raw(parts[1] ?? '')}`
    await expect(query.execute(server.db)).rejects.toThrow(/append-only|never moves back/)
    expect(await names()).toEqual(['Echo'])
  })

  test('but for what is older than 90 days', async () => {
    server.clock.now = new Date('2026-08-01T00:00:00Z')
    for (let count = 0; count < 3; count++) await echo({ Text: 'vpc-abcdefgh12' })
    server.clock.now = new Date('2026-09-01T00:00:00Z')
    await echo({ Text: 'vpc-abcdefgh12' })
    const purge = (now: string) => server.db.transaction().execute((tx) => purgeEvents(tx, new Date(now)))
    const left = async () => (await server.db.selectFrom('audit_event').selectAll().execute()).length
    expect(await purge('2026-10-29T00:00:00Z')).toBe(false)
    expect(await left()).toBe(4)
    expect(await purge('2026-10-31T00:00:00Z')).toBe(false)
    expect(await left()).toBe(1)
    expect(await server.db.selectFrom('audit_resource').selectAll().execute()).toHaveLength(1)
  })
})
