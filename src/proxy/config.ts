/**
 * HAProxy's configuration for one balancer: pure. Health and weights are in it: a backend that takes no requests is left
 * out, so that no cookie leads to it either.
 */
import { createHash } from 'node:crypto'
import type { BackendPlan, ForwardingRulePlan, HttpPlan, StickyPlan, TlsPlan } from '../plan/host-plan.ts'
import type { Proxied } from './proxied.ts'

export interface ProxyPlace {
  /** An empty directory: all that workers see of the file system. */
  readonly root: string
  /** Whom workers become; undefined where the user namespace has nobody else. */
  readonly uid: number | undefined
  /** Where the files of `certificateFiles` are. */
  readonly certificates: string
}

type ProxiedListener = Proxied['listeners'][number]

/** Connections of one proxy at once: two descriptors each, and a machine may allow no more than 20,000. */
const connections = 4_000

/** What CLB compresses (CLB user guide, HTTP listeners). */
const compressed = [
  'text/xml',
  'text/plain',
  'text/css',
  ...['javascript', 'x-javascript', 'rss+xml', 'atom+xml', 'xml', 'json'].map(
    (type) => `application/${type}`,
  ),
].join(' ')

export function proxyConfig(proxied: Proxied, place: ProxyPlace): string {
  return [
    section('global', [
      'nbthread 1',
      `maxconn ${connections}`,
      // Requests of an older configuration are finished, but not for ever.
      'hard-stop-after 15m',
      ...(place.uid === undefined ? [] : [`uid ${place.uid}`, `gid ${place.uid}`]),
      `chroot ${place.root}`,
    ]),
    section('defaults', [
      'mode http',
      'timeout connect 5s',
      'retries 2',
      'option redispatch',
      'option forwardfor',
      // A client's idle connection may carry a request at the moment of a reload: it is answered before the end.
      'option idle-close-on-response',
    ]),
    ...proxied.listeners.flatMap((listener) => [
      frontend(proxied, place, listener),
      backend(proxied, listener),
      ...listener.http.rules.map((rule) => backendOfRule(proxied, listener, rule)),
    ]),
  ].join('\n')
}

function section(head: string, lines: readonly string[]): string {
  return [head, ...lines.map((line) => `  ${line}`), ''].join('\n')
}

function frontend(proxied: Proxied, place: ProxyPlace, { port, http }: ProxiedListener): string {
  return section(`frontend ${port}`, [
    `bind ${proxied.localAddress}:${http.proxyPort}${http.tls ? tlsOptions(http.tls, place) : ''}`,
    `timeout client ${http.requestTimeoutS}s`,
    `timeout http-request ${http.requestTimeoutS}s`,
    `timeout http-keep-alive ${http.idleTimeoutS}s`,
    ...(http.redirectPort === undefined ? [] : [redirect(http.redirectPort, http.redirectCode)]),
    ...forwardedHeaders(proxied, port, http),
    ...http.rules.map((rule) => `use_backend ${ruleBackend(port, rule)} if ${condition(rule)}`),
    `default_backend ${port}`,
  ])
}

/** Forward secrecy; the others are for clients that know no elliptic curves (CLB user guide, TLS security policies). */
const strictCiphers = ['ECDSA', 'RSA'].flatMap((signer) =>
  ['128-GCM-SHA256', '256-GCM-SHA384', '128-SHA256', '256-SHA384', '128-SHA', '256-SHA'].map(
    (suite) => `ECDHE-${signer}-AES${suite}`,
  ),
)
const plainCiphers = ['128-GCM-SHA256', '256-GCM-SHA384', '128-SHA256', '256-SHA256', '128-SHA', '256-SHA']
const ciphers = [...strictCiphers, ...plainCiphers.map((suite) => `AES${suite}`)]
const policies = {
  // OpenSSL's second level of security has none of the signatures of TLS 1.0 and 1.1.
  tls_cipher_policy_1_0: { from: 'TLSv1.0', to: 'TLSv1.2', ciphers: [...ciphers, '@SECLEVEL=0'] },
  tls_cipher_policy_1_1: { from: 'TLSv1.1', to: 'TLSv1.2', ciphers: [...ciphers, '@SECLEVEL=0'] },
  tls_cipher_policy_1_2: { from: 'TLSv1.2', to: 'TLSv1.2', ciphers },
  tls_cipher_policy_1_2_strict: { from: 'TLSv1.2', to: 'TLSv1.2', ciphers: strictCiphers },
  tls_cipher_policy_1_2_strict_with_1_3: { from: 'TLSv1.2', to: 'TLSv1.3', ciphers: strictCiphers },
} as const satisfies Record<TlsPlan['cipherPolicy'], unknown>

function tlsOptions(tls: TlsPlan, { certificates }: ProxyPlace): string {
  const { from, to, ciphers: list } = policies[tls.cipherPolicy]
  return [
    ` ssl crt ${certificates}/${certificateName(tls.chain)}`,
    ...(tls.clientAuthority === undefined
      ? []
      : [`ca-file ${certificates}/${authorityName(tls.clientAuthority)} verify required`]),
    `alpn ${tls.http2 ? 'h2,' : ''}http/1.1`,
    `ssl-min-ver ${from} ssl-max-ver ${to}`,
    `ciphers ${list.join(':')}`,
  ].join(' ')
}

/** Named after what is in it: another certificate is another configuration, which tells nothing of the key. */
function certificateName(chain: string): string {
  return `${createHash('sha256').update(chain).digest('hex').slice(0, 32)}.pem`
}

/** Apart from certificates that are served: one may be its own authority. */
function authorityName(chain: string): string {
  return `ca-${certificateName(chain)}`
}

/** The files that the configuration names, and what is in them. */
export function certificateFiles({ listeners }: Proxied): ReadonlyMap<string, string> {
  return new Map(
    listeners.flatMap(({ http: { tls } }) => {
      if (!tls) return []
      const { chain, key, clientAuthority } = tls
      const own = [certificateName(chain), `${chain}${key}`] as const
      return clientAuthority === undefined
        ? [own]
        : [own, [authorityName(clientAuthority), clientAuthority] as const]
    }),
  )
}

/** In single quotes, as a path may hold the sign of a comment. The API takes no character that would end them. */
function condition({ host, path }: ForwardingRulePlan): string {
  return [
    host === undefined ? [] : [`{ req.hdr(host),field(1,:),lower ${hostPattern(host)} }`],
    path === '' ? [] : [`{ pathq -m beg '${path}' }`],
  ]
    .flat()
    .join(' ')
}

function hostPattern(host: NonNullable<ForwardingRulePlan['host']>): string {
  return 'is' in host ? `-m str '${host.is}'` : `-m end '${host.endsWith}'`
}

function ruleBackend(port: number, { id }: ForwardingRulePlan): string {
  return `${port}-${createHash('sha256').update(id).digest('hex').slice(0, 16)}`
}

function redirect(port: number, code: HttpPlan['redirectCode']): string {
  const place = port === 443 ? '' : `:${port}`
  return `http-request redirect code ${code} location https://%[req.hdr(host),field(1,:)]${place}%[pathq]`
}

function forwardedHeaders({ id, address }: Proxied, port: number, { forwarded, tls }: HttpPlan): string[] {
  const all = {
    SLBIP: ['SLB-IP', address],
    SLBID: ['SLB-ID', id],
    proto: ['X-Forwarded-Proto', tls ? 'https' : 'http'],
    SLBPORT: ['X-Forwarded-Port', port],
    ClientSrcPort: ['X-Forwarded-Client-srcport', '%[src_port]'],
  } as const
  return forwarded.map((name) => `http-request set-header ${all[name].join(' ')}`)
}

function backendOfRule(proxied: Proxied, listener: ProxiedListener, rule: ForwardingRulePlan): string {
  const name = ruleBackend(listener.port, rule)
  return rule.backends
    ? backend(proxied, { ...listener, backends: rule.backends }, name)
    : section(`backend ${name}`, ['http-request deny deny_status 404'])
}

function backend(
  { localAddress }: Proxied,
  { port, scheduler, backends, http }: ProxiedListener,
  name = String(port),
): string {
  return section(`backend ${name}`, [
    `balance ${scheduler === 'wlc' ? 'leastconn' : 'roundrobin'}`,
    `timeout server ${http.requestTimeoutS}s`,
    `timeout tunnel ${http.requestTimeoutS}s`,
    `source ${localAddress}`,
    ...(http.sticky ? [cookie(http.sticky)] : []),
    ...(http.gzip ? ['compression algo gzip', `compression type ${compressed}`] : []),
    ...backends
      .filter(({ weight }) => weight > 0)
      .map((server) => serverLine(server, scheduler === 'rr' ? 1 : server.weight, http.sticky !== undefined)),
  ])
}

function cookie(sticky: StickyPlan): string {
  return sticky.kind === 'insert'
    ? `cookie SERVERID insert indirect nocache maxidle ${sticky.timeoutS}`
    : `cookie ${sticky.name} prefix nocache`
}

function serverLine({ server, address, port }: BackendPlan, weight: number, sticky: boolean): string {
  const name = `${server}:${port}`
  // Clients learn no ids.
  const value = createHash('sha256').update(name).digest('hex').slice(0, 16)
  return `server ${name} ${address}:${port} weight ${weight}${sticky ? ` cookie ${value}` : ''}`
}
