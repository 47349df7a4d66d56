/**
 * Who sent a request: the account, RAM user or role session of the access key whose secret signed it. Checked in this order: what is missing,
 * clock, key, signature, and last the nonce, which only a rightly signed request can use up.
 */
import { timingSafeEqual } from 'node:crypto'
import type { AccountId } from '../model/ids.ts'
import { findAccessKey } from '../store/access-keys.ts'
import { takeNonce } from '../store/nonces.ts'
import type { Tx } from '../store/page.ts'
import type { SealKey } from '../store/seal.ts'
import type { Caller, Principal } from './action.ts'
import { callerOf } from './caller.ts'
import { ApiError } from './errors.ts'
import { optional, required, type RpcRequest } from './request.ts'
import { openSession } from './session-token.ts'
import { signV1, stringToSignV1 } from './signature-v1.ts'
import { algorithmV3, canonicalRequestsV3, parseAuthorizationV3 } from './signature-v3.ts'
import { sha256, signV3, stringToSignV3, type AuthorizationV3 } from './signature-v3.ts'

const allowedSkewMs = 15 * 60_000
const maxNonceLength = 128

/** What either scheme claims, and how to tell whether a secret stands behind it. */
interface Claim {
  readonly accessKeyId: string
  readonly timestamp: string
  readonly nonce: string
  /** Undefined when the signature is that of the secret, else what the server signed, to find the difference. */
  readonly mismatch: (secret: string) => string | undefined
}

export async function authenticate(
  tx: Tx,
  sealKey: SealKey,
  request: RpcRequest,
  now: Date,
): Promise<Caller> {
  const claim = request.scheme === 'V3' ? claimV3(request) : claimV1(request)
  checkTimestamp(claim.timestamp, now)
  if (claim.nonce.length > maxNonceLength) {
    throw new ApiError('InvalidParameter', { name: 'SignatureNonce', reason: 'too long' })
  }
  const token = readSecurityToken(request)
  const { caller, secret } = token
    ? sessionOf(sealKey, claim.accessKeyId, token, now)
    : await keyHolder(tx, sealKey, claim.accessKeyId)
  const stringToSign = claim.mismatch(secret)
  if (stringToSign !== undefined) throw new ApiError('SignatureDoesNotMatch', { stringToSign })
  if (!(await takeNonce(tx, caller.accessKeyId, claim.nonce, now))) throw new ApiError('SignatureNonceUsed')
  return caller
}

/** A caller that is only believed when the signature is that of the secret. */
interface Credentials {
  readonly caller: Caller
  readonly secret: string
}

async function keyHolder(tx: Tx, sealKey: SealKey, id: string): Promise<Credentials> {
  if (id.startsWith('STS.')) throw new ApiError('MissingSecurityToken')
  const key = await findAccessKey(tx, sealKey, id)
  if (!key) throw new ApiError('InvalidAccessKeyId.NotFound')
  if (key.status === 'Inactive') throw new ApiError('InvalidAccessKeyId.Inactive')
  const principal: Principal = key.user ? { kind: 'user', ...key.user } : { kind: 'account' }
  return { caller: callerOf(key.account, principal, id), secret: key.secret }
}

function sessionOf(sealKey: SealKey, id: string, token: string, now: Date): Credentials {
  const session = openSession(sealKey, token)
  if (!session) throw new ApiError('InvalidSecurityToken.Malformed')
  if (session.accessKeyId !== id) throw new ApiError('InvalidSecurityToken.MismatchWithAccessKey')
  if (now.getTime() >= Date.parse(session.expiresAt)) throw new ApiError('InvalidSecurityToken.Expired')
  const { roleId, roleName, name, policy } = session
  const principal: Principal = { kind: 'role', id: roleId, name: roleName, session: name, policy }
  return { caller: callerOf(session.account as AccountId, principal, id), secret: session.secret }
}

function readSecurityToken({ params, headers }: RpcRequest): string | undefined {
  return optional(params, 'SecurityToken') ?? headers.get('x-acs-security-token') ?? undefined
}

function claimV1({ method, params }: RpcRequest): Claim {
  const accessKeyId = required(params, 'AccessKeyId')
  const signature = required(params, 'Signature')
  const timestamp = required(params, 'Timestamp')
  const nonce = required(params, 'SignatureNonce')
  if (required(params, 'SignatureMethod') !== 'HMAC-SHA1') throw new ApiError('InvalidSignatureMethod')
  if (required(params, 'SignatureVersion') !== '1.0') throw new ApiError('InvalidSignatureVersion')
  return {
    accessKeyId,
    timestamp,
    nonce,
    mismatch(secret) {
      const stringToSign = stringToSignV1(method, params)
      return equal(signature, signV1(secret, stringToSign)) ? undefined : stringToSign
    },
  }
}

const alwaysSigned = [
  'host',
  'x-acs-action',
  'x-acs-content-sha256',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-version',
]

function claimV3(request: RpcRequest): Claim {
  const { headers } = request
  const authorization = parseAuthorizationV3(required(headers, 'authorization'))
  if (!authorization) throw new ApiError('IncompleteSignature', { reason: 'Authorization is malformed' })
  if (authorization.algorithm !== algorithmV3) throw new ApiError('InvalidSignatureMethod')
  const timestamp = required(headers, 'x-acs-date')
  const nonce = required(headers, 'x-acs-signature-nonce')
  checkSignedHeaders(request, authorization.signedHeaders)
  return {
    accessKeyId: authorization.accessKeyId,
    timestamp,
    nonce,
    mismatch: (secret) => mismatchV3(request, authorization, secret),
  }
}

/** All `x-acs-*` headers must be signed, and the type of a body: both decide what the request means. */
function checkSignedHeaders({ headers, body }: RpcRequest, signed: readonly string[]): void {
  for (const name of alwaysSigned) required(headers, name)
  const meaningful = [...headers.keys()].filter(
    (name) => name.startsWith('x-acs-') || (name === 'content-type' && body.length > 0),
  )
  const unsigned = [...alwaysSigned, ...meaningful].find((name) => !signed.includes(name))
  if (unsigned) throw new ApiError('IncompleteSignature', { reason: `the header ${unsigned} is not signed` })
}

/**
 * The hash of the body that came takes the place of the hash that the client named, so a body that was changed
 * gives another signature.
 */
function mismatchV3(
  request: RpcRequest,
  { signedHeaders, signature }: AuthorizationV3,
  secret: string,
): string | undefined {
  const { method, query } = request
  const bodyHash = sha256(request.body)
  const canonicalRequests = [headerValue, repeatedHeaderValue].flatMap((valueOf) => {
    const headers = signedHeaders.map((name) => [name, valueOf(request, name)] as const)
    return canonicalRequestsV3({ method, query, headers, bodyHash })
  })
  const matches = canonicalRequests.some((canonical) =>
    equal(signature, signV3(secret, stringToSignV3(canonical))),
  )
  if (matches) return undefined
  const canonical = canonicalRequests[0] ?? ''
  return `${stringToSignV3(canonical)}\nserver canonical request is:\n${canonical}`
}

function headerValue({ headers, host }: RpcRequest, name: string): string {
  return name === 'host' ? host : (headers.get(name) ?? '').trim()
}

/** A header sent several times arrives joined; its values are signed sorted, with a bare comma between. */
function repeatedHeaderValue(request: RpcRequest, name: string): string {
  return headerValue(request, name)
    .split(',')
    .map((value) => value.trim())
    .sort()
    .join(',')
}

function equal(given: string, computed: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(computed)
  return a.length === b.length && timingSafeEqual(a, b)
}

function checkTimestamp(timestamp: string, now: Date): void {
  const time = Date.parse(timestamp)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(timestamp) || Number.isNaN(time)) {
    throw new ApiError('InvalidTimeStamp.Format')
  }
  if (Math.abs(time - now.getTime()) > allowedSkewMs) throw new ApiError('InvalidTimeStamp.Expired')
}
