/** Whatever comes, the answer is a documented error, and the server goes on. Seeded: a failure can be run again. */
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { allActions } from '../../src/api/actions/all.ts'
import type { Action } from '../../src/api/action.ts'
import { errorSpec } from '../../src/api/errors.ts'
import { unwrap } from '../../src/api/params.ts'
import { products } from '../../src/api/products.ts'
import { startServer, type Credentials, type RunningServer } from '../fixtures/running-server.ts'
import { signedClient, signedPairs, type Answer, type SignedClient } from '../fixtures/signed-client.ts'
import { openTestServer, type TestServer } from './server.ts'
import { requestV3 } from './signed-request.ts'

const seed = 20_261_124

let server: RunningServer
let credentials: Credentials
let client: SignedClient
/** Ids of things that exist, so that what is fuzzed gets past the first look-up. */
let ids: readonly string[]

beforeAll(async () => {
  server = await startServer()
  credentials = await server.createAccount('12345678', 'fuzz')
  client = signedClient({ host: server.host, credentials })
  const vpc = { Version: '2016-04-28', RegionId: 'eu-central-1' }
  const { VpcId } = await client.call({ ...vpc, Action: 'CreateVpc', CidrBlock: '10.0.0.0/8' })
  await server.settled()
  const zone = { ZoneId: 'eu-central-1b', CidrBlock: '10.0.0.0/24' }
  const made = await client.call({ ...vpc, ...zone, Action: 'CreateVSwitch', VpcId: String(VpcId) })
  const ecs = { Version: '2014-05-26', Action: 'CreateSecurityGroup', VpcId: String(VpcId) }
  const { SecurityGroupId } = await client.call(ecs)
  await client.call({ Version: '2020-04-15', Action: 'OpenPrivateLinkService' })
  await server.settled()
  ids = [VpcId, made['VSwitchId'], SecurityGroupId].map(String)
})
afterAll(async () => {
  client[Symbol.dispose]()
  await server[Symbol.asyncDispose]()
})

/** Codes to which the documents of one product give another status than those of the others. */
const otherStatuses: Readonly<Record<string, readonly number[]>> = { ResourceNotFound: [404] }

function expectDocumented({ status, body }: Answer): void {
  if (status === 200) return
  expect(body).toMatchObject({ Code: expect.any(String) as string, RequestId: expect.any(String) as string })
  expect(body['Code']).not.toBe('InternalError')
  const code = String(body['Code'])
  expect([errorSpec(code).status, ...(otherStatuses[code] ?? [])]).toContain(status)
}

async function expectAlive(): Promise<void> {
  const answer = await client.send({ Version: '2015-04-01', Action: 'GetCallerIdentity' })
  expect(answer.status).toBe(200)
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

const words = `0 -1 1.5 1e309 NaN 9007199254740993 -0 0x10 ０ +1 true TRUE null undefined __proto__ constructor toString
  é ﬀ {} [] [null] [{}] {"a": [1e999] ["\\ud800"] "x" {"__proto__":1} * ? % %00 %zz $\{x} ../.. <x>&amp;
  0.0.0.0/0 10.0.0.0/33 ::/0 256.1.1.1 10.0.0.0/8 10.0.0.1 22/22 -1/-1 1/99999 TCP all Running eu-central-1b
  eu-central-1 i- vpc- interface slb Interface 2026-11-24T08:00:00Z 2026-13-99T99:99:99Z 99999999999 acs:ram:*:1
  12345678 AAAA==== e30=`

const control = ['\0', 'a\0b', '\u202e', '\ufeff', '\r\nX: y', '\ud7ff', ' ', '\t']
const long = ['9'.repeat(400), '😀'.repeat(200), 'a'.repeat(60_000), nested(20_000)]
const oddities = words.split(/\s+/).concat(control, long, "' or 1=1 --", '[object Object]')

const odd = () =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...oddities) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 2 }).map((index) => ids[index] ?? '') },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.integer().map(String) },
  )

/** Flat names of an action's parameters: with indices where there are lists, odd ones among them. */
function namesOf(type: z.ZodType, name = ''): string[] {
  const inner = unwrap(type)
  if (inner instanceof z.ZodArray) {
    const indices = ['1', '2', '0', '9999', '-1', 'x']
    return [name, ...indices.flatMap((index) => namesOf(inner.element as z.ZodType, `${name}.${index}`))]
  }
  if (!(inner instanceof z.ZodObject)) return [name]
  const fields = Object.entries(inner.shape) as [string, z.ZodType][]
  return fields.flatMap(([key, field]) => namesOf(field, name === '' ? key : `${name}.${key}`))
}

const system = ['DryRun', 'ClientToken', 'RegionId', 'ResourceOwnerId', 'Format2', 'AcceptLanguage']

function fuzzed(action: Action): fc.Arbitrary<Record<string, string>> {
  const all = namesOf(action.params)
  const plain = all.filter((name) => /^\w+(\.1)?(\.\w+)?$/.test(name) && !/\.(0|9999|x)/.test(name))
  const some = fc.dictionary(fc.constantFrom(...all, ...system), odd(), { maxKeys: 6, noNullPrototype: true })
  // With every parameter given, more of them get to the handler.
  const whole = fc.tuple(...plain.map((name) => fc.tuple(fc.constant(name), odd()))).map(Object.fromEntries)
  return plain.length === 0 ? some : fc.oneof(some, whole as fc.Arbitrary<Record<string, string>>)
}

describe('every action with parameters of any kind, rightly signed', () => {
  test.each(allActions.map((action) => [`${action.product}.${action.name}`, action] as const))(
    '%s',
    async (_, action) => {
      const property = fc.asyncProperty(fuzzed(action), async (parameters) => {
        const { version: Version } = products[action.product]
        expectDocumented(await client.send({ ...parameters, Action: action.name, Version }))
      })
      await fc.assert(property, { seed, numRuns: 8 })
    },
  )

  test('the server is still there', expectAlive)
})

describe('names and values as they stand in a query or a form', () => {
  const pairs = (extra: string) =>
    `${signedPairs('GET', { Action: 'DescribeVpcs', Version: '2016-04-28' }, credentials)}${extra}`
  const get = async (target: string): Promise<Answer> => {
    const response = await fetch(`http://${server.host}/?${target}`)
    return { status: response.status, body: (await response.json()) as Answer['body'] }
  }
  const post = async (body: string | Uint8Array<ArrayBuffer>, type: string | undefined, method: string) => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type }
    const response = await fetch(`http://${server.host}/`, { method, headers, body })
    return { status: response.status, body: (await response.json()) as Answer['body'] }
  }

  test.each([
    ['a percent sign alone', '&X=%'],
    ['a wrong escape', '&X=%zz'],
    ['half an escape', '&X=%f'],
    ['bytes that are no UTF-8', '&X=%ff%fe%80'],
    ['half a surrogate', '&X=%ed%a0%80'],
    ['NUL in a name', '&a%00b=1'],
    ['a name twice', '&VpcId=a&VpcId=b'],
    ['the action twice', '&Action=DescribeVpcs'],
    ['no name', '&=x&=y'],
    ['separators only', '&&&&===&'],
    ['a name of 10,000 characters', `&${'n'.repeat(10_000)}=1`],
    ['a value of 70,000 characters', `&X=${'v'.repeat(70_000)}`],
    ['3,000 parameters', Array.from({ length: 3000 }, (_, number) => `&p${number}=1`).join('')],
    ['deep names', `&${'A.1.'.repeat(30)}B=1`],
    ['a prototype', '&__proto__=1&constructor.prototype.x=1'],
  ])('%s', async (_, extra) => {
    const answer = await get(pairs(extra))
    expect(answer.status).toBe(400)
    expectDocumented(answer)
  })

  test.each([
    ['nothing', '', undefined],
    ['JSON without V3', '{"Action":"DescribeVpcs"}', 'application/json'],
    ['XML', '<a/>', 'text/xml'],
    ['parts', '--x\r\n\r\n--x--', 'multipart/form-data; boundary=x'],
    ['a type that is none', 'a=b', ';;;'],
    ['bytes', Buffer.from([0xff, 0, 0xfe, 0x80, 0x25]), 'application/x-www-form-urlencoded'],
    ['more than a megabyte', 'x'.repeat(1_100_000), 'application/x-www-form-urlencoded'],
  ])('a body of %s', async (_, body, type) => {
    const answer = await post(body, type, 'POST')
    expect(answer.status).toBe(400)
    expectDocumented(answer)
  })

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s', async (method) => {
    expectDocumented(await post('a=b', undefined, method))
  })

  test('random text, unsigned', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 })
    const property = fc.asyncProperty(text, text, async (query, body) => {
      expectDocumented(await get(encodeURI(query.toWellFormed())))
      expectDocumented(await post(body, 'application/x-www-form-urlencoded', 'POST'))
    })
    await fc.assert(property, { seed, numRuns: 60 })
  })

  afterAll(expectAlive)
})

describe('a signed JSON body', () => {
  let local: TestServer
  beforeEach(async () => {
    local = await openTestServer()
  })
  afterEach(() => local.db.destroy())

  const send = async (body: string): Promise<Answer> => {
    const request = requestV3(local, { action: 'Echo', body, contentType: 'application/json' })
    const response = await local.app.request(request)
    return { status: response.status, body: (await response.json()) as Answer['body'] }
  }

  test.each([
    ['not JSON', '{'],
    ['a list', '[1]'],
    ['a text', '"x"'],
    ['null', 'null'],
    ['lists in lists', `{"Tag":${nested(100_000)}}`],
    ['objects in objects', `{"Tag":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`],
    ['a list of 5,000', `{"Names":[${'"x",'.repeat(4999)}"x"]}`],
    ['a number without end', `{"Count":${'9'.repeat(50_000)}}`],
    ['a name twice, once nested', '{"Tag.1.Key":"a","Tag":[{"Key":"b"}]}'],
    ['wrong types', '{"Count":[],"Enabled":{"a":1},"Text":["x"],"Tag":"x","Names":{"a":"b"}}'],
    ['half a surrogate', '{"Text":"\\ud800"}'],
    ['a prototype', '{"__proto__":{"Text":"x"},"constructor":{"prototype":{"x":1}}}'],
  ])('%s', async (_, body) => {
    expectDocumented(await send(body))
  })

  test('random values', async () => {
    const value = fc.jsonValue({ maxDepth: 6 })
    const body = fc.record({ Text: value, Count: value, Tag: value, Names: value, Disk: value })
    const property = fc.asyncProperty(body, async (given) => {
      expectDocumented(await send(JSON.stringify(given)))
    })
    await fc.assert(property, { seed, numRuns: 200 })
  })
})

describe('bytes on the wire', () => {
  /** All that comes back until the server closes. */
  async function exchange(bytes: string | Uint8Array, close = true): Promise<string> {
    const [host = '', port] = server.host.split(':')
    const socket = connect(Number(port), host)
    const received: Buffer[] = []
    socket.on('data', (chunk: Buffer) => received.push(chunk))
    // Being cut off while there is more to send is an answer too.
    socket.on('error', () => undefined)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    if (close) socket.end(bytes)
    else socket.write(bytes)
    await closed
    return Buffer.concat(received).toString('latin1')
  }

  function expectRefused(answer: string): void {
    if (answer !== '') expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
  }

  const host = 'host: x\r\nconnection: close\r\n'
  test.each([
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['two hosts', `GET / HTTP/1.1\r\nhost: a\r\n${host}\r\n`],
    ['a host that is none', 'GET / HTTP/1.1\r\nhost: a b/[c\r\nconnection: close\r\n\r\n'],
    ['an absolute target', `GET http://other/?Action=x HTTP/1.1\r\n${host}\r\n`],
    ['a target that is none', `GET //[?x HTTP/1.1\r\n${host}\r\n`],
    ['a star', `OPTIONS * HTTP/1.1\r\n${host}\r\n`],
    ['CONNECT', `CONNECT x:1 HTTP/1.1\r\n${host}\r\n`],
    ['TRACE', `TRACE / HTTP/1.1\r\n${host}\r\n`],
    ['an unknown method', `FROB / HTTP/1.1\r\n${host}\r\n`],
    ['an upgrade', `GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`],
    ['HTTP/0.9', 'GET /\r\n\r\n'],
    ['HTTP/2 by prior knowledge', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    [
      'a length and chunks',
      `POST / HTTP/1.1\r\n${host}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['two lengths', `POST / HTTP/1.1\r\n${host}content-length: 3\r\ncontent-length: 4\r\n\r\nabcd`],
    ['a negative length', `POST / HTTP/1.1\r\n${host}content-length: -1\r\n\r\n`],
    ['a bad chunk', `POST / HTTP/1.1\r\n${host}transfer-encoding: chunked\r\n\r\nzz\r\n\r\n`],
    ['a body that ends early', `POST / HTTP/1.1\r\n${host}content-length: 10\r\n\r\nabc`],
    ['a bare line feed in a header', `GET / HTTP/1.1\r\n${host}a: b\nc: d\r\n\r\n`],
    ['NUL in a header', `GET / HTTP/1.1\r\n${host}a: \0\r\n\r\n`],
    ['headers that are too long', `GET / HTTP/1.1\r\n${host}a: ${'x'.repeat(200_000)}\r\n\r\n`],
    ['too many headers', `GET / HTTP/1.1\r\n${host}${'a: b\r\n'.repeat(5000)}\r\n`],
    ['a TLS record that is none', Buffer.from([22, 3, 1, 0, 5, 1, 2, 3, 4, 5])],
    ['a TLS record that is long', Buffer.from([22, 3, 1, 255, 255, ...Buffer.alloc(70_000)])],
  ])('%s', async (_, bytes) => {
    const answer = await exchange(bytes)
    // An alert of TLS is no HTTP, and is an answer all the same.
    if (bytes[0] !== 22) expectRefused(answer)
  })

  test('two requests one behind the other get two answers', async () => {
    const one = 'GET /?Action=x HTTP/1.1\r\nhost: x\r\n'
    const answer = await exchange(`${one}\r\n${one}connection: close\r\n\r\n`, false)
    expect(answer.match(/HTTP\/1\.1 400 /g)).toHaveLength(2)
  })

  test('random bytes, and random bytes behind a request line', async () => {
    const bytes = fc.uint8Array({ maxLength: 2000 })
    const property = fc.asyncProperty(bytes, fc.boolean(), async (tail, withLine) => {
      const line = Buffer.from(withLine ? 'POST /?Action=x HTTP/1.1\r\nhost: x\r\n' : '')
      const answer = await exchange(Buffer.concat([line, tail]))
      if (withLine) expectRefused(answer)
      expect(answer).not.toMatch(/^HTTP\/1\.1 5/)
    })
    await fc.assert(property, { seed, numRuns: 100 })
  })

  afterAll(expectAlive)
})
