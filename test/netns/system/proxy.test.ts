/** What a balancer's proxy does beside balancing: compression, cookies, dying and ending, and where a private key is not. */
import { randomUUID } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { proxyProcesses } from '../../../src/agent/proxy-master.ts'
import { makeCertificate, type CertificatePair } from '../../fixtures/certificates.ts'
import { until } from '../../fixtures/deployment.ts'
import { inBackground, requestCommand } from './programs.ts'
import { startSystem, type System } from './system.ts'
import { makeWeb, type Web } from './web.ts'

const scope = new AsyncDisposableStack()
let system: System
let web: Web
let other: Web
let pair: CertificatePair
const url = () => `http://${web.address}/`

beforeAll(async () => {
  system = scope.use(await startSystem())
  ;[web, other] = [await makeWeb(system, 2), await makeWeb(system, 1)]
  await Promise.all([web.listen('HTTP', 80), other.listen('HTTP', 80)])
  pair = await makeCertificate('shop.example')
  const { ServerCertificateId } = await system.call('Slb', 'UploadServerCertificate', { ...pair })
  await web.listen('HTTPS', 443, { ServerCertificateId: String(ServerCertificateId) })
  for (const { ask, address } of [web, other])
    await until('a server', async () => (await ask(`http://${address}/`).catch(() => '')) || undefined)
})
afterAll(() => scope.disposeAsync())

const set = (params: Readonly<Record<string, string | number>>) =>
  web.slb('SetLoadBalancerHTTPListenerAttribute', { ListenerPort: 80, ...params })

const socketOf = ({ balancer }: Web) => join(system.state, 'agent', 'proxies', balancer, 'master.sock')

async function processesOf(of: Web): Promise<{ readonly master: number; readonly worker: number }> {
  return await until('the proxy', async () => {
    const found = await proxyProcesses(socketOf(of))
    const worker = found?.workers[0]
    return found && worker !== undefined ? { master: found.master, worker } : undefined
  })
}

test('answers are compressed for who can read that, and not when it is switched off', async () => {
  const compressed = await web.ask(url(), '--compressed', '-D', '-')
  expect(compressed).toMatch(/content-encoding: gzip/i)
  expect(compressed).toMatch(/\ni-/)
  expect(await web.ask(url(), '-D', '-')).not.toMatch(/content-encoding/i)
  await set({ Gzip: 'off' })
  await until(
    'no compression',
    async () => !/content-encoding/i.test(await web.ask(url(), '--compressed', '-D', '-')) || undefined,
  )
})

test('an inserted cookie keeps a client with its server until its time is over', async () => {
  await set({ StickySession: 'on', StickySessionType: 'insert', CookieTimeout: 2 })
  const cookie = await until(
    'a cookie',
    async () => /set-cookie: (SERVERID=[^;\r]+)/i.exec(await web.ask(url(), '-i'))?.[1],
  )
  const names = async (count: number) => {
    const found: string[] = []
    for (let turn = 0; turn < count; turn++)
      found.push((await web.ask(url(), '-H', `Cookie: ${cookie}`)).split(' ')[0] ?? '')
    return new Set(found)
  }
  expect((await names(6)).size).toBe(1)
  // Seconds of idleness are in the cookie: this one is older than that by now, and another one is given.
  await until('its end', async () => (await names(4)).size > 1 || undefined, 20_000)
  expect(await web.ask(url(), '-i', '-H', `Cookie: ${cookie}`)).toMatch(/set-cookie: SERVERID=/i)
})

test('a cookie of the server is rewritten, and leads back to it', async () => {
  await set({ StickySession: 'on', StickySessionType: 'server', Cookie: 'sid' })
  const [, cookie = '', name = ''] = await until('a cookie', async () => {
    const found = /set-cookie: (sid=[0-9a-f]{16}~member)[\s\S]*\n(i-\S+)/i.exec(
      await web.ask(`${url()}login`, '-i'),
    )
    return found ?? undefined
  })
  for (let turn = 0; turn < 6; turn++) {
    const said = await web.ask(url(), '-H', `Cookie: ${cookie}`)
    expect(said.split(' ')[0]).toBe(name)
    // The server gets the cookie that it set.
    expect(said).toMatch(/cookie: sid=member\r/i)
  }
  await set({ StickySession: 'off' })
})

test.each(['worker', 'master'] as const)(
  'a killed %s is back soon, and other balancers do not notice',
  async (part) => {
    const file = `loop-${randomUUID()}`
    await system.run(other.client, inBackground(file, requestCommand('new', other.address)))
    const lines = async () => (await system.home(other.client, file)).split('\n').slice(0, -1)
    await until('requests', async () => (await lines()).length > 5 || undefined)
    const before = await processesOf(web)
    const start = performance.now()
    process.kill(before[part], 'SIGKILL')
    await until('another process', async () => {
      const now = await proxyProcesses(socketOf(web))
      return (now && now.workers.length > 0 && !now.workers.includes(before.worker)) || undefined
    })
    await until('an answer', async () => (await web.ask(url()).catch(() => '')) || undefined)
    expect(performance.now() - start).toBeLessThan(10_000)
    const count = (await lines()).length
    await until('more requests', async () => (await lines()).length > count + 5 || undefined)
    expect((await lines()).filter((line) => line.startsWith('cut'))).toEqual([])
  },
)

test('a private key is in no record, no log, no command line and no file that others read', async () => {
  const secret = pair.PrivateKey.split('\n').find((line) => line !== '' && !line.startsWith('-----')) ?? ''
  expect(secret.length).toBeGreaterThan(40)
  expect(await system.postern('audit', '--output', 'json')).not.toContain(secret)
  const lists = await system.call('Slb', 'DescribeServerCertificates')
  expect(JSON.stringify(lists)).not.toContain(secret)
  const explained = await system.postern('explain', web.client, `${web.address}:443`, '--output', 'json')
  expect(explained).not.toContain(secret.slice(0, 20))
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  for (const pid of pids) {
    // A process may end while it is looked at.
    const told = await Promise.all(
      ['cmdline', 'environ'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
    )
    expect(told.join()).not.toContain(secret)
  }
  const holding: string[] = []
  for (const entry of await readdir(system.state, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const content = await readFile(path, 'utf8').catch(() => '')
    if (!content.includes(secret) && !content.includes(JSON.stringify(secret).slice(1, -1))) continue
    const { mode, uid } = await stat(path)
    expect([path, mode & 0o077, uid]).toEqual([path, 0, 0])
    holding.push(path)
  }
  expect(holding.length).toBeGreaterThan(0)
  expect(holding.filter((path) => /\.(log|db)/.test(path))).toEqual([])
})

test('the process ends with the last listener, and purging leaves none', async () => {
  const { master } = await processesOf(web)
  await web.slb('DeleteLoadBalancerListener', { ListenerPort: 80 })
  const gone = () =>
    readFile(`/proc/${master}/cmdline`, 'utf8').then(
      (line) => line === '' || undefined,
      () => true,
    )
  await until('one listener', async () => (await web.ask(url())) === '' || undefined)
  expect(await web.ask(`https://${web.address}/`)).toMatch(/^i-/)
  expect(await gone()).toBeUndefined()
  await web.slb('DeleteLoadBalancerListener', { ListenerPort: 443 })
  await until('its end', gone)
  const last = await processesOf(other)
  await system.postern('down', '--purge')
  for (const pid of Object.values(last))
    // Of one that has ended its parent may not know yet.
    expect(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).toBe('')
})
