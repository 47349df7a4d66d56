/** HTTP and HTTPS listeners of a deployment that an ordinary user has started: the proxy has that user's rights, and no others. */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCertificate } from '../../fixtures/certificates.ts'
import { until } from '../../fixtures/deployment.ts'
import { startSystemAsUser, type System } from './system.ts'
import { makeWeb, type Web } from './web.ts'

const scope = new AsyncDisposableStack()
let system: System
let uid: number
let web: Web

beforeAll(async () => {
  const scratch = await mkdtemp('/var/tmp/postern-rootless-')
  scope.defer(() => rm(scratch, { recursive: true }))
  const started = await startSystemAsUser(scratch)
  ;({ uid } = started)
  system = scope.use(started.system)
  web = await makeWeb(system, 2)
})
afterAll(() => scope.disposeAsync())

test('requests are carried, encrypted or not, and a server leaves', async () => {
  const { ServerCertificateId } = await system.call('Slb', 'UploadServerCertificate', {
    ...(await makeCertificate('shop.example')),
  })
  await web.listen('HTTP', 80)
  await web.listen('HTTPS', 443, { ServerCertificateId: String(ServerCertificateId) })
  for (const url of [`http://${web.address}/`, `https://${web.address}/`]) {
    const seen = new Set<string>()
    await until(`both servers by ${url}`, async () => {
      const [name = ''] = (await web.ask(url).catch(() => '')).split(' ')
      if (name !== '') seen.add(name)
      return web.servers.every((server) => seen.has(server)) || undefined
    })
    expect([...seen].toSorted()).toEqual([...web.servers].toSorted())
  }

  // A reload: one of them leaves.
  const [leaving = '', staying = ''] = web.servers
  await web.slb('RemoveBackendServers', { BackendServers: JSON.stringify([{ ServerId: leaving }]) })
  await until('the reload', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => web.ask(`https://${web.address}/`)))
    return answers.every((answer) => answer.startsWith(staying)) || undefined
  })
})

test('nothing of it runs as root', async () => {
  expect((await stat(`/proc/${system.pid('agent')}`)).uid).toBe(uid)
  const config = join(system.state, 'agent', 'proxies', web.balancer)
  const owners: number[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    // A process may end while it is looked at.
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (line.includes('haproxy') && line.includes(config)) owners.push((await stat(`/proc/${pid}`)).uid)
  }
  expect(owners.length).toBeGreaterThan(0)
  expect(new Set(owners)).toEqual(new Set([uid]))
})
