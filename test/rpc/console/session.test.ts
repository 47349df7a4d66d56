/** Signing in and out of the real server, and what a session may and may not do. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type Credentials, type RunningServer } from '../../fixtures/running-server.ts'
import { openBrowser, type Browser } from './browser.ts'

let server: RunningServer
let key: Credentials
beforeAll(async () => {
  server = await startServer()
  key = await server.createAccount('12345678', 'consumer')
})
afterAll(() => server[Symbol.asyncDispose]())

const keyOf = ({ AccessKeyId, AccessKeySecret }: Credentials) => ({
  accessKeyId: AccessKeyId,
  accessKeySecret: AccessKeySecret,
})

async function signedIn(): Promise<Browser> {
  const browser = openBrowser(server)
  await browser.signIn(keyOf(key))
  return browser
}

describe('signing in with an access key', () => {
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

  test('calls the API, without a signature', async () => {
    const browser = await signedIn()
    const made = await browser.call('Vpc', 'CreateVpc', { CidrBlock: '10.0.0.0/16', VpcName: 'by-hand' })
    expect(made.status).toBe(200)
    const listed = await browser.call('Vpc', 'DescribeVpcs', { RegionId: 'eu-central-1' })
    expect(listed.body).toMatchObject({ Vpcs: { Vpc: [{ VpcId: made.body['VpcId'], VpcName: 'by-hand' }] } })
  })

  test('ends at once when it is signed out, for a stolen cookie as well', async () => {
    const browser = await signedIn()
    const { cookie } = browser
    const out = await browser.send('DELETE', '/console/session')
    expect(out.status).toBe(200)
    expect(out.headers.getSetCookie()[0]).toMatch(/^postern-test=; Max-Age=0; Path=\/console; /)
    browser.cookie = cookie
    expect(await browser.call('Vpc', 'DescribeVpcs')).toMatchObject({
      status: 401,
      body: { Code: 'ConsoleNeedLogin' },
    })
    expect((await browser.send('GET', '/console/session')).status).toBe(401)
  })
})
