/** Signing in and out of the real server, and what a session may and may not do. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type Credentials, type RunningServer } from '../../fixtures/running-server.ts'
import { signedClient } from '../../fixtures/signed-client.ts'
import { keyOf, openBrowser, type Browser } from './browser.ts'

let server: RunningServer
let key: Credentials
let otherKey: Credentials
beforeAll(async () => {
  server = await startServer()
  key = await server.createAccount('12345678', 'consumer')
  otherKey = await server.createAccount('87654321', 'provider')
}, 30_000)
afterAll(() => server[Symbol.asyncDispose]())

async function signedIn(credentials: object = keyOf(key)): Promise<Browser> {
  const browser = openBrowser(server)
  await browser.signIn(credentials)
  return browser
}

async function ram(Action: string, parameters: Readonly<Record<string, string>> = {}) {
  using client = signedClient({ host: server.host, credentials: key })
  return await client.call({ Action, Version: '2015-05-01', ...parameters })
}

async function newUser(name: string): Promise<Credentials> {
  await ram('CreateUser', { UserName: name })
  const { AccessKey } = await ram('CreateAccessKey', { UserName: name })
  return { AccountId: '12345678', ...(AccessKey as Omit<Credentials, 'AccountId'>) }
}

const needLogin = { status: 401, body: { Code: 'ConsoleNeedLogin' } }
const signInFailed = { status: 401, body: { Code: 'ConsoleSignInFailed' } }
const foreignPage = { status: 403, body: { Code: 'PostonlyOrTokenError' } }

const isOver = async (browser: Browser) => {
  expect(await browser.call('Vpc', 'DescribeVpcs')).toMatchObject(needLogin)
  expect(await browser.send('GET', '/console/session')).toMatchObject(needLogin)
}

describe('signing in with an access key', { timeout: 30_000 }, () => {
  test('tells who is signed in, and keeps the token from scripts and other sites', async () => {
    const browser = openBrowser(server)
    const { headers, body } = await browser.send('POST', '/console/session', keyOf(key))
    expect(body).toMatchObject({
      account: '12345678',
      accounts: [{ id: '12345678', name: 'consumer' }],
      principal: { kind: 'account', name: 'root' },
      operator: false,
      region: 'eu-central-1',
    })
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^postern-test=[\w-]{43}; Path=\/console; HttpOnly; SameSite=Strict$/),
    ])
    expect(headers.get('cache-control')).toBe('no-store')
    expect(JSON.stringify(body)).not.toContain(browser.cookie.split('=')[1])
    expect((await browser.send('GET', '/console/session')).body).toEqual(body)
  })

  test('a wrong secret, a key that is not there and one that is switched off: one answer', async () => {
    const off = await newUser('off')
    await ram('UpdateAccessKey', { UserName: 'off', UserAccessKeyId: off.AccessKeyId, Status: 'Inactive' })
    const tries = [
      { ...keyOf(key), accessKeySecret: 'wrong' },
      { ...keyOf(key), accessKeyId: 'LTAI0000000000000000nobody' },
      keyOf(off),
    ]
    const answers = []
    for (const credentials of tries) {
      const shown = await openBrowser(server).send('POST', '/console/session', credentials)
      expect(shown).toMatchObject(signInFailed)
      expect(shown.headers.getSetCookie()).toEqual([])
      answers.push(shown.body['Message'])
    }
    expect(new Set(answers).size).toBe(1)
  })

  test('a user is itself, with the rights of its policies and no more', async () => {
    const browser = await signedIn(keyOf(await newUser('reader')))
    expect((await browser.send('GET', '/console/session')).body).toMatchObject({
      principal: { kind: 'user', name: 'reader' },
    })
    expect(await browser.call('Vpc', 'DescribeVpcs')).toMatchObject({
      status: 403,
      body: { AccessDeniedDetail: { AuthAction: 'vpc:DescribeVpcs' } },
    })
    await ram('AttachPolicyToUser', {
      UserName: 'reader',
      PolicyType: 'System',
      PolicyName: 'AliyunVPCReadOnlyAccess',
    })
    expect((await browser.call('Vpc', 'DescribeVpcs')).status).toBe(200)
    expect((await browser.call('Vpc', 'CreateVpc', { CidrBlock: '10.0.0.0/16' })).status).toBe(403)
  })
})

describe('what ends a session', { timeout: 30_000 }, () => {
  test('signing out, for a stolen cookie as well', async () => {
    const browser = await signedIn()
    const { cookie } = browser
    const out = await browser.send('DELETE', '/console/session')
    expect(out.status).toBe(200)
    expect(out.headers.getSetCookie()[0]).toMatch(/^postern-test=; Max-Age=0; Path=\/console; /)
    browser.cookie = cookie
    await isOver(browser)
  })

  test('deleting its key', async () => {
    const user = await newUser('keyless')
    const browser = await signedIn(keyOf(user))
    await ram('DeleteAccessKey', { UserName: 'keyless', UserAccessKeyId: user.AccessKeyId })
    await isOver(browser)
  })

  test('switching its key off, and it stays over', async () => {
    const user = await newUser('switched')
    const browser = await signedIn(keyOf(user))
    const status = (Status: string) =>
      ram('UpdateAccessKey', { UserName: 'switched', UserAccessKeyId: user.AccessKeyId, Status })
    await status('Inactive')
    await isOver(browser)
    await status('Active')
    await isOver(browser)
  })

  test('deleting the user', async () => {
    await ram('CreateUser', { UserName: 'leaver' })
    await ram('CreateLoginProfile', { UserName: 'leaver', Password: 'Correct-Horse-1' })
    const browser = await signedIn({ account: '12345678', user: 'leaver', password: 'Correct-Horse-1' })
    await ram('DeleteLoginProfile', { UserName: 'leaver' })
    await isOver(browser)
    await ram('CreateLoginProfile', { UserName: 'leaver', Password: 'Correct-Horse-1' })
    const again = await signedIn({ account: '12345678', user: 'leaver', password: 'Correct-Horse-1' })
    await ram('DeleteLoginProfile', { UserName: 'leaver' })
    await ram('DeleteUser', { UserName: 'leaver' })
    await ram('CreateUser', { UserName: 'leaver' })
    await isOver(again)
  })

  test('a new password, of a user and of the account', async () => {
    await ram('CreateUser', { UserName: 'changer' })
    await ram('CreateLoginProfile', { UserName: 'changer', Password: 'Correct-Horse-1' })
    const user = await signedIn({ account: '12345678', user: 'changer', password: 'Correct-Horse-1' })
    await ram('UpdateLoginProfile', { UserName: 'changer', Password: 'Correct-Horse-2' })
    await isOver(user)

    const setPassword = (password: string) =>
      server.admin('POST', '/accounts/12345678/password', { password })
    await setPassword('Account-Horse-1')
    const account = await signedIn({ account: '12345678', password: 'Account-Horse-1' })
    expect((await account.call('Vpc', 'DescribeVpcs')).status).toBe(200)
    await setPassword('Account-Horse-2')
    await isOver(account)
  })

  test('signing in again in the same browser', async () => {
    const browser = await signedIn()
    const { cookie, csrf } = browser
    browser.csrf = ''
    await browser.signIn(keyOf(key))
    expect((await browser.call('Vpc', 'DescribeVpcs')).status).toBe(200)
    Object.assign(browser, { cookie, csrf })
    await isOver(browser)
  })
})

describe('passwords', { timeout: 30_000 }, () => {
  test('of nobody, of somebody and a wrong one: one answer', async () => {
    await ram('CreateUser', { UserName: 'somebody' })
    await ram('CreateLoginProfile', { UserName: 'somebody', Password: 'Correct-Horse-1' })
    const tries = [
      { account: '12345678', user: 'somebody', password: 'wrong' },
      { account: '12345678', user: 'nobody', password: 'Correct-Horse-1' },
      { account: '99999999', user: 'somebody', password: 'Correct-Horse-1' },
      { account: '87654321', password: 'Correct-Horse-1' },
      { account: '99999999', password: 'Correct-Horse-1' },
    ]
    for (const credentials of tries) {
      expect(await openBrowser(server).send('POST', '/console/session', credentials)).toMatchObject(
        signInFailed,
      )
    }
  })

  test('one that must be changed signs in together with a new one only', async () => {
    await ram('CreateUser', { UserName: 'fresh' })
    const settings = { UserName: 'fresh', Password: 'Correct-Horse-1', PasswordResetRequired: 'true' }
    await ram('CreateLoginProfile', settings)
    const given = { account: '12345678', user: 'fresh', password: 'Correct-Horse-1' }
    const browser = openBrowser(server)
    const post = (newPassword?: string) => browser.send('POST', '/console/session', { ...given, newPassword })
    expect(await post()).toMatchObject({ status: 403, body: { Code: 'ConsoleNewPasswordNeeded' } })
    expect(await post('short')).toMatchObject({ body: { Code: 'InvalidParameter.NewPassword.TooWeak' } })
    expect(await post('Correct-Horse-1')).toMatchObject({
      body: { Code: 'InvalidParameter.NewPassword.ReusePrevention' },
    })
    await browser.signIn({ ...given, newPassword: 'Correct-Horse-2' })
    expect(await openBrowser(server).send('POST', '/console/session', given)).toMatchObject(signInFailed)
    await signedIn({ ...given, password: 'Correct-Horse-2' })
  })
})

describe('requests of other pages', { timeout: 30_000 }, () => {
  test('no token, a wrong one, another session’s, another origin, another site: refused, and nothing done', async () => {
    const browser = await signedIn()
    const other = await signedIn()
    const count = async () =>
      ((await browser.call('Vpc', 'DescribeVpcs')).body as { TotalCount: number }).TotalCount
    const before = await count()
    const forged: Record<string, string>[] = [
      { 'x-csrf-token': '' },
      { 'x-csrf-token': 'x'.repeat(43) },
      { 'x-csrf-token': other.csrf },
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1:1' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]
    for (const headers of forged) {
      const made = browser.send('POST', '/console/call/Vpc/CreateVpc', { CidrBlock: '10.0.0.0/16' }, headers)
      expect(await made).toMatchObject(foreignPage)
      expect(await browser.send('DELETE', '/console/session', undefined, headers)).toMatchObject(foreignPage)
      const switched = browser.send('PUT', '/console/session/account', { account: '12345678' }, headers)
      expect(await switched).toMatchObject(foreignPage)
    }
    expect(await count()).toBe(before)
  })

  test('a form cannot sign a browser in, nor call', async () => {
    const form = { 'content-type': 'text/plain' }
    const browser = await signedIn()
    const body = JSON.stringify(keyOf(key))
    expect((await openBrowser(server).send('POST', '/console/session', body, form)).status).toBe(400)
    expect((await browser.send('POST', '/console/call/Vpc/CreateVpc', '{}', form)).status).toBe(400)
    const elsewhere = { origin: 'http://evil.example' }
    expect(await openBrowser(server).send('POST', '/console/session', keyOf(key), elsewhere)).toMatchObject(
      foreignPage,
    )
  })

  test('two cookies of the name, and a cookie of another form, are none', async () => {
    const browser = await signedIn()
    const { cookie } = browser
    for (const forged of [
      `${cookie}; ${cookie}`,
      'postern-test=short',
      `postern-other=${cookie.slice(13)}`,
    ]) {
      browser.cookie = forged
      expect(await browser.send('GET', '/console/session')).toMatchObject(needLogin)
    }
  })
})

describe('several accounts', { timeout: 30_000 }, () => {
  const link = async (account?: string) => {
    const { Token } = await server.admin('POST', '/console/links', account === undefined ? {} : { account })
    return { link: Token ?? '' }
  }

  test('the operator’s link acts as every account, once', async () => {
    const credentials = await link()
    const browser = openBrowser(server)
    const told = await browser.signIn(credentials)
    expect(told).toMatchObject({ account: '12345678', operator: true })
    expect(told.accounts.map(({ id }) => id)).toEqual(['12345678', '87654321'])
    const again = await openBrowser(server).send('POST', '/console/session', credentials)
    expect(again).toMatchObject({ status: 401, body: { Code: 'ConsoleLinkExpired' } })

    const owner = async () => (await browser.call('Sts', 'GetCallerIdentity')).body['AccountId']
    expect(await owner()).toBe('12345678')
    const switched = await browser.send('PUT', '/console/session/account', { account: '87654321' })
    expect(switched).toMatchObject({ status: 200, body: { account: '87654321', csrf: browser.csrf } })
    expect(await owner()).toBe('87654321')
    const nowhere = await browser.send('PUT', '/console/session/account', { account: '11' })
    expect(nowhere).toMatchObject({ status: 403, body: { Code: 'ConsoleAccountDenied' } })
  })

  test('a link for one account is for that one', async () => {
    const browser = openBrowser(server)
    const told = await browser.signIn(await link('87654321'))
    expect(told).toMatchObject({ account: '87654321', operator: false, accounts: [{ id: '87654321' }] })
    const other = await browser.send('PUT', '/console/session/account', { account: '12345678' })
    expect(other).toMatchObject({ status: 403, body: { Code: 'ConsoleAccountDenied' } })
    expect(await server.admin('POST', '/console/links', { account: '11' })).toMatchObject({
      Code: 'AccountNotFound',
    })
  })

  test('a person with two keys has both accounts in one session', async () => {
    const browser = await signedIn()
    const told = await browser.signIn(keyOf(otherKey))
    expect(told).toMatchObject({ account: '87654321' })
    expect(told.accounts.map(({ id }) => id)).toEqual(['12345678', '87654321'])
    const back = await browser.send('PUT', '/console/session/account', { account: '12345678' })
    expect(back).toMatchObject({ status: 200, body: { account: '12345678' } })
    expect((await browser.call('Sts', 'GetCallerIdentity')).body['AccountId']).toBe('12345678')
  })

  test('whose session has one account cannot take another', async () => {
    const browser = await signedIn()
    const taken = await browser.send('PUT', '/console/session/account', { account: '87654321' })
    expect(taken).toMatchObject({ status: 403, body: { Code: 'ConsoleAccountDenied' } })
  })
})
