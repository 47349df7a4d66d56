/**
 * The cookie of a session. Cookies know hosts but no ports, so its name has the deployment in it; and a browser that holds a
 * secure cookie lets no plain HTTP page set one of that name, so each scheme has its own.
 */
import type { Origin } from '../audit.ts'

export interface CookieSpec {
  readonly deployment: string
  readonly scheme: Origin['scheme']
}

/** 43 characters of base64url: what `newToken` makes. */
const tokenForm = /^[\w-]{43}$/

export function readToken(
  headers: { get(name: string): string | null },
  spec: CookieSpec,
): string | undefined {
  const name = nameOf(spec)
  const values = (headers.get('cookie') ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .filter(([key]) => key === name)
    .map(([, value = '']) => value)
  const [token, second] = values
  return token !== undefined && second === undefined && tokenForm.test(token) ? token : undefined
}

/** It ends with the browser; the server's own limits are in the store. */
export function setCookie(token: string, spec: CookieSpec): string {
  return `${nameOf(spec)}=${token}; ${attributes(spec)}`
}

export function clearCookie(spec: CookieSpec): string {
  return `${nameOf(spec)}=; Max-Age=0; ${attributes(spec)}`
}

function nameOf({ deployment, scheme }: CookieSpec): string {
  return scheme === 'https' ? `__Secure-postern-${deployment}` : `postern-${deployment}`
}

function attributes({ scheme }: CookieSpec): string {
  return `Path=/console; HttpOnly; SameSite=Strict${scheme === 'https' ? '; Secure' : ''}`
}
