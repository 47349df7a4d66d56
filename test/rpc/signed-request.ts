/** Requests signed by hand, so that a test can bend any part of them. */
import { createHash, randomUUID } from 'node:crypto'
import { percentEncode } from '../../src/api/percent.ts'
import { signV1, stringToSignV1 } from '../../src/api/signature-v1.ts'
import { canonicalRequestsV3, signV3, stringToSignV3 } from '../../src/api/signature-v3.ts'
import type { TestServer } from './server.ts'

export type Pairs = Readonly<Record<string, string>>

interface Credentials {
  readonly id: string
  readonly secret: string
}

export interface ApiAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

export async function call(server: TestServer, request: Request): Promise<ApiAnswer> {
  const response = await server.app.request(request)
  return { status: response.status, body: (await response.json()) as ApiAnswer['body'] }
}

export function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z')
}

export function systemParamsV1(server: TestServer, action: string, version: string): Pairs {
  return {
    Action: action,
    Version: version,
    Format: 'JSON',
    AccessKeyId: server.key.id,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: randomUUID(),
    Timestamp: timestamp(server.clock.now),
  }
}

export function signParamsV1(method: string, params: Pairs, secret: string): Pairs {
  return { ...params, Signature: signV1(secret, stringToSignV1(method, new Map(Object.entries(params)))) }
}

export function encodePairs(pairs: Pairs): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&')
}

const headers = { host: 'api.example.test:8080' }

/** A signed V1 GET of a Vpc action; `changes` are made before signing, and undefined takes a parameter away. */
export function requestV1(
  server: TestServer,
  action: string,
  changes: Readonly<Record<string, string | undefined>> = {},
): Request {
  const params: Record<string, string> = { ...systemParamsV1(server, action, '2016-04-28') }
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete params[name]
    else params[name] = value
  }
  return getV1(signParamsV1('GET', params, server.key.secret))
}

export function getV1(params: Pairs): Request {
  return new Request(`http://api.example.test:8080/?${encodePairs(params)}`, { headers })
}

export function postFormV1(query: Pairs, form: Pairs): Request {
  return new Request(`http://api.example.test:8080/?${encodePairs(query)}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: encodePairs(form),
  })
}

export interface PartsV3 {
  readonly action: string
  readonly query?: Pairs
  readonly body?: string
  readonly contentType?: string
  readonly credentials?: Credentials
  /** Headers to add or replace before signing; undefined takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Headers that are sent but not signed. */
  readonly unsigned?: readonly string[]
  /** Made after signing. */
  readonly tamper?: { readonly query?: Pairs; readonly body?: string; readonly headers?: Pairs }
  readonly authorization?: (header: string) => string
}

/** A signed V3 POST of a Vpc action. */
export function requestV3(server: TestServer, parts: PartsV3): Request {
  const { query = {}, body = '', credentials = server.key, tamper = {} } = parts
  const bodyHash = createHash('sha256').update(body).digest('hex')
  const all: Record<string, string | undefined> = {
    ...headers,
    'x-acs-action': parts.action,
    'x-acs-version': '2016-04-28',
    'x-acs-date': timestamp(server.clock.now),
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-content-sha256': bodyHash,
    'content-type': body === '' ? undefined : (parts.contentType ?? 'application/x-www-form-urlencoded'),
    ...parts.headers,
  }
  const sent = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const signed = sent.filter(([name]) => !parts.unsigned?.includes(name)).sort(([a], [b]) => (a < b ? -1 : 1))
  const [canonical = ''] = canonicalRequestsV3({
    method: 'POST',
    query: new Map(Object.entries(query)),
    headers: signed,
    bodyHash,
  })
  const names = signed.map(([name]) => name).join(';')
  const signature = signV3(credentials.secret, stringToSignV3(canonical))
  const header = `ACS3-HMAC-SHA256 Credential=${credentials.id},SignedHeaders=${names},Signature=${signature}`
  return new Request(`http://api.example.test:8080/?${encodePairs(tamper.query ?? query)}`, {
    method: 'POST',
    headers: {
      ...Object.fromEntries(sent),
      authorization: parts.authorization?.(header) ?? header,
      ...tamper.headers,
    },
    body: tamper.body ?? body,
  })
}
