/**
 * A HAProxy for each balancer with HTTP listeners, in the service namespace. They go on without an agent; the next one
 * finds them by their sockets:
 *
 *     proxies/<balancer>/haproxy.cfg   what it was told last
 *     proxies/<balancer>/running       hash of what it runs with: written when it does
 *     proxies/<balancer>/master.sock   the master's
 *     proxies/<balancer>/certificates  with their private keys: the master reads them, its workers see none
 *     proxies/<balancer>/root          empty: all that its workers see of the file system
 *
 * A change is a reload: new workers take over the listening sockets, old ones finish the requests they have.
 */
import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { HostPlan } from '../plan/host-plan.ts'
import type { Problem } from '../protocol/messages.ts'
import { certificateFiles, proxyConfig } from '../proxy/config.ts'
import { proxiedBalancers, type Proxied } from '../proxy/proxied.ts'
import { proxyProcesses, reloadProxy, type ProxyProcesses } from './proxy-master.ts'

export interface Proxies {
  /** Starts, reloads and stops what has to be; `look` also finds those that ended by themselves. */
  apply(plan: HostPlan, look: boolean): Promise<readonly Problem[]>
  close(): void
}

export interface ProxiesOptions {
  /** The agent's own. */
  readonly directory: string
  readonly mapsUser: (uid: number) => boolean
  /** One has ended: it is to be applied again. */
  readonly onEnded: () => void
  readonly log: Logger
}

/** `nobody`. */
const nobody = 65_534
const memoryMib = 256
const watchMs = 2000
const startMs = 5000
/** What the master needs to make its workers somebody else, shut them in, and tell them to end. */
const capabilities = '-all,+setuid,+setgid,+sys_chroot,+kill'

export function createProxies({ directory, mapsUser, onEnded, log }: ProxiesOptions): Proxies {
  const all = join(directory, 'proxies')
  const uid = mapsUser(nobody) ? nobody : undefined
  /** Configuration that each is known to run with. */
  let running: Map<string, string> | undefined
  let watching: NodeJS.Timeout | undefined
  let closed = false

  async function apply(plan: HostPlan, look: boolean): Promise<readonly Problem[]> {
    const wanted = proxiedBalancers(plan.fabric.vpcs, plan.links.balancers)
    running ??= await findRunning(all)
    const ids = new Set(wanted.map(({ id }) => id))
    for (const id of running.keys()) {
      if (ids.has(id)) continue
      await stopProxy(join(all, id), 'SIGUSR1')
      running.delete(id)
    }
    const problems: Problem[] = []
    for (const proxied of wanted) {
      const problem = await converge(running, plan.serviceNetns, proxied, look)
      if (problem !== undefined) problems.push({ id: proxied.id, message: `proxy: ${problem}` })
    }
    if (running.size > 0 && !closed) watching ??= setTimeout(() => void watch(), watchMs)
    return problems
  }

  async function converge(
    known: Map<string, string>,
    netns: string,
    proxied: Proxied,
    look: boolean,
  ): Promise<string | undefined> {
    const { id } = proxied
    const place = join(all, id)
    const text = proxyConfig(proxied, {
      root: join(place, 'root'),
      certificates: join(place, 'certificates'),
      uid,
    })
    const before = known.has(id) && known.get(id) === text && !look ? undefined : await processesOf(place)
    if (known.get(id) === text && (before || !look)) return undefined
    known.delete(id)
    const certificates = certificateFiles(proxied)
    await addCertificates(place, certificates)
    const problem = await carryOut(place, netns, text, before)
    if (problem !== undefined) return problem
    await dropCertificates(place, certificates)
    known.set(id, text)
    log.info({ balancer: id, how: before ? 'reloaded' : 'started' }, 'proxy')
    return undefined
  }

  /** One that ended by itself is missed after two seconds. */
  async function watch(): Promise<void> {
    for (const id of running?.keys() ?? []) {
      if (await processesOf(join(all, id))) continue
      running?.delete(id)
      log.error({ balancer: id }, 'proxy ended')
      onEnded()
    }
    watching = closed || !running?.size ? undefined : setTimeout(() => void watch(), watchMs)
  }

  return {
    apply,
    close() {
      closed = true
      clearTimeout(watching)
    },
  }
}

/** Ends all of this deployment, whatever they are doing. */
export async function stopAllProxies(directory: string): Promise<void> {
  const all = join(directory, 'proxies')
  for (const id of await proxyIds(all)) await stopProxy(join(all, id), 'SIGTERM')
}

async function proxyIds(all: string): Promise<readonly string[]> {
  try {
    return await readdir(all)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/** Of an earlier agent. One whose reload was cut off has an older hash, and is reloaded. */
async function findRunning(all: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const id of await proxyIds(all)) {
    const text = await textOf(join(all, id, 'haproxy.cfg'))
    const hash = await textOf(join(all, id, 'running'))
    found.set(id, hash === hashOf(text) && (await processesOf(join(all, id))) ? text : '')
  }
  return found
}

/** Before the configuration that names them. Of one name there is one content, so none is ever overwritten. */
async function addCertificates(place: string, wanted: ReadonlyMap<string, string>): Promise<void> {
  const folder = join(place, 'certificates')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const present = new Set(await readdir(folder))
  for (const [name, content] of wanted) {
    if (present.has(name)) continue
    await writeFile(join(folder, `${name}.new`), content, { mode: 0o600 })
    await rename(join(folder, `${name}.new`), join(folder, name))
  }
}

/** What no configuration names any more. */
async function dropCertificates(place: string, wanted: ReadonlyMap<string, string>): Promise<void> {
  const folder = join(place, 'certificates')
  for (const name of await readdir(folder)) if (!wanted.has(name)) await rm(join(folder, name))
}

/** What is wrong, if anything. */
async function carryOut(
  place: string,
  netns: string,
  text: string,
  before: ProxyProcesses | undefined,
): Promise<string | undefined> {
  await mkdir(join(place, 'root'), { recursive: true })
  const path = join(place, 'haproxy.cfg')
  await writeFile(`${path}.new`, text, { mode: 0o600 })
  const wrong = await judge(`${path}.new`)
  if (wrong !== undefined) return wrong
  await rename(`${path}.new`, path)
  if (before) await reloadProxy(socketOf(place))
  else start(place, netns)
  const old = new Set(before?.workers)
  const end = performance.now() + startMs
  for (;;) {
    const now = await processesOf(place)
    if (now?.workers.some((pid) => !old.has(pid))) break
    if (performance.now() > end) return 'it did not start'
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await writeFile(join(place, 'running'), hashOf(text), { mode: 0o600 })
  return undefined
}

function start(place: string, netns: string): void {
  const command = [
    [`--net=/run/netns/${netns}`, '--'],
    ['setpriv', '--no-new-privs', '--inh-caps=-all', `--bounding-set=${capabilities}`, '--'],
    ['haproxy', '-W', '-q', '-m', String(memoryMib), '-S', `${socketOf(place)},mode,600`],
    ['-f', join(place, 'haproxy.cfg')],
  ].flat()
  // A session of its own: no signal to the agent's group is for it, and it goes on without the agent.
  const child = spawn('nsenter', command, { detached: true, stdio: 'ignore' })
  // That it does not answer says the same, and is waited for.
  child.on('error', () => undefined)
  child.unref()
}

/** With SIGUSR1 it takes nobody any more and ends when its last request has. */
async function stopProxy(place: string, signal: 'SIGUSR1' | 'SIGTERM'): Promise<void> {
  const processes = await processesOf(place)
  if (processes) {
    process.kill(processes.master, signal)
    while (signal === 'SIGTERM' && (await processesOf(place)))
      await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await rm(place, { recursive: true, force: true })
}

async function judge(path: string): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  execFile('haproxy', ['-c', '-q', '-f', path], (error, _stdout, stderr) =>
    resolve(error ? stderr.trim() || error.message : undefined),
  )
  return promise
}

const processesOf = (place: string) => proxyProcesses(socketOf(place))

function socketOf(place: string): string {
  return join(place, 'master.sock')
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
