/** What HAProxy is told, and that it takes it. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate } from '../../test/fixtures/certificates.ts'
import type { HttpPlan, TlsPlan } from '../plan/host-plan.ts'
import { certificateFiles, proxyConfig } from './config.ts'
import type { Proxied } from './proxied.ts'

let directory: string
let identity: Pick<TlsPlan, 'chain' | 'key'>
const backends = [{ server: 'i-b', address: '10.0.0.3', port: 8080, weight: 100, standby: false }]
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'postern-proxy-'))
  mkdirSync(join(directory, 'root'))
  const { ServerCertificate: chain, PrivateKey: key } = await makeCertificate('shop.example')
  identity = { chain, key }
})
afterAll(() => rmSync(directory, { recursive: true }))

const plain: HttpPlan = {
  proxyPort: 30_001,
  sticky: undefined,
  idleTimeoutS: 15,
  requestTimeoutS: 60,
  gzip: false,
  forwarded: [],
  redirectPort: undefined,
  redirectCode: 301,
  rules: [],
  tls: undefined,
}

function balancer(http: Partial<HttpPlan>, scheduler: 'wrr' | 'rr' | 'wlc' = 'wrr'): Proxied {
  const backend = { address: '10.0.0.2', port: 80, standby: false }
  return {
    id: 'lb-1',
    address: '10.0.0.9',
    localAddress: '127.0.0.1',
    listeners: [
      {
        protocol: http.tls ? 'https' : 'http',
        port: 443,
        lastPort: undefined,
        scheduler,
        idleTimeoutS: undefined,
        persistenceS: 0,
        drainS: undefined,
        newConnectionsPerS: undefined,
        backends: [
          { ...backend, server: 'i-a', weight: 30 },
          { ...backend, server: 'i-gone', weight: 0 },
        ],
        healthCheck: undefined,
        http: { ...plain, ...http },
      },
    ],
  }
}

function configOf(proxied: Proxied): string {
  const certificates = join(directory, 'certificates')
  return proxyConfig(proxied, { root: join(directory, 'root'), uid: 65_534, certificates })
}

const tls = (cipherPolicy: TlsPlan['cipherPolicy'], http2 = true): TlsPlan => ({
  ...identity,
  clientAuthority: undefined,
  cipherPolicy,
  http2,
})

const cases: Readonly<Record<string, () => readonly [Proxied, readonly (string | RegExp)[]]>> = {
  'a plain listener': () => [
    balancer({}),
    ['bind 127.0.0.1:30001\n', 'balance roundrobin', 'server i-a:80 10.0.0.2:80 weight 30\n'],
  ],
  'equal shares': () => [balancer({}, 'rr'), ['weight 1\n']],
  'fewest connections': () => [balancer({}, 'wlc'), ['balance leastconn']],
  'a cookie of its own': () => [
    balancer({ sticky: { kind: 'insert', timeoutS: 300 } }),
    ['cookie SERVERID insert indirect nocache maxidle 300', /weight 30 cookie [0-9a-f]{16}\n/],
  ],
  'a cookie of the server': () => [
    balancer({ sticky: { kind: 'server', name: 'sid' } }),
    ['cookie sid prefix nocache'],
  ],
  compression: () => [balancer({ gzip: true }), ['compression algo gzip', 'compression type text/xml ']],
  'a redirect': () => [
    balancer({ redirectPort: 8443, redirectCode: 308 }),
    ['redirect code 308 location https://%[req.hdr(host),field(1,:)]:8443%[pathq]'],
  ],
  'rules, one after the other': () => [
    balancer({
      rules: [
        { id: 'rule-a', host: { is: 'www.shop.example' }, path: '/a#%?b&c', backends },
        { id: 'rule-b', host: { endsWith: '.shop.example' }, path: '', backends: undefined },
        { id: 'rule-c', host: undefined, path: '/img', backends },
      ],
    }),
    [
      /use_backend 443-[0-9a-f]{16} if \{ req\.hdr\(host\),field\(1,:\),lower -m str 'www\.shop\.example' \} \{ pathq -m beg '\/a#%\?b&c' \}\n {2}use_backend \S+ if \{ \S+ -m end '\.shop\.example' \}\n {2}use_backend \S+ if \{ pathq -m beg '\/img' \}\n {2}default_backend 443\n/,
      'http-request deny deny_status 404',
      'server i-b:8080 10.0.0.3:8080 weight 100\n',
    ],
  ],
  'headers over HTTPS': () => [
    balancer({ forwarded: ['proto', 'SLBID'], tls: tls('tls_cipher_policy_1_2') }),
    ['set-header X-Forwarded-Proto https', 'set-header SLB-ID lb-1'],
  ],
  'the oldest policy': () => [
    balancer({ tls: tls('tls_cipher_policy_1_0') }),
    ['alpn h2,http/1.1', 'ssl-min-ver TLSv1.0 ssl-max-ver TLSv1.2', ':AES128-SHA:', '@SECLEVEL=0'],
  ],
  'TLS 1.1': () => [balancer({ tls: tls('tls_cipher_policy_1_1') }), ['ssl-min-ver TLSv1.1']],
  'no HTTP/2': () => [balancer({ tls: tls('tls_cipher_policy_1_2_strict', false) }), [' alpn http/1.1 ']],
  'certificates of clients': () => [
    balancer({ tls: { ...tls('tls_cipher_policy_1_2'), clientAuthority: identity.chain } }),
    [/ca-file \S+\/ca-[0-9a-f]{32}\.pem verify required/],
  ],
  'TLS 1.3': () => [
    balancer({ tls: tls('tls_cipher_policy_1_2_strict_with_1_3') }),
    ['ssl-min-ver TLSv1.2 ssl-max-ver TLSv1.3'],
  ],
}

describe.each(Object.entries(cases))('%s', (_name, make) => {
  test('is said', () => {
    const [proxied, lines] = make()
    const config = configOf(proxied)
    for (const line of lines) {
      if (typeof line === 'string') expect(config).toContain(line)
      else expect(config).toMatch(line)
    }
    expect(config).not.toContain('i-gone')
  })

  test.skipIf(spawnSync('haproxy', ['-v']).error)('is taken by HAProxy without a warning', () => {
    const [proxied] = make()
    const certificates = join(directory, 'certificates')
    mkdirSync(certificates, { recursive: true })
    for (const [name, content] of certificateFiles(proxied)) writeFileSync(join(certificates, name), content)
    const file = join(directory, 'haproxy.cfg')
    writeFileSync(file, configOf(proxied))
    const { status, stderr } = spawnSync('haproxy', ['-c', '-q', '-f', file], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })
})

test('the configuration names the certificate, changes with it, and holds no key', async () => {
  const config = configOf(balancer({ tls: tls('tls_cipher_policy_1_2') }))
  expect(config).not.toContain('PRIVATE')
  const [[name, content] = ['', '']] = certificateFiles(balancer({ tls: tls('tls_cipher_policy_1_2') }))
  expect(config).toContain(`/certificates/${name} `)
  expect(content).toContain('PRIVATE KEY')
  const { ServerCertificate: chain, PrivateKey: key } = await makeCertificate('shop.example')
  const other = balancer({ tls: { ...tls('tls_cipher_policy_1_2'), chain, key } })
  expect(configOf(other)).not.toBe(config)
})
