/** Signed calls from the browser: ACS3-HMAC-SHA256 with WebCrypto, to the host the page came from. */

export interface Credentials {
  readonly accessKeyId: string
  readonly accessKeySecret: string
}

export class CallError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export type Answer = Readonly<Record<string, unknown>>

const versions = {
  Privatelink: '2020-04-15',
  Vpc: '2016-04-28',
  Ecs: '2014-05-26',
  Slb: '2014-05-15',
  Sts: '2015-04-01',
} as const

const emptyBodyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

export async function call(
  credentials: Credentials,
  product: keyof typeof versions,
  action: string,
  params: Readonly<Record<string, string>>,
): Promise<Answer> {
  const query = Object.entries(params)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&')
  const headers: Record<string, string> = {
    'x-acs-action': action,
    'x-acs-content-sha256': emptyBodyHash,
    'x-acs-date': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': crypto.randomUUID(),
    'x-acs-version': versions[product],
  }
  const signed = { host: location.host, ...headers }
  const names = Object.keys(signed).join(';')
  const canonicalHeaders = Object.entries(signed)
    .map(([name, value]) => `${name}:${value}\n`)
    .join('')
  const canonical = ['POST', '/', query, canonicalHeaders, names, emptyBodyHash].join('\n')
  const toSign = `ACS3-HMAC-SHA256\n${hex(await crypto.subtle.digest('SHA-256', utf8(canonical)))}`
  const key = await crypto.subtle.importKey(
    'raw',
    utf8(credentials.accessKeySecret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  const signature = hex(await crypto.subtle.sign('HMAC', key, utf8(toSign)))
  const response = await fetch(`/?${query}`, {
    method: 'POST',
    headers: {
      ...headers,
      authorization: `ACS3-HMAC-SHA256 Credential=${credentials.accessKeyId},SignedHeaders=${names},Signature=${signature}`,
    },
  })
  const answer = (await response.json()) as Answer
  if (!response.ok) throw new CallError(String(answer['Code']), String(answer['Message']))
  return answer
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
