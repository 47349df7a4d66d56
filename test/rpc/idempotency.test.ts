/** The same write with the same ClientToken is done once, whatever happens to the server in between. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTestServer, type TestServer } from './server.ts'
import { call, getV1, requestV1, requestV3, signParamsV1, systemParamsV1 } from './signed-request.ts'

let directory: string
let file: string
let server: TestServer

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-idempotency-'))
  file = join(directory, 'postern.db')
  server = await openTestServer({ file })
})

afterEach(async () => {
  await server.db.destroy()
  await rm(directory, { recursive: true })
})

const add = (changes: Record<string, string>) => call(server, requestV1(server, 'AddAccount', changes))

async function countOf(name: string): Promise<number> {
  return (await server.accountNames()).filter((candidate) => candidate === name).length
}

test('a repeat gets the first answer and writes nothing', async () => {
  const first = await add({ Name: 'one', ClientToken: 'token' })
  const second = await add({ Name: 'one', ClientToken: 'token' })
  expect(second.status).toBe(200)
  expect(second.body['AccountId']).toBe(first.body['AccountId'])
  expect(second.body['RequestId']).not.toBe(first.body['RequestId'])
  expect(await countOf('one')).toBe(1)
  expect(server.changes.count).toBe(1)
})

test('a repeat may be signed and sent in another way', async () => {
  const first = await add({ Name: 'one', ClientToken: 'token', SignatureType: '', DryRun: 'false' })
  const query = { Name: 'one', ClientToken: 'token' }
  const second = await call(server, requestV3(server, { action: 'AddAccount', query }))
  expect(second.body['AccountId']).toBe(first.body['AccountId'])
})

test('64-bit numbers of a remembered answer stay exact, as XML too', async () => {
  const first = await add({ Name: 'one', ClientToken: 'token' })
  const request = requestV1(server, 'AddAccount', { Name: 'one', ClientToken: 'token', Format: 'XML' })
  const xml = await (await server.app.request(request)).text()
  expect(xml).toContain(`<OwnerId>${String(first.body['AccountId'])}000</OwnerId>`)
})

test('without a token, and with another, the write is done again', async () => {
  await add({ Name: 'one' })
  await add({ Name: 'one' })
  await add({ Name: 'one', ClientToken: 'a' })
  await add({ Name: 'one', ClientToken: 'A' })
  expect(await countOf('one')).toBe(4)
})

test('the token of a different request is refused', async () => {
  await add({ Name: 'one', ClientToken: 'token' })
  const { status, body } = await add({ Name: 'two', ClientToken: 'token' })
  expect([status, body['Code']]).toEqual([400, 'IdempotentParameterMismatch'])
  expect(await countOf('two')).toBe(0)
})

test('a failure is not remembered', async () => {
  const failed = await add({ Name: 'one', Fail: 'true', ClientToken: 'token' })
  expect(failed.status).toBe(500)
  expect((await add({ Name: 'one', ClientToken: 'token' })).status).toBe(200)
  expect(await countOf('one')).toBe(1)
})

test('a dry run leaves the token free', async () => {
  const dry = await add({ Name: 'one', ClientToken: 'token', DryRun: 'true' })
  expect(dry.body['Code']).toBe('DryRunOperation')
  expect(await countOf('one')).toBe(0)
  expect(server.changes.count).toBe(0)
  await add({ Name: 'one', ClientToken: 'token' })
  expect(await countOf('one')).toBe(1)
})

test('many repeats at once make one', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => add({ Name: 'one', ClientToken: 'token' })),
  )
  expect(new Set(answers.map(({ body }) => body['AccountId'])).size).toBe(1)
  expect(await countOf('one')).toBe(1)
})

test('a token is forgotten after a day', async () => {
  await add({ Name: 'one', ClientToken: 'token' })
  server.clock.now = new Date(server.clock.now.getTime() + 24 * 60 * 60_000)
  await add({ Name: 'one', ClientToken: 'token' })
  expect(await countOf('one')).toBe(1)
  server.clock.now = new Date(server.clock.now.getTime() + 1)
  await add({ Name: 'one', ClientToken: 'token' })
  expect(await countOf('one')).toBe(2)
})

test('tokens and nonces outlive a restart', async () => {
  const { key } = server
  const params = { ...systemParamsV1(server, 'AddAccount', '2016-04-28'), Name: 'one', ClientToken: 'token' }
  const sent = signParamsV1('GET', params, key.secret)
  const first = await call(server, getV1(sent))

  await server.db.destroy()
  server = { ...(await openTestServer({ file })), key }

  const replayed = await call(server, getV1(sent))
  expect(replayed.body['Code']).toBe('SignatureNonceUsed')
  const repeated = await add({ Name: 'one', ClientToken: 'token' })
  expect(repeated.body['AccountId']).toBe(first.body['AccountId'])
  expect(await countOf('one')).toBe(1)
})
