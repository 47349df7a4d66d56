/** HTTPS listeners: encrypted as far as the balancer's proxy, and another certificate loses no request. */
import { randomUUID } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ParamValues } from '../../../src/cli/client.ts'
import { makeAuthority, makeCertificate } from '../../fixtures/certificates.ts'
import { until } from '../../fixtures/deployment.ts'
import {
  makeConsumer,
  makeEndpoint,
  makeInstance,
  makeService,
  zone,
  type Consumer,
} from '../../fixtures/topology.ts'
import { inBackground, webServer } from './programs.ts'
import { startSystem, type System } from './system.ts'

const scope = new AsyncDisposableStack()
let system: System
let offer: Consumer
let client: string
let server: string
let balancer: string
let address: string
let certificate: string

const slb = (action: string, params: ParamValues = {}) =>
  system.call('Slb', action, { LoadBalancerId: balancer, ...params })

async function upload(name: string): Promise<string> {
  const made = await system.call('Slb', 'UploadServerCertificate', { ...(await makeCertificate(name)) })
  return String(made['ServerCertificateId'])
}

const ask = async (...options: readonly string[]) =>
  (await system.run(client, ['curl', '-sSk', '-m', '5', ...options, `https://${address}/`])).stdout

/** Whom the listener says it is. */
const subject = async () =>
  (await ask('-o', '/dev/null', '-w', '%{certs}')).match(/Subject Alternative Name:.*/)?.[0] ?? ''

beforeAll(async () => {
  system = scope.use(await startSystem())
  offer = await makeConsumer(system)
  server = await makeInstance(system, offer.vswitch, offer.group, webServer)
  const made = await system.call('Slb', 'CreateLoadBalancer', {
    AddressType: 'intranet',
    VpcId: offer.vpc,
    VSwitchId: offer.vswitch,
    LoadBalancerSpec: 'slb.s3.large',
    MasterZoneId: zone,
  })
  balancer = String(made['LoadBalancerId'])
  await slb('AddBackendServers', { BackendServers: JSON.stringify([{ ServerId: server, Weight: 100 }]) })
  certificate = await upload('first.example')
  await slb('CreateLoadBalancerHTTPSListener', {
    ListenerPort: 443,
    BackendServerPort: 80,
    StickySession: 'off',
    HealthCheck: 'off',
    XForwardedFor_proto: 'on',
    ServerCertificateId: certificate,
  })
  await slb('StartLoadBalancerListener', { ListenerPort: 443 })
  await until('the listener to run', async () => {
    const { Status } = await slb('DescribeLoadBalancerHTTPSListenerAttribute', { ListenerPort: 443 })
    return Status === 'running' || undefined
  })
  const service = await makeService(system, [{ balancer, zone }], true)
  const consumer = await makeConsumer(system)
  client = await makeInstance(system, consumer.vswitch, consumer.group, '')
  address = (await makeEndpoint(system, service, consumer, ['Connected'])).address
  await until('the server', async () => (await ask().catch(() => '')).startsWith(server) || undefined)
})
afterAll(() => scope.disposeAsync())

test('requests are answered by HTTP/2 and HTTP/1.1, and servers learn that they were encrypted', async () => {
  const answer = await ask('-w', '%{http_version}')
  expect(answer).toMatch(/^i-/)
  expect(answer.toLowerCase()).toContain('x-forwarded-proto: https')
  expect(answer).toMatch(/2$/)
  expect(await ask('--http1.1', '-w', '%{http_version}')).toMatch(/1\.1$/)
})

test('a stricter policy refuses older protocols', async () => {
  const old = ['--tls-max', '1.1', '--ciphers', 'DEFAULT@SECLEVEL=0', '-o', '/dev/null', '-w', '%{http_code}']
  expect(await ask(...old)).toBe('200')
  const TLSCipherPolicy = 'tls_cipher_policy_1_2_strict'
  await slb('SetLoadBalancerHTTPSListenerAttribute', { ListenerPort: 443, TLSCipherPolicy })
  await until('the refusal', async () => (await ask(...old).catch(() => '000')) !== '200' || undefined)
  expect(await ask()).toMatch(/^i-/)
})

test('another certificate is served without a lost request, and only root reads its key', async () => {
  const file = `loop-${randomUUID()}`
  const once = `curl -sSk -m 5 -o /dev/null -w '%{http_code}\\n' https://${address}/ || echo cut`
  await system.run(client, inBackground(file, ['sh', '-c', `while :; do ${once}; sleep 0.02; done`]))
  const lines = async () => (await system.home(client, file)).split('\n').slice(0, -1)
  await until('requests', async () => (await lines()).length > 5 || undefined)
  for (const name of ['second.example', 'third.example']) {
    const ServerCertificateId = await upload(name)
    await slb('SetLoadBalancerHTTPSListenerAttribute', { ListenerPort: 443, ServerCertificateId })
    await until('the certificate', async () => (await subject()).includes(name) || undefined)
  }
  const before = (await lines()).length
  await until('more requests', async () => (await lines()).length > before + 5 || undefined)
  expect(new Set(await lines())).toEqual(new Set(['200']))
  const folder = join(system.state, 'agent', 'proxies', balancer, 'certificates')
  const files = await until('the old ones to go', async () => {
    const names = await readdir(folder)
    return names.length === 1 ? names : undefined
  })
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  for (const name of files) {
    const { mode, uid } = await stat(join(folder, name))
    expect([mode & 0o777, uid]).toEqual([0o600, 0])
  }
  await system.call('Slb', 'DeleteServerCertificate', { ServerCertificateId: certificate })
})

test('with an authority, only clients that it has signed come in, and without it all do again', async () => {
  const [members, others] = [await makeAuthority(), await makeAuthority('others.example')]
  for (const [file, authority] of Object.entries({ member: members, other: others }))
    await system.run(client, ['sh', '-c', 'printf %s "$0" > "$1"', await authority.client(), file])
  const trust = async (CACertificateId: string) =>
    await slb('SetLoadBalancerHTTPSListenerAttribute', { ListenerPort: 443, CACertificateId })
  const made = await system.call('Slb', 'UploadCACertificate', { CACertificate: members.certificate })
  await trust(String(made['CACertificateId']))
  const status = (...options: readonly string[]) =>
    ask('-o', '/dev/null', '-w', '%{http_code}', ...options).catch(() => 'refused')
  await until('the refusal', async () => (await status()) === '000' || undefined)
  expect(await status('--cert', 'member')).toBe('200')
  expect(await status('--cert', 'other')).toBe('000')
  expect(await status('--tls-max', '1.2')).toBe('000')
  await trust('')
  await until('everybody', async () => (await status()) === '200' || undefined)
  await system.call('Slb', 'DeleteCACertificate', { CACertificateId: String(made['CACertificateId']) })
})

test('the proxy of the last listener leaves nothing', async () => {
  await slb('DeleteLoadBalancerListener', { ListenerPort: 443 })
  const proxies = join(system.state, 'agent', 'proxies')
  await until('the proxy to go', async () => (await readdir(proxies)).length === 0 || undefined)
})
