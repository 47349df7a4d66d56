/**
 * A deployment's processes: started in order (holder, server, agent), waited for until the agent has carried out
 * the server's plan, and stopped in the opposite order with everything they made in the kernel.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import type { RegionTable } from '../model/regions.ts'
import { serviceNetns } from '../plan/kernel-names.ts'
import { AdminError, callAdmin } from './admin.ts'
import { copyCertificate } from './certificate.ts'
import { runCommand, toolPath } from './command.ts'
import { Failure } from './failure.ts'
import { ensureHolder, insideHolder } from './holder.ts'
import { clientAddress, defaultListen, isLoopback, portTrouble } from './listen.ts'
import type { Machine } from './packages.ts'
import { readPidFile, startDetached, stopByPidFile } from './process.ts'
import { chooseRegions, storeRegions } from './regions.ts'
import type { Screen } from './screen.ts'
import { closedAncestor, giveTo, serverUid, uidsInPasswd } from './server-identity.ts'
import {
  checkStatePath,
  type Config,
  newDeploymentMark,
  readConfig,
  type StatePaths,
  writeConfig,
} from './state.ts'

/** What `up` tells, the same for a deployment that it found running. */
export interface Running {
  readonly endpoint: string
  readonly ca: string
  readonly console: string
  readonly state: string
}

export interface StartOptions {
  /** Undefined keeps what the deployment had. */
  readonly listen: string | undefined
  readonly purpose: Config['purpose']
  /** A file; undefined keeps what the deployment had. */
  readonly regions?: string | undefined
  /** Server and agent write to our stderr instead of their log files. */
  readonly logToStderr?: boolean
}

type Part = 'server' | 'agent'

const readyWithinMs = 30_000
const stopWithinMs = 10_000
const command = (name: Part) => fileURLToPath(new URL(`../cmd/${name}.ts`, import.meta.url))

/**
 * Many small collections instead of few large ones. With 1,000 endpoints the server keeps 140 MB instead of 280, for
 * some more time in the collector.
 */
const nodeFlags = [
  '--max-semi-space-size=1',
  '--heap-growing-percent=20',
  '--disable-warning=ExperimentalWarning',
]

export function pidFile(paths: StatePaths, part: Part | 'holder'): string {
  return join(paths.run, `${part}.pid`)
}

export function logFile(paths: StatePaths, part: Part | 'holder'): string {
  return join(paths.log, `${part}.log`)
}

export function describe(paths: StatePaths, config: Config): Running {
  const address = clientAddress(config.listen)
  return {
    endpoint: `https://${address}`,
    ca: paths.ca,
    // A browser takes loopback for secure as it is, and would warn of a certificate authority it does not know.
    console: `${isLoopback(address) ? 'http' : 'https'}://${address}/console/`,
    state: paths.state,
  }
}

export function isRunning(paths: StatePaths): boolean {
  return (
    readPidFile(pidFile(paths, 'server')) !== undefined && readPidFile(pidFile(paths, 'agent')) !== undefined
  )
}

/**
 * Starts what does not run. On failure nothing that was started stays; but what a crash left behind in the kernel does,
 * for it carries traffic.
 */
export async function start(
  paths: StatePaths,
  options: StartOptions,
  machine: Machine,
  screen: Screen,
): Promise<{ readonly running: Running; readonly alreadyRan: boolean }> {
  checkStatePath(paths, machine.root, screen.messages)
  checkReach(paths, machine, screen)
  checkOwner(paths, screen)
  const old = readConfig(paths)
  const regions = chooseRegions(paths, options.regions, screen.messages)
  if (isRunning(paths) && old) {
    if (options.listen !== undefined && options.listen !== old.listen) {
      throw new Failure(1, screen.messages.runsElsewhere(old.listen, paths.state))
    }
    if (!isDeepStrictEqual(regions, chooseRegions(paths, undefined, screen.messages))) {
      throw new Failure(1, screen.messages.otherRegions(paths.state))
    }
    await untilReady(paths, new Map(), screen)
    return { running: describe(paths, old), alreadyRan: true }
  }
  const config: Config = {
    deployment: old?.deployment ?? newDeploymentMark(),
    listen: options.listen ?? old?.listen ?? defaultListen,
    purpose: old?.purpose ?? options.purpose,
  }
  if (!readPidFile(pidFile(paths, 'server'))) {
    const trouble = await portTrouble(config.listen)
    if (trouble !== undefined) throw new Failure(1, screen.messages.cannotListen(config.listen, trouble))
  }
  prepareDirectories(paths, machine)
  writeConfig(paths, config)
  storeRegions(paths, regions)
  const carries = carriesTraffic(paths, config, machine)
  const logs = new Map<Part, number>()
  try {
    await startParts(paths, config, regions, options, logs, machine, screen)
  } catch (error) {
    if (carries) for (const part of logs.keys()) await stopByPidFile(pidFile(paths, part), stopWithinMs)
    else await stopProcesses(paths, config, machine)
    throw error
  }
  return { running: describe(paths, config), alreadyRan: false }
}

/** Whether an earlier start's namespaces are still there; an ordinary user's live as long as their holder. */
function carriesTraffic(paths: StatePaths, { deployment }: Config, machine: Machine): boolean {
  return machine.root
    ? existsSync(join('/run/netns', serviceNetns(deployment)))
    : readPidFile(pidFile(paths, 'holder')) !== undefined
}

/** Root's server is an ordinary user, who must be able to walk to its directory. */
function checkReach(paths: StatePaths, machine: Machine, screen: Screen): void {
  const closed = machine.root ? closedAncestor(paths.state) : undefined
  if (closed !== undefined) throw new Failure(2, screen.messages.closedDirectory(paths.state, closed))
}

function checkOwner(paths: StatePaths, screen: Screen): void {
  if (!existsSync(paths.state)) return
  const { uid } = statSync(paths.state)
  if (uid !== process.getuid?.()) throw new Failure(2, screen.messages.notYours(paths.state, uid))
}

function prepareDirectories(paths: StatePaths, machine: Machine): void {
  // The server's and the instances' users pass through to what is theirs; nobody else's business is readable.
  mkdirSync(paths.state, { recursive: true })
  chmodSync(paths.state, machine.root ? 0o711 : 0o700)
  mkdirSync(paths.agent, { recursive: true, mode: machine.root ? 0o711 : 0o700 })
  for (const directory of [paths.server, paths.run, paths.log])
    mkdirSync(directory, { recursive: true, mode: 0o700 })
}

async function startParts(
  paths: StatePaths,
  config: Config,
  regions: RegionTable,
  options: StartOptions,
  /** Is given the size of the log of each part that was started. */
  logs: Map<Part, number>,
  machine: Machine,
  screen: Screen,
): Promise<void> {
  const env = partEnvironment(machine)
  const launch = async (part: Part, argv: readonly [string, ...string[]]) => {
    if (readPidFile(pidFile(paths, part))) return
    const log = logFile(paths, part)
    logs.set(part, existsSync(log) ? statSync(log).size : 0)
    await startDetached({
      argv,
      env,
      log: options.logToStderr ? undefined : log,
      pidFile: pidFile(paths, part),
    })
  }
  await launch('server', await serverArgv(paths, config, machine))
  await launch('agent', await agentArgv(paths, config, machine, '--domain-suffix', regions.domainSuffix))
  await untilReady(paths, logs, screen)
  copyCertificate(join(paths.server, 'ca.pem'), paths.ca)
}

async function serverArgv(
  paths: StatePaths,
  config: Config,
  machine: Machine,
): Promise<[string, ...string[]]> {
  const argv: [string, ...string[]] = [
    'setpriv',
    '--no-new-privs',
    process.execPath,
    ...nodeFlags,
    command('server'),
  ]
  argv.push('--state', paths.server, '--listen', config.listen, '--deployment', config.deployment)
  argv.push('--regions', paths.regions)
  if (!machine.root) return argv
  const uid = serverUid(paths.state, uidsInPasswd())
  await giveTo(uid, paths.server)
  return [...argv, '--uid', String(uid)]
}

async function agentArgv(
  paths: StatePaths,
  config: Config,
  machine: Machine,
  ...more: readonly string[]
): Promise<[string, ...string[]]> {
  const argv: [string, ...string[]] = [
    process.execPath,
    ...nodeFlags,
    command('agent'),
    '--state',
    paths.agent,
  ]
  argv.push('--server', paths.agentSocket, '--deployment', config.deployment, ...more)
  if (machine.root) return argv
  const files = { pidFile: pidFile(paths, 'holder'), log: logFile(paths, 'holder') }
  return insideHolder(await ensureHolder(files, partEnvironment(machine)), argv)
}

function partEnvironment(machine: Machine): NodeJS.ProcessEnv {
  const own = Object.entries(machine.env).filter(
    ([name]) => name.startsWith('POSTERN_') || name === 'HOME' || name === 'NODE_COMPILE_CACHE',
  )
  return { ...Object.fromEntries(own), PATH: toolPath(machine.env), LC_ALL: 'C.UTF-8' }
}

/** Until the agent has carried out the newest plan. @throws Failure with the last lines of the log that tells why. */
async function untilReady(paths: StatePaths, logs: ReadonlyMap<Part, number>, screen: Screen): Promise<void> {
  const deadline = performance.now() + readyWithinMs
  for (;;) {
    for (const part of ['server', 'agent'] as const) {
      if (readPidFile(pidFile(paths, part))) continue
      throw new Failure(
        1,
        screen.messages.partEnded(part, lastLines(logFile(paths, part), logs.get(part) ?? 0)),
      )
    }
    if (await isReady(paths)) return
    if (performance.now() > deadline) {
      const tail = [...logs].map(([part, from]) => lastLines(logFile(paths, part), from)).join('\n')
      throw new Failure(1, screen.messages.notReady(readyWithinMs / 1000, tail))
    }
    await delay(30)
  }
}

/** The end of what was logged since `from`, without the frames of stack traces, which push the message out. */
function lastLines(file: string, from: number): string {
  if (!existsSync(file)) return ''
  const text = readFileSync(file).subarray(from).toString('utf8')
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line))
  return lines.slice(-12).join('\n')
}

export interface Status {
  readonly ready: boolean
}

async function isReady(paths: StatePaths): Promise<boolean> {
  try {
    const status = (await callAdmin(paths.adminSocket, 'GET', '/status')) as Status
    return status.ready
  } catch (error) {
    // Not listening yet.
    if (error instanceof AdminError && error.status === undefined) return false
    throw error
  }
}

/** Ends the processes, removes what they made in the kernel, and keeps what is stored. */
export async function stop(paths: StatePaths, machine: Machine, screen: Screen): Promise<void> {
  checkOwner(paths, screen)
  const config = readConfig(paths)
  if (config) await stopProcesses(paths, config, machine)
}

async function stopProcesses(paths: StatePaths, config: Config, machine: Machine): Promise<void> {
  await stopByPidFile(pidFile(paths, 'server'), stopWithinMs)
  await stopByPidFile(pidFile(paths, 'agent'), stopWithinMs)
  // Without a holder an ordinary user's namespaces are gone, and everything in them.
  if (machine.root || readPidFile(pidFile(paths, 'holder'))) {
    const argv = await agentArgv(paths, config, machine, '--remove-all')
    const { code, stdout, stderr } = await runCommand(argv, {
      env: partEnvironment(machine),
      timeoutMs: 60_000,
    })
    if (code !== 0) throw new Failure(1, `${stdout}${stderr}`.trim().split('\n').slice(-12).join('\n'))
  }
  await stopByPidFile(pidFile(paths, 'holder'), stopWithinMs)
  for (const socket of [paths.adminSocket, paths.agentSocket, paths.execSocket])
    rmSync(socket, { force: true })
}

/** Removes what a deployment keeps, and its directory unless someone put something else there. */
export async function purge(paths: StatePaths): Promise<void> {
  if (!existsSync(paths.config)) return
  const own = [
    paths.server,
    paths.agent,
    paths.run,
    paths.log,
    paths.ca,
    paths.config,
    paths.regions,
    paths.keys,
  ]
  // A tenant may have closed directories of its own home.
  const opened = await runCommand(['chmod', '-R', 'u+rwX', paths.agent])
  if (opened.code !== 0) throw new Failure(1, opened.stderr.trim())
  for (const path of own) rmSync(path, { recursive: true, force: true })
  try {
    rmdirSync(paths.state)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
  }
}
