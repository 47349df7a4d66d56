/** Server-sent events: an account is told of what changed for it, and of nothing else. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type Credentials, type RunningServer } from '../../fixtures/running-server.ts'
import { signedClient } from '../../fixtures/signed-client.ts'
import { keyOf, openBrowser, type Browser } from './browser.ts'

let server: RunningServer
let consumer: Credentials
let provider: Credentials
beforeAll(async () => {
  server = await startServer()
  consumer = await server.createAccount('12345678', 'consumer')
  provider = await server.createAccount('87654321', 'provider')
}, 30_000)
afterAll(() => server[Symbol.asyncDispose]())

interface Listening extends AsyncDisposable {
  readonly response: Response
  /** Kinds of all changes so far. */
  readonly kinds: Set<string>
  /** How many changes were told. */
  readonly told: () => number
  readonly text: () => string
  readonly ended: Promise<void>
}

async function listen(browser: Browser, headers: Record<string, string> = {}): Promise<Listening> {
  const abort = new AbortController()
  const response = await fetch(`http://${server.host}/console/events`, {
    headers: { cookie: browser.cookie, ...headers },
    signal: abort.signal,
  })
  const kinds = new Set<string>()
  let text = ''
  let count = 0
  const read = async () => {
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString()
      const data = [...text.matchAll(/event: change\ndata: (.*)\n\n/g)]
      count = data.length
      for (const [, json = ''] of data) {
        for (const kind of (JSON.parse(json) as { kinds: string[] }).kinds) kinds.add(kind)
      }
    }
  }
  const ended = read().catch((error: unknown) => {
    if (!abort.signal.aborted) throw error
  })
  return {
    response,
    kinds,
    told: () => count,
    text: () => text,
    ended,
    async [Symbol.asyncDispose]() {
      abort.abort()
      await ended
    },
  }
}

async function signedIn(key: Credentials): Promise<Browser> {
  const browser = openBrowser(server)
  await browser.signIn(keyOf(key))
  return browser
}

const soon = { timeout: 10_000, interval: 20 }

test('who made something is told, others are not', { timeout: 20_000 }, async () => {
  const [one, other] = [await signedIn(consumer), await signedIn(provider)]
  await using own = await listen(one)
  await using foreign = await listen(other)
  expect(own.response.headers.get('content-type')).toContain('text/event-stream')
  const made = await one.call('Vpc', 'CreateVpc', { CidrBlock: '10.0.0.0/16' })
  await expect.poll(() => own.kinds, soon).toContain('vpcs')
  expect(own.kinds).toContain('Vpc')
  await server.settled()
  own.kinds.clear()
  await one.call('Vpc', 'DeleteVpc', { VpcId: String(made.body['VpcId']) })
  await expect.poll(() => own.kinds, soon).toContain('vpcs')
  // Comes after all that was before it.
  await other.call('Ram', 'CreateUser', { UserName: 'alice' })
  await expect.poll(() => foreign.kinds, soon).toContain('Ram')
  expect([...foreign.kinds]).toEqual(['Ram'])
})

test('calls by signature count as well, and a burst is few events', { timeout: 20_000 }, async () => {
  const browser = await signedIn(consumer)
  await using news = await listen(browser)
  using client = signedClient({ host: server.host, credentials: consumer })
  const start = performance.now()
  for (let number = 0; number < 30; number++) {
    await client.call({ Action: 'CreateVpc', Version: '2016-04-28', CidrBlock: '10.0.0.0/16' })
  }
  await expect.poll(() => news.kinds, soon).toContain('vpcs')
  expect(news.told()).toBeLessThanOrEqual(2 + (performance.now() - start) / 400)
})

test('reading changes nothing', { timeout: 20_000 }, async () => {
  const browser = await signedIn(provider)
  await using news = await listen(browser)
  await browser.call('Vpc', 'DescribeVpcs')
  await browser.call('Ram', 'CreateUser', { UserName: 'bob' })
  await expect.poll(() => news.kinds, soon).toContain('Ram')
  expect([...news.kinds]).toEqual(['Ram'])
})

test('the stream ends with the session', { timeout: 20_000 }, async () => {
  const browser = await signedIn(consumer)
  await using news = await listen(browser)
  await browser.send('DELETE', '/console/session')
  await news.ended
  expect(news.text()).toContain('event: end')
  expect((await browser.send('GET', '/console/events')).status).toBe(401)
})

test('a stream that comes back is told to read everything anew', { timeout: 30_000 }, async () => {
  const browser = await signedIn(consumer)
  await using news = await listen(browser, { 'last-event-id': '7' })
  await expect.poll(() => [...news.kinds], soon).toContain('*')
})

test('other sites, and too many streams of one session, are refused', { timeout: 30_000 }, async () => {
  const browser = await signedIn(consumer)
  await using foreign = await listen(browser, { 'sec-fetch-site': 'cross-site' })
  expect(foreign.response.status).toBe(403)
  await using streams = new AsyncDisposableStack()
  for (let number = 0; number < 8; number++) {
    expect(streams.use(await listen(browser)).response.status).toBe(200)
  }
  expect(streams.use(await listen(browser)).response.status).toBe(429)
})
