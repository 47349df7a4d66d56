/**
 * The state directory of a deployment: where its files are, and the few facts in `config.json` that must outlive a
 * restart of the machine.
 */
import { randomInt } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { Failure } from './failure.ts'
import type { Messages } from './messages.ts'

export interface StatePaths {
  readonly state: string
  readonly config: string
  /** Which regions and zones there are: a copy of what `up` was given, or of what is shipped. */
  readonly regions: string
  /** The operator's own access keys, one file per account. */
  readonly keys: string
  readonly server: string
  readonly agent: string
  readonly run: string
  readonly log: string
  /** A copy of the server's own, where every user of the machine can read it. */
  readonly ca: string
  readonly adminSocket: string
  readonly agentSocket: string
  readonly execSocket: string
}

export function statePaths(directory: string): StatePaths {
  const state = resolve(directory)
  const server = join(state, 'server')
  const agent = join(state, 'agent')
  return {
    state,
    config: join(state, 'config.json'),
    regions: join(state, 'regions.json'),
    keys: join(state, 'keys'),
    server,
    agent,
    run: join(state, 'run'),
    log: join(state, 'log'),
    ca: join(state, 'ca.pem'),
    adminSocket: join(server, 'admin.sock'),
    agentSocket: join(server, 'agent.sock'),
    execSocket: join(agent, 'exec.sock'),
  }
}

export function defaultState(root: boolean): string {
  return root ? '/var/lib/postern' : join(homedir(), '.local/share/postern')
}

export interface Config {
  /** Mark of the deployment on every kernel object: four characters of `a-z0-9`. */
  readonly deployment: string
  readonly listen: string
  /** A quickstart's deployment is thrown away by the next one; any other never is. */
  readonly purpose: 'service' | 'quickstart'
}

export function readConfig(paths: StatePaths): Config | undefined {
  if (!existsSync(paths.config)) return undefined
  try {
    return JSON.parse(readFileSync(paths.config, 'utf8')) as Config
  } catch (cause) {
    throw new Failure(1, `${paths.config} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

export function requireConfig(paths: StatePaths, messages: Messages): Config {
  const config = readConfig(paths)
  if (!config) throw new Failure(1, messages.noDeployment(paths.state))
  return config
}

export function writeConfig(paths: StatePaths, config: Config): void {
  writeFileSync(`${paths.config}.new`, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o644 })
  renameSync(`${paths.config}.new`, paths.config)
}

export function newDeploymentMark(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join('')
}

/** A unix socket's path has 107 bytes at most, and the longest one of a deployment must fit. */
const longestSocketPath = 107

export function checkStatePath(paths: StatePaths, root: boolean, messages: Messages): void {
  if (Buffer.byteLength(paths.agentSocket) > longestSocketPath) {
    const spare = paths.agentSocket.length - paths.state.length
    throw new Failure(2, messages.stateTooLong(paths.state, longestSocketPath - spare))
  }
  if (!root && (paths.state === '/run' || paths.state.startsWith('/run/'))) {
    throw new Failure(2, messages.stateBelowRun(paths.state))
  }
}
