/**
 * HAProxy's configuration for one balancer: pure. Health and weights are in it: a backend that takes no requests is left
 * out, so that no cookie leads to it either.
 */
import { createHash } from 'node:crypto'
import type { BackendPlan, HttpPlan, StickyPlan } from '../plan/host-plan.ts'
import type { Proxied } from './proxied.ts'

export interface ProxyPlace {
  /** An empty directory: all that workers see of the file system. */
  readonly root: string
  /** Whom workers become; undefined where the user namespace has nobody else. */
  readonly uid: number | undefined
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
    ...proxied.listeners.flatMap((listener) => [frontend(proxied, listener), backend(proxied, listener)]),
  ].join('\n')
}

function section(head: string, lines: readonly string[]): string {
  return [head, ...lines.map((line) => `  ${line}`), ''].join('\n')
}

function frontend(proxied: Proxied, { port, http }: ProxiedListener): string {
  return section(`frontend ${port}`, [
    `bind ${proxied.localAddress}:${http.proxyPort}`,
    `timeout client ${http.requestTimeoutS}s`,
    `timeout http-request ${http.requestTimeoutS}s`,
    `timeout http-keep-alive ${http.idleTimeoutS}s`,
    ...(http.redirectPort === undefined ? [] : [redirect(http.redirectPort)]),
    ...forwardedHeaders(proxied, port, http),
    `default_backend ${port}`,
  ])
}

function redirect(port: number): string {
  const place = port === 443 ? '' : `:${port}`
  return `http-request redirect code 301 location https://%[req.hdr(host),field(1,:)]${place}%[pathq]`
}

function forwardedHeaders({ id, address }: Proxied, port: number, { forwarded }: HttpPlan): string[] {
  const all = {
    SLBIP: ['SLB-IP', address],
    SLBID: ['SLB-ID', id],
    proto: ['X-Forwarded-Proto', 'http'],
    SLBPORT: ['X-Forwarded-Port', port],
    ClientSrcPort: ['X-Forwarded-Client-srcport', '%[src_port]'],
  } as const
  return forwarded.map((name) => `http-request set-header ${all[name].join(' ')}`)
}

function backend({ localAddress }: Proxied, { port, scheduler, backends, http }: ProxiedListener): string {
  return section(`backend ${port}`, [
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
