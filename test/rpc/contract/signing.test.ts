/**
 * What the SDKs sign is accepted, and nothing else: random parameters go through the official clients, the request is
 * recorded as it was sent, and given to the API as it is and with each single change.
 */
import { createRequire } from 'node:module'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningServer } from '../../fixtures/running-server.ts'
import { openTestServer, type TestServer } from '../server.ts'
import { client, families, type Params } from './clients.ts'
import { mutations, replay, startRecorder, type Recorded, type Recorder } from './recorded.ts'

const require = createRequire(import.meta.url)
const Core = require('@alicloud/openapi-core') as typeof import('@alicloud/openapi-core')
const tea = require('@alicloud/tea-typescript') as typeof import('@alicloud/tea-typescript')

/** So many wrong signatures would be refused for their number. */
const unlimited = { perSecond: 1e6, burst: 1e6 }

let server: TestServer
let recorder: Recorder

beforeAll(async () => {
  const rates = { read: unlimited, write: unlimited, account: unlimited, anonymous: unlimited }
  server = await openTestServer({ now: new Date(), rates })
  recorder = await startRecorder()
})

afterAll(async () => {
  await recorder[Symbol.asyncDispose]()
  await server.db.destroy()
})

/** Unreserved characters, as all names in the API have; values of any text, empty ones and reserved characters too. */
const name = fc.stringMatching(/^[A-Za-z0-9._~-]{1,16}$/).map((text) => `P${text}`)
const reserved = fc.constantFrom(
  '',
  ' ',
  '+',
  '%',
  '%20',
  '&=?#/',
  "!'()*~",
  'ü名😀',
  '\t',
  '"<>\\^`{|}',
  '\u0000',
)
const value = fc.oneof(reserved, fc.string({ unit: 'binary', maxLength: 30 }), fc.string({ maxLength: 30 }))
const params = fc
  .uniqueArray(fc.tuple(name, value), { selector: ([key]) => key.toLowerCase(), maxLength: 6 })
  .map((pairs): Params => Object.fromEntries(pairs))

interface Verdict {
  readonly status: number
  readonly code: unknown
}

async function ask(request: Recorded): Promise<Verdict> {
  server.clock.now = new Date()
  const response = await server.app.request(replay(request))
  const { Code } = (await response.json()) as { Code?: unknown }
  return { status: response.status, code: Code }
}

/** The changed requests come first: only one that is rightly signed uses up the nonce. */
async function judge(request: Recorded, scheme: 'V1' | 'V3'): Promise<void> {
  for (const [what, changed] of mutations(request, scheme)) {
    const { status, code } = await ask(changed)
    expect([what, status]).not.toEqual([what, 200])
    expect([what, code]).not.toEqual([what, 'Throttling'])
  }
  expect(await ask(request)).toEqual({ status: 200, code: undefined })
  expect(await ask(request)).toEqual({ status: 400, code: 'SignatureNonceUsed' })
}

const credentials = () => ({
  AccountId: '12345678',
  AccessKeyId: server.key.id,
  AccessKeySecret: server.key.secret,
})

/** A client looks no further than the address. */
const target = () => ({
  server: { host: recorder.host, ca: '' } as RunningServer,
  credentials: credentials(),
  version: '2016-04-28',
  protocol: 'HTTP' as const,
})

describe.each(families)('%s', (family) => {
  test('accepted as it was signed, refused after any single change', { timeout: 60_000 }, async () => {
    const scheme = family === 'openapi-client V3' ? 'V3' : 'V1'
    await fc.assert(
      fc.asyncProperty(params, async (given) => {
        const call = client(family, target())
        await judge(await recorder.record(() => call('Echo', given)), scheme)
      }),
      { numRuns: 20 },
    )
  })
})

describe('openapi-core', () => {
  function core() {
    return new Core.default(
      new Core.$OpenApiUtil.Config({
        accessKeyId: server.key.id,
        accessKeySecret: server.key.secret,
        endpoint: recorder.host,
        protocol: 'HTTP',
      }),
    )
  }

  test.each(['query', 'formData', 'json'] as const)(
    'parameters as %s',
    { timeout: 60_000 },
    async (place) => {
      const description = new Core.$OpenApiUtil.Params({
        action: 'Echo',
        version: '2016-04-28',
        protocol: 'HTTP',
        method: 'POST',
        authType: 'AK',
        style: 'RPC',
        pathname: '/',
        reqBodyType: place === 'json' ? 'json' : 'formData',
        bodyType: 'json',
      })
      await fc.assert(
        fc.asyncProperty(params, async (given) => {
          const flat = Core.OpenApiUtil.query(given)
          const body = place === 'json' ? given : flat
          const request = new Core.$OpenApiUtil.OpenApiRequest(place === 'query' ? { query: flat } : { body })
          await judge(await recorder.record(() => core().callApi(description, request, {} as never)), 'V3')
        }),
        { numRuns: 20 },
      )
    },
  )

  test('a header that is sent several times', async () => {
    const part = fc.stringMatching(/^[a-z0-9]([a-z0-9 ]{0,6}[a-z0-9])?$/)
    let nonce = 0
    await fc.assert(
      fc.asyncProperty(part, part, params, async (first, second, given) => {
        const empty = Core.OpenApiUtil.hash(Buffer.from(''), 'ACS3-HMAC-SHA256').toString('hex')
        const query = Core.OpenApiUtil.query(given)
        const headers = {
          host: 'api.example.test:8080',
          'x-acs-action': 'Echo',
          'x-acs-version': '2016-04-28',
          'x-acs-date': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
          'x-acs-signature-nonce': `repeated-${nonce++}`,
          'x-acs-content-sha256': empty,
        }
        const request = new tea.Request()
        Object.assign(request, { method: 'POST', pathname: '/', query })
        // The SDK takes names that differ in case for one header that is repeated.
        request.headers = { ...headers, 'x-acs-note': first, 'X-Acs-Note': second }
        const { id, secret } = server.key
        const authorization = Core.OpenApiUtil.getAuthorization(
          request,
          'ACS3-HMAC-SHA256',
          empty,
          id,
          secret,
        )
        await judge(
          {
            method: 'POST',
            query: Object.entries(query),
            headers: [
              ...Object.entries({ ...headers, authorization }),
              ['x-acs-note', first],
              ['x-acs-note', second],
            ],
            body: '',
          },
          'V3',
        )
      }),
      { numRuns: 30 },
    )
  })
})
