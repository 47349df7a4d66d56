/** The paths that are compared, each from a client's namespace to a server's, built from nothing and taken down. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeLink, mark } from './link.ts'
import { httpPort, iperfPort } from './load.ts'
import { startNginx } from './nginx.ts'
import type { HostPlan } from '../src/plan/host-plan.ts'
import { command } from '../test/fixtures/command.ts'
import { start, untilConnects } from './spawn.ts'

export interface Path extends AsyncDisposable {
  readonly client: string
  readonly server: string
  /** The server's address, for the client. */
  readonly host: string
}

export interface PlannedPath extends Path {
  /** What the data plane was given. */
  readonly plan: HostPlan
}

export interface PathKind {
  readonly id: 'direct' | 'haproxy' | 'link' | 'shapedLink'
  readonly title: string
  readonly build: (folder: string) => Promise<Path>
}

export const pathKinds: readonly PathKind[] = [
  { id: 'direct', title: 'one veth pair (the limit)', build: buildDirect },
  { id: 'haproxy', title: 'HAProxy, TCP mode', build: buildHaproxy },
  { id: 'link', title: 'private link', build: (folder) => buildLink(folder, undefined) },
  { id: 'shapedLink', title: 'private link, 10,240 Mbit/s', build: (folder) => buildLink(folder, 10_240) },
]

async function buildDirect(folder: string): Promise<Path> {
  await using scope = new AsyncDisposableStack()
  const [client, server] = await namespaces(scope, 'client', 'server')
  await wire(client, '198.18.0.1/24', server, '198.18.0.2/24')
  await serve(scope, folder, server)
  await untilConnects(client, '198.18.0.2', httpPort)
  return path(client, server, '198.18.0.2', scope.move())
}

async function buildHaproxy(folder: string): Promise<Path> {
  await using scope = new AsyncDisposableStack()
  const [client, proxy, server] = await namespaces(scope, 'client', 'proxy', 'server')
  await wire(client, '198.18.0.1/24', proxy, '198.18.0.2/24')
  await wire(proxy, '198.18.1.1/24', server, '198.18.1.2/24')
  await serve(scope, folder, server)
  const file = join(folder, 'haproxy.cfg')
  await writeFile(file, haproxyConfig('198.18.1.2'))
  scope.use(start(proxy, 'haproxy', '-db', '-f', file))
  await untilConnects(client, '198.18.0.2', httpPort)
  return path(client, server, '198.18.0.2', scope.move())
}

export async function buildLink(
  folder: string,
  bandwidthMbps: number | undefined,
  /** None leaves it to the kernel, in whose hands all other times are then, too. */
  idleTimeoutS: number | null = 900,
): Promise<PlannedPath> {
  await using scope = new AsyncDisposableStack()
  const link = scope.use(await makeLink(bandwidthMbps, idleTimeoutS ?? undefined))
  await serve(scope, folder, link.server)
  await untilConnects(link.client, link.host, httpPort)
  return { ...path(link.client, link.server, link.host, scope.move()), plan: link.plan }
}

/** The path owns what was built, until it is disposed of. */
function path(client: string, server: string, host: string, built: AsyncDisposableStack): Path {
  return { client, server, host, [Symbol.asyncDispose]: () => built.disposeAsync() }
}

async function namespaces<Names extends string[]>(
  scope: AsyncDisposableStack,
  ...names: Names
): Promise<{ [Key in keyof Names]: string }> {
  const prefix = `bench-${mark()}`
  const made = names.map((name) => `${prefix}-${name}`)
  for (const name of made) {
    await command('ip', 'netns', 'add', name)
    scope.defer(async () => void (await command('ip', 'netns', 'delete', name)))
    await command('ip', '-n', name, 'link', 'set', 'lo', 'up')
  }
  return made as { [Key in keyof Names]: string }
}

async function wire(a: string, addressA: string, b: string, addressB: string): Promise<void> {
  const [left, right] = [`to-${b.slice(-6)}`, `to-${a.slice(-6)}`]
  await command('ip', '-n', a, 'link', 'add', left, 'type', 'veth', 'peer', 'name', right, 'netns', b)
  for (const [netns, device, address] of [
    [a, left, addressA],
    [b, right, addressB],
  ] as const) {
    await command('ip', '-n', netns, 'address', 'add', address, 'dev', device)
    await command('ip', '-n', netns, 'link', 'set', device, 'up')
  }
}

async function serve(scope: AsyncDisposableStack, folder: string, netns: string): Promise<void> {
  scope.use(await startNginx(folder, netns, `${httpPort}`))
  scope.use(start(netns, 'iperf3', '--server', '--port', String(iperfPort)))
}

function haproxyConfig(server: string): string {
  const proxy = (port: number) => `listen port${port}\n  bind :${port}\n  server one ${server}:${port}\n`
  return `global
  maxconn 4000
defaults
  mode tcp
  timeout connect 5s
  timeout client 60s
  timeout server 60s
${proxy(httpPort)}${proxy(iperfPort)}`
}
