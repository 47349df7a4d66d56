/** What a browser's page does: keeps the cookie, sends the session's token, and shows JSON. Over real HTTP. */
import type { Credentials, RunningServer } from '../../fixtures/running-server.ts'

export interface Shown {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

export interface ToldSession {
  readonly account: string
  readonly accounts: readonly { readonly id: string; readonly name: string }[]
  readonly principal: { readonly kind: string; readonly name: string }
  readonly operator: boolean
  readonly region: string
  readonly csrf: string
  readonly expires: string
}

export interface Browser {
  cookie: string
  csrf: string
  /** With what a page of the console sends; `headers` replace it, and an empty text takes one away. */
  readonly send: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Shown>
  readonly signIn: (credentials: object) => Promise<ToldSession>
  readonly call: (product: string, action: string, params?: object) => Promise<Shown>
}

export function keyOf({ AccessKeyId, AccessKeySecret }: Credentials) {
  return { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret }
}

export function openBrowser({ host }: Pick<RunningServer, 'host'>): Browser {
  const browser: Browser = {
    cookie: '',
    csrf: '',
    async send(method, path, body, headers = {}) {
      const all: Record<string, string> = {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        origin: `http://${host}`,
        cookie: browser.cookie,
        'x-csrf-token': browser.csrf,
        ...headers,
      }
      const sent = Object.entries(all).filter(([, value]) => value !== '')
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const response = await fetch(`http://${host}${path}`, {
        method,
        headers: sent,
        redirect: 'manual',
        ...(body === undefined ? {} : { body: text }),
      })
      const [given] = response.headers.getSetCookie()
      if (given !== undefined) browser.cookie = given.split(';')[0]?.replace(/=$/, '=gone') ?? ''
      const answer = await response.text()
      const isJson = response.headers.get('content-type')?.includes('/json')
      return {
        status: response.status,
        headers: response.headers,
        body: (isJson ? JSON.parse(answer) : { text: answer }) as Shown['body'],
      }
    },
    async signIn(credentials) {
      const { status, body } = await browser.send('POST', '/console/session', credentials)
      if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
      const told = body as unknown as ToldSession
      browser.csrf = told.csrf
      return told
    },
    call: (product, action, params = {}) =>
      browser.send('POST', `/console/call/${product}/${action}`, params),
  }
  return browser
}
