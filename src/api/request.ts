/** From an HTTP request to named parameters. Nothing here is trusted yet: `authenticate.ts` comes next. */
import { ApiError } from './errors.ts'
import { parseJson, printJson } from './json.ts'

export interface RpcRequest {
  readonly method: 'GET' | 'POST'
  /** As the client sent it, with the port: V3 signs it. */
  readonly host: string
  readonly headers: Headers
  /** V3 only when the Authorization header says so: V1 clients send `x-acs-action` headers too. */
  readonly scheme: 'V1' | 'V3'
  readonly action: string
  readonly version: string
  readonly query: ReadonlyMap<string, string>
  readonly body: Uint8Array
  /** Query and body together; of a name that is in both, the body's value. */
  readonly params: ReadonlyMap<string, string>
}

const maxBodyBytes = 1024 * 1024
const maxParams = 2000
const maxNameLength = 128
const maxValueLength = 64 * 1024

export async function readRequest(request: Request): Promise<RpcRequest> {
  const { method, headers } = request
  if (method !== 'GET' && method !== 'POST') throw new ApiError('UnsupportedHTTPMethod')
  const url = new URL(request.url)
  const scheme = headers.get('authorization')?.startsWith('ACS3-') ? 'V3' : 'V1'
  const query = readPairs(url.search.slice(1))
  const body = method === 'POST' ? await readBody(request) : new Uint8Array()
  const params = new Map([...query, ...readBodyParams(body, headers, scheme)])
  return {
    method,
    host: headers.get('host') ?? url.host,
    headers,
    scheme,
    query,
    body,
    params,
    ...readTarget(scheme === 'V3' ? headers : params, scheme),
  }
}

/** The JSON in the body of a request that no signature covers. */
export async function readJsonBody(request: Request): Promise<unknown> {
  const type = mediaType(request.headers)
  // A form of another site may post anything but this type without asking first.
  if (type !== 'application/json') throw unsupportedType(type)
  return parseBody(Buffer.from(await readBody(request)).toString('utf8'))
}

/** Parameters as a JSON object, flat or nested. */
export async function readJsonRequest(request: Request): Promise<ReadonlyMap<string, string>> {
  return jsonParams(await readJsonBody(request))
}

/** The value of a parameter, where empty counts as absent. */
export function optional(params: ReadonlyMap<string, string>, name: string): string | undefined {
  const value = params.get(name)
  return value === '' ? undefined : value
}

export function required(source: { get(name: string): string | null | undefined }, name: string): string {
  const value = source.get(name)
  if (!value) throw new ApiError('MissingParameter', { name })
  return value
}

function readTarget(source: { get(name: string): string | null | undefined }, scheme: RpcRequest['scheme']) {
  const action = required(source, scheme === 'V3' ? 'x-acs-action' : 'Action')
  const version = required(source, scheme === 'V3' ? 'x-acs-version' : 'Version')
  return { action: action.charAt(0).toUpperCase() + action.slice(1), version }
}

async function readBody(request: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of receive(request)) {
    length += chunk.length
    if (length > maxBodyBytes) {
      throw new ApiError('InvalidParameter', { name: 'body', reason: `longer than ${maxBodyBytes} bytes` })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, length)
}

/** A client that goes away, or is too slow, is no fault of the server's. */
async function* receive(request: Request): AsyncGenerator<Uint8Array> {
  try {
    yield* request.body ?? []
  } catch {
    throw new ApiError('InvalidParameter', { name: 'body', reason: 'not received to its end' })
  }
}

/** V1 signs no headers and no JSON, so there only a form can be in the body. */
function readBodyParams(
  body: Uint8Array,
  headers: Headers,
  scheme: RpcRequest['scheme'],
): ReadonlyMap<string, string> {
  if (body.length === 0) return new Map()
  const type = mediaType(headers)
  const text = Buffer.from(body).toString('utf8')
  if (type === undefined || type === 'application/x-www-form-urlencoded') return readPairs(text)
  if (type === 'application/json' && scheme === 'V3') return jsonParams(parseBody(text))
  throw unsupportedType(type)
}

function mediaType(headers: Headers): string | undefined {
  return headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
}

function unsupportedType(type: string | undefined): ApiError {
  return new ApiError('InvalidParameter', { name: 'Content-Type', reason: `${type} is not supported` })
}

function readPairs(encoded: string): Map<string, string> {
  const pairs = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(encoded)) addParam(pairs, name, value)
  return pairs
}

function parseBody(text: string): unknown {
  try {
    return parseJson(text)
  } catch (cause) {
    // A RangeError says that what nests deeper than the stack was to be read.
    if (!(cause instanceof SyntaxError || cause instanceof RangeError)) throw cause
    throw new ApiError('InvalidParameter', { name: 'body', reason: 'not valid JSON, or nested too deeply' })
  }
}

function jsonParams(value: unknown): Map<string, string> {
  const pairs = new Map<string, string>()
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ApiError('InvalidParameter', { name: 'body', reason: 'not a JSON object' })
  }
  flatten(pairs, '', value)
  return pairs
}

/** `{Tag: [{Key: 'a'}]}` as `Tag.1.Key=a`. Nulls are absent. */
function flatten(pairs: Map<string, string>, name: string, value: object): void {
  const items: Iterable<readonly [string, unknown]> = Array.isArray(value)
    ? value.map((item: unknown, index) => [String(index + 1), item] as const)
    : Object.entries(value)
  for (const [key, item] of items) {
    const full = name === '' ? key : `${name}.${key}`
    checkName(full)
    if (typeof item === 'object') {
      if (item !== null) flatten(pairs, full, item)
    } else addParam(pairs, full, typeof item === 'string' ? item : printJson(item))
  }
}

/** A name given twice could mean one thing to the signature and another to the action, so it is refused. */
function addParam(pairs: Map<string, string>, name: string, value: string): void {
  checkName(name)
  if (value.length > maxValueLength) {
    throw new ApiError('InvalidParameter', { name, reason: `longer than ${maxValueLength} characters` })
  }
  if (pairs.has(name)) throw new ApiError('InvalidParameter', { name, reason: 'given more than once' })
  pairs.set(name, value)
  if (pairs.size > maxParams) {
    throw new ApiError('InvalidParameter', { name: 'request', reason: `more than ${maxParams} parameters` })
  }
}

function checkName(name: string): void {
  if (name.length <= maxNameLength) return
  const reason = `its name is longer than ${maxNameLength} characters`
  throw new ApiError('InvalidParameter', { name: `${name.slice(0, 32)}…`, reason })
}
