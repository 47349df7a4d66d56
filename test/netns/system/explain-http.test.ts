/** `explain` of HTTP and HTTPS listeners: what it says and what a real request meets are the same, whatever is broken. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../../../src/cli/command.ts'
import { makeAuthority, makeCertificate } from '../../fixtures/certificates.ts'
import { until } from '../../fixtures/deployment.ts'
import { startSystem, type System } from './system.ts'
import { makeWeb, type Web } from './web.ts'

const scope = new AsyncDisposableStack()
let system: System
let web: Web
let group: string

beforeAll(async () => {
  system = scope.use(await startSystem())
  web = await makeWeb(system, 2)
  await web.listen('HTTP', 80, {
    HealthCheck: 'on',
    HealthCheckInterval: 1,
    HealthyThreshold: 2,
    UnhealthyThreshold: 2,
  })
  const { ServerCertificateId } = await system.call('Slb', 'UploadServerCertificate', {
    ...(await makeCertificate('shop.example')),
  })
  await web.listen('HTTPS', 443, { ServerCertificateId: String(ServerCertificateId) })
  const BackendServers = JSON.stringify([{ ServerId: web.servers[0], Port: 80 }])
  group = String((await web.slb('CreateVServerGroup', { BackendServers }))['VServerGroupId'])
  await until('the servers', async () => (await web.ask(`http://${web.address}/`)) || undefined)
})
afterAll(() => scope.disposeAsync())

interface Explained {
  readonly agrees: boolean
  readonly model: { readonly steps: readonly { reason: { code: string } }[] }
  readonly probe: { readonly status?: number }
}

async function explain(port: number, ...options: readonly string[]) {
  const words = ['explain', web.client, `${web.address}:${port}`, '--output', 'json', ...options]
  const { code, stdout, stderr } = await runCommand(['./postern', ...words, '--state', system.state], {
    cwd: process.cwd(),
  })
  expect(stdout, stderr).not.toBe('')
  const { agrees, model, probe } = JSON.parse(stdout) as Explained
  const codes = model.steps.map(({ reason }) => reason.code)
  return { code, said: codes.at(-1), codes, agrees, status: probe.status, people: stderr }
}

test('a request that is answered, by HTTP and by HTTPS', async () => {
  for (const port of [80, 443]) {
    expect(await explain(port)).toMatchObject({ code: 0, said: 'listens', agrees: true, status: 200 })
  }
  expect((await explain(80)).people).toContain('A real request was answered with status 200.')
})

test('the rule that a request meets, and a path that no rule of its domain has', async () => {
  const rule = { RuleName: 'cart', Domain: 'shop.example', Url: '/cart', VServerGroupId: group }
  await web.slb('CreateRules', { ListenerPort: 80, RuleList: JSON.stringify([rule]) })
  const met = await until('the rule', async () => {
    const told = await explain(80, '--host', 'shop.example', '--path', '/cart/1')
    return told.status === 200 ? told : undefined
  })
  expect(met).toMatchObject({ code: 0, agrees: true, codes: expect.arrayContaining(['ruleFits']) as unknown })
  expect(await explain(80, '--host', 'shop.example')).toMatchObject({
    code: 1,
    said: 'ruleForOtherPaths',
    agrees: true,
    status: 404,
  })
  expect((await explain(80)).codes).toContain('noRuleFits')
})

test('servers that fail their check, weights of 0, a redirect, and a stopped listener', async () => {
  const set = (params: Readonly<Record<string, string | number>>) =>
    web.slb('SetLoadBalancerHTTPListenerAttribute', { ListenerPort: 80, ...params })
  await set({ HealthCheckConnectPort: 81 })
  await until('abnormal servers', async () => (await explain(80)).said === 'allAbnormal' || undefined)
  expect(await explain(80)).toMatchObject({ code: 1, agrees: true, status: 503 })
  await set({ HealthCheck: 'off' })
  await until('the servers', async () => (await explain(80)).code === 0 || undefined)
  const weigh = (Weight: number) =>
    web.slb('SetBackendServers', {
      BackendServers: JSON.stringify(web.servers.map((ServerId) => ({ ServerId, Weight }))),
    })
  await weigh(0)
  await until('nobody', async () => (await explain(443)).status === 503 || undefined)
  expect(await explain(443)).toMatchObject({ code: 1, said: 'weightsZero', agrees: true })
  await weigh(100)
  await web.listen('HTTP', 8080, { ListenerForward: 'on', ForwardCode: '307' })
  expect(await explain(8080)).toMatchObject({ code: 0, said: 'redirects', agrees: true, status: 307 })
  await web.slb('StopLoadBalancerListener', { ListenerPort: 80 })
  const stopped = await until('the end', async () => {
    const told = await explain(80)
    return told.agrees ? told : undefined
  })
  expect(stopped).toMatchObject({ code: 1, said: 'listenerStopped' })
})

test('a listener that asks clients for certificates, and a proof beside it', async () => {
  const { certificate: CACertificate } = await makeAuthority()
  const { CACertificateId } = await system.call('Slb', 'UploadCACertificate', { CACertificate })
  await web.slb('SetLoadBalancerHTTPSListenerAttribute', {
    ListenerPort: 443,
    CACertificateId: String(CACertificateId),
  })
  await until('the refusal', async () => (await explain(443)).agrees || undefined)
  expect(await explain(443)).toMatchObject({ code: 1, said: 'needsCertificate', status: 0 })
  const proof = await system.postern('proof', '--ports', '80,443,8080', '--output', 'json')
  expect((JSON.parse(proof) as { differences: unknown[] }).differences).toEqual([])
})
