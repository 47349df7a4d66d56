/**
 * Requests that another site's page makes in the name of who is signed in. The cookie is `SameSite=Strict`, but other ports of
 * the same host are the same site: so the browser's word about the page is asked for, and the session's own token.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { ApiError } from '../errors.ts'

interface Headers {
  get(name: string): string | null
}

/** What no browser says about a page of another origin. Programs say nothing of the kind, and hold no cookie of others. */
export function isSameOrigin(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin' && site !== 'none') return false
  const origin = headers.get('origin')
  return origin === null || hostOf(origin) === headers.get('host')?.toLowerCase()
}

/** A WebSocket's handshake, which every page may begin: only where the browser names this page's own origin. */
export function isOwnPage(headers: Headers): boolean {
  return headers.get('origin') !== null && isSameOrigin(headers)
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

/** Of the session's token, so that nothing needs to be kept, and of no use to find that token. */
export function csrfToken(token: string): string {
  return createHmac('sha256', token).update('csrf').digest('base64url')
}

/** @throws ApiError unless the request comes from a page that could read the session. */
export function checkCsrf(headers: Headers, token: string): void {
  if (!isSameOrigin(headers)) throw new ApiError('PostonlyOrTokenError')
  const given = Buffer.from(headers.get('x-csrf-token') ?? '')
  const right = Buffer.from(csrfToken(token))
  if (given.length !== right.length || !timingSafeEqual(given, right)) {
    throw new ApiError('PostonlyOrTokenError')
  }
}
