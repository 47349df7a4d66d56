/** Sign-in limits, ends by time, and what outlives the server. With a clock that stands still until it is moved. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { Hono } from 'hono'
import { createConsole } from '../../../src/api/console/app.ts'
import { createNewsFeed } from '../../../src/api/console/news-feed.ts'
import { hashNewPassword, setAccountPassword } from '../../../src/store/account-passwords.ts'
import { createGroupCommit } from '../../../src/store/group-commit.ts'
import { keepHouse } from '../../../src/store/housekeeping.ts'
import { createLink } from '../../../src/store/sessions.ts'
import { startServer } from '../../fixtures/running-server.ts'
import { consumer, openTestServer, type TestServer } from '../server.ts'
import { keyOf, openBrowser } from './browser.ts'

const servers: TestServer[] = []
afterEach(async () => {
  for (const { db } of servers.splice(0)) await db.destroy()
})

async function openConsole() {
  const server = await openTestServer()
  servers.push(server)
  const { db, clock, options } = server
  const commits = createGroupCommit(db)
  const { observed } = options
  const feed = createNewsFeed({ commits, observed, clock: () => clock.now, onError: () => undefined })
  const openLine = () => Promise.resolve(undefined)
  const app = createConsole({ ...options, db, deployment: 'test', feed, openLine, pages: new Hono() })
  const root = new Hono().route('/console', app)
  let cookie = ''
  const send = async (method: string, path: string, body?: object) => {
    const response = await root.request(`http://console.example/console${path}`, {
      method,
      headers: { 'content-type': 'application/json', cookie, host: 'console.example' },
      ...(body && { body: JSON.stringify(body) }),
    })
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
    return {
      status: response.status,
      body: (await response.json()) as Record<string, unknown>,
      headers: response.headers,
    }
  }
  const pass = (ms: number) => void (clock.now = new Date(clock.now.getTime() + ms))
  return { ...server, commits, send, pass }
}

const minute = 60_000
const hour = 60 * minute

test(
  'guessing is slowed down, soon for one address and one name, and time makes up for it',
  { timeout: 30_000 },
  async () => {
    const { send, pass, db, clock } = await openConsole()
    await setAccountPassword(db, consumer, await hashNewPassword('Account-Horse-1', clock.now, randomBytes))
    const guess = (password: string) => send('POST', '/session', { account: consumer, password })
    for (let tries = 0; tries < 10; tries++) expect((await guess(`wrong-${tries}`)).status).toBe(401)
    const refused = await guess('Account-Horse-1')
    expect(refused).toMatchObject({ status: 429, body: { Code: 'Throttling' } })
    expect(Number(refused.headers.get('x-acs-retry-after'))).toBeGreaterThan(0)
    pass(10_000)
    expect((await guess('Account-Horse-1')).status).toBe(200)
    // What was right was forgiven.
    pass(10_000)
    for (let times = 0; times < 12; times++) expect((await guess('Account-Horse-1')).status).toBe(200)
  },
)

test('many names from one address are slowed down too', { timeout: 30_000 }, async () => {
  const { send } = await openConsole()
  const statuses: number[] = []
  for (let name = 0; name < 60; name++) {
    const accessKeyId = `LTAI${name}`
    statuses.push((await send('POST', '/session', { accessKeyId, accessKeySecret: 'x' })).status)
  }
  expect(statuses.slice(0, 50)).not.toContain(429)
  expect(statuses.slice(50)).not.toContain(401)
})

test('an idle session ends after an hour, a busy one after twelve', { timeout: 30_000 }, async () => {
  const { send, pass, key } = await openConsole()
  const signIn = () => send('POST', '/session', { accessKeyId: key.id, accessKeySecret: key.secret })
  const alive = async () => (await send('GET', '/session')).status === 200
  const { body } = await signIn()
  expect(body['expires']).toBe('2026-11-23T09:00:00.000Z')
  pass(59 * minute)
  expect(await alive()).toBe(true)
  pass(hour)
  expect(await alive()).toBe(false)

  await signIn()
  for (let passed = 30; passed < 12 * 60; passed += 30) {
    pass(30 * minute)
    expect(await alive()).toBe(true)
  }
  pass(30 * minute)
  expect(await alive()).toBe(false)
})

test('a link is good for ten minutes', { timeout: 30_000 }, async () => {
  const { send, pass, db, clock } = await openConsole()
  const { token: inTime } = await createLink(db, undefined, clock.now, randomBytes)
  const { token: late } = await createLink(db, undefined, clock.now, randomBytes)
  pass(10 * minute - 1)
  expect((await send('POST', '/session', { link: inTime })).status).toBe(200)
  pass(1)
  expect(await send('POST', '/session', { link: late })).toMatchObject({
    status: 401,
    body: { Code: 'ConsoleLinkExpired' },
  })
})

test(
  'the store holds neither token nor password, and forgets what is over',
  { timeout: 30_000 },
  async () => {
    const { send, pass, db, clock, commits, key } = await openConsole()
    await setAccountPassword(db, consumer, await hashNewPassword('Account-Horse-1', clock.now, randomBytes))
    const { token: link } = await createLink(db, undefined, clock.now, randomBytes)
    const { headers } = await send('POST', '/session', { accessKeyId: key.id, accessKeySecret: key.secret })
    const token = /=([\w-]{43});/.exec(headers.get('set-cookie') ?? '')?.[1] ?? ''
    expect(token).not.toBe('')
    const stored = JSON.stringify([
      await db.selectFrom('console_session').selectAll().execute(),
      await db.selectFrom('console_identity').selectAll().execute(),
      await db.selectFrom('console_link').selectAll().execute(),
      await db.selectFrom('account_password').selectAll().execute(),
    ])
    for (const secret of [token, link, 'Account-Horse-1', key.secret]) expect(stored).not.toContain(secret)
    pass(hour)
    await keepHouse(
      commits,
      () => clock.now,
      () => undefined,
    )
    for (const table of ['console_session', 'console_identity', 'console_link'] as const) {
      expect(await db.selectFrom(table).selectAll().execute()).toEqual([])
    }
  },
)

test('a session outlives kill -9 of the server', { timeout: 30_000 }, async () => {
  const state = await mkdtemp(join(tmpdir(), 'postern-console-'))
  let cookie = ''
  let csrf = ''
  {
    await using server = await startServer({ state })
    const browser = openBrowser(server)
    const told = await browser.signIn(keyOf(await server.createAccount('12345678', 'consumer')))
    ;({ cookie } = browser)
    ;({ csrf } = told)
    process.kill(server.pid, 'SIGKILL')
  }
  await using server = await startServer({ state })
  const browser = openBrowser(server)
  Object.assign(browser, { cookie, csrf })
  expect((await browser.call('Vpc', 'DescribeVpcs')).status).toBe(200)
  await rm(state, { recursive: true })
})
