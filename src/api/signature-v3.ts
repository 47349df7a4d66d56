/** Signature V3: ACS3-HMAC-SHA256 over method, path, query, chosen headers and the body's hash. */
import { createHash, createHmac } from 'node:crypto'
import { percentEncode, sortByName } from './percent.ts'

export const algorithmV3 = 'ACS3-HMAC-SHA256'

export interface SignedPartsV3 {
  readonly method: string
  readonly query: ReadonlyMap<string, string>
  /** Lower-case names with trimmed values, in the order in which they were signed. */
  readonly headers: readonly (readonly [string, string])[]
  /** SHA-256 of the body, lower-case hexadecimal. */
  readonly bodyHash: string
}

/**
 * The canonical forms a client may have signed, the usual one first. The TypeScript SDK encodes the values of the
 * query but not the names; with a `&` or a line break in a name that form would read like another request's.
 */
export function canonicalRequestsV3(parts: SignedPartsV3): string[] {
  const usual = canonicalRequest(parts, percentEncode)
  const ambiguous = [...parts.query.keys()].some((name) => /[&=%\s]/.test(name))
  return ambiguous ? [usual] : [...new Set([usual, canonicalRequest(parts, (name) => name)])]
}

function canonicalRequest(parts: SignedPartsV3, encodeName: (name: string) => string): string {
  const query = sortByName(parts.query)
    .map(([name, value]) => `${encodeName(name)}=${percentEncode(value)}`)
    .join('&')
  const headers = parts.headers.map(([name, value]) => `${name}:${value}\n`).join('')
  const names = parts.headers.map(([name]) => name).join(';')
  return [parts.method, '/', query, headers, names, parts.bodyHash].join('\n')
}

export function stringToSignV3(canonical: string): string {
  return `${algorithmV3}\n${sha256(canonical)}`
}

export function signV3(secret: string, stringToSign: string): string {
  return createHmac('sha256', secret).update(stringToSign).digest('hex')
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

export interface AuthorizationV3 {
  readonly algorithm: string
  readonly accessKeyId: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

/** Parts of `ACS3-… Credential=…,SignedHeaders=a;b,Signature=…`, or undefined when it is not of that form. */
export function parseAuthorizationV3(header: string): AuthorizationV3 | undefined {
  const match =
    /^(?<algorithm>ACS3-\S+) +Credential=(?<accessKeyId>[^,\s]+), *SignedHeaders=(?<names>[^,\s]+), *Signature=(?<signature>[^,\s]+)$/.exec(
      header,
    )
  const { algorithm, accessKeyId, names, signature } = match?.groups ?? {}
  if (!algorithm || !accessKeyId || !names || !signature) return undefined
  return { algorithm, accessKeyId, signedHeaders: names.toLowerCase().split(';'), signature }
}
