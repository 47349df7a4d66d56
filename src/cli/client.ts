/** A client of the RPC API: signs with ACS3-HMAC-SHA256 and sends each call as a POST with the parameters in its query. */
import { createHash, createHmac, randomUUID } from 'node:crypto'
import {
  Agent as HttpAgent,
  type ClientRequest,
  request as httpRequest,
  type RequestOptions,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { ProductName } from '../api/action.ts'
import { percentEncode, sortByName } from '../api/percent.ts'
import { products } from '../api/products.ts'

export interface ClientOptions {
  /** `https://127.0.0.1:7080`. */
  readonly endpoint: string
  readonly accessKeyId: string
  readonly accessKeySecret: string
  /** Of a temporary key. */
  readonly securityToken?: string
  /** For calls that name none; undefined leaves it to the server. */
  readonly region?: string | undefined
  /** PEM text of the authority that the server's certificate is checked against. */
  readonly ca?: string
}

/** Values as a person would write them: numbers and truth values become text, lists `Name.1`, objects `Name.Field`. */
export type ParamValue =
  string | number | boolean | undefined | readonly ParamValue[] | { readonly [name: string]: ParamValue }
export type ParamValues = Readonly<Record<string, ParamValue>>

/** An error the API answered with. */
export class CallError extends Error {
  readonly code: string
  /** The message without the code. */
  readonly text: string
  readonly status: number
  readonly requestId: string

  constructor(code: string, message: string, status: number, requestId: string) {
    super(`${code}: ${message}`)
    this.name = 'CallError'
    this.code = code
    this.text = message
    this.status = status
    this.requestId = requestId
  }
}

/** Nobody answered at the endpoint, or not in time, or not as this API does. */
export class UnreachableError extends Error {
  readonly endpoint: string

  constructor(endpoint: string, cause: Error) {
    super(reasonOf(cause), { cause })
    this.name = 'UnreachableError'
    this.endpoint = endpoint
  }
}

/** Of several addresses tried, the first one's reason. */
function reasonOf(error: Error): string {
  const [first] = error instanceof AggregateError ? (error.errors as Error[]) : [error]
  return first?.message ?? error.message
}

export type Call = (
  product: ProductName,
  action: string,
  params?: ParamValues,
) => Promise<Record<string, unknown>>

/** A function that calls as the key's account over kept connections; they do not keep the process alive. */
export function client(options: ClientOptions): Call {
  const url = new URL(options.endpoint)
  const secure = url.protocol === 'https:'
  const agent = secure
    ? new HttpsAgent({ keepAlive: true, ...(options.ca ? { ca: options.ca } : {}) })
    : new HttpAgent({ keepAlive: true })
  return async (product, action, params = {}) => {
    const query = canonicalQuery(flatten({ RegionId: options.region, ...params }))
    const headers = signedHeaders(options, url.host, product, action, query, new Date(), randomUUID())
    const path = query === '' ? '/' : `/?${query}`
    const request: RequestOptions = { method: 'POST', path, headers, agent, timeout: 30_000 }
    const sent = secure ? httpsRequest(url, request) : httpRequest(url, request)
    const answer = await send(sent).catch((cause: unknown) => {
      throw new UnreachableError(options.endpoint, cause as Error)
    })
    return readAnswer(answer, options.endpoint)
  }
}

export function flatten(params: ParamValues, prefix = ''): [string, string][] {
  return Object.entries(params).flatMap(([name, value]) => flattenValue(prefix + name, value))
}

function flattenValue(name: string, value: ParamValue): [string, string][] {
  if (value === undefined) return []
  if (typeof value !== 'object') return [[name, String(value)]]
  if (isList(value)) return value.flatMap((item, index) => flattenValue(`${name}.${index + 1}`, item))
  return flatten(value, `${name}.`)
}

function isList(value: object): value is readonly ParamValue[] {
  return Array.isArray(value)
}

export function canonicalQuery(pairs: readonly (readonly [string, string])[]): string {
  return sortByName(pairs)
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&')
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

export function signedHeaders(
  key: Pick<ClientOptions, 'accessKeyId' | 'accessKeySecret' | 'securityToken'>,
  host: string,
  product: ProductName,
  action: string,
  query: string,
  now: Date,
  nonce: string,
): Record<string, string> {
  const headers: Record<string, string> = {
    host,
    'x-acs-action': action,
    'x-acs-content-sha256': sha256(''),
    ...(key.securityToken ? { 'x-acs-security-token': key.securityToken } : {}),
    'x-acs-date': now.toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': nonce,
    'x-acs-version': products[product].version,
  }
  const names = Object.keys(headers).sort()
  const lines = names.map((name) => `${name}:${headers[name] ?? ''}\n`).join('')
  const canonical = ['POST', '/', query, lines, names.join(';'), headers['x-acs-content-sha256']].join('\n')
  const signature = createHmac('sha256', key.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex')
  const credential = `Credential=${key.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`
  return { ...headers, accept: 'application/json', authorization: `ACS3-HMAC-SHA256 ${credential}` }
}

interface Answer {
  readonly status: number
  readonly text: string
}

function send(call: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    call.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      )
    })
    call.on('timeout', () => call.destroy(new Error('no answer within 30 s')))
    call.on('error', reject)
    call.end()
  })
}

/** Whole numbers beyond 2^53 (account ids) would lose digits, so those stay text. */
function readAnswer({ status, text }: Answer, endpoint: string): Record<string, unknown> {
  let body: Record<string, unknown>
  try {
    body = JSON.parse(text, exactNumbers) as Record<string, unknown>
  } catch (cause) {
    const reason = `the answer (HTTP ${status}) is not JSON: ${text.slice(0, 200)}`
    throw new UnreachableError(endpoint, new Error(reason, { cause }))
  }
  if (status >= 200 && status < 300) return body
  const word = (name: string) => (typeof body[name] === 'string' ? body[name] : '')
  throw new CallError(word('Code') || `HTTP ${status}`, word('Message'), status, word('RequestId'))
}

function exactNumbers(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
    ? (context?.source ?? value)
    : value
}
