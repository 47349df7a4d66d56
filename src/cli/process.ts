/**
 * Processes that outlive the command which started them. They are known by process id together with the time they
 * started (and the boot it happened in), never by name: an id that the kernel has given to someone else is not ours.
 */
import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

export interface ProcessId {
  readonly pid: number
  /** Ticks after boot, as in `/proc/<pid>/stat`. */
  readonly startTime: string
  readonly boot: string
}

export function processId(pid: number): ProcessId | undefined {
  const startTime = startTimeOf(pid)
  return startTime === undefined ? undefined : { pid, startTime, boot: bootId() }
}

export function isAlive(process: ProcessId): boolean {
  return process.boot === bootId() && startTimeOf(process.pid) === process.startTime
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}

/** Undefined when there is no such process, or only the remains of one that nobody has waited for. */
function startTimeOf(pid: number): string | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
  // The second field is the command's name in parentheses and may hold anything, so count from its end.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
}

function isGone(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'ESRCH'
}

export function readPidFile(file: string): ProcessId | undefined {
  if (!existsSync(file)) return undefined
  try {
    const found = JSON.parse(readFileSync(file, 'utf8')) as ProcessId
    return isAlive(found) ? found : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

export function writePidFile(file: string, process: ProcessId): void {
  writeFileSync(file, JSON.stringify(process), { mode: 0o600 })
}

export interface DetachedCommand {
  readonly argv: readonly [string, ...string[]]
  readonly env: NodeJS.ProcessEnv
  /** Appended to; undefined writes to this command's stderr. */
  readonly log: string | undefined
  readonly pidFile: string
  /** Gives the child a pipe for stdout instead of the log. */
  readonly pipeOutput?: boolean
}

/** Starts a process in a session of its own and notes it in its pid file. */
export async function startDetached(command: DetachedCommand): Promise<ChildProcess> {
  const log = command.log === undefined ? undefined : openSync(command.log, 'a', 0o600)
  try {
    const errors = log ?? 2
    const stdio: StdioOptions = ['ignore', command.pipeOutput ? 'pipe' : errors, errors]
    const [file, ...args] = command.argv
    const child = spawn(file, args, { detached: true, cwd: '/', env: command.env, stdio })
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', (cause) => reject(new Error(`${file} cannot be started`, { cause })))
    })
    const id = child.pid === undefined ? undefined : processId(child.pid)
    if (id) writePidFile(command.pidFile, id)
    child.unref()
    return child
  } finally {
    if (log !== undefined) closeSync(log)
  }
}

/** Asks the process to end, kills it when it does not within `graceMs`, and forgets its pid file. */
export async function stopByPidFile(file: string, graceMs: number): Promise<void> {
  const found = readPidFile(file)
  if (found) {
    signal(found, 'SIGTERM')
    if (!(await hasEnded(found, graceMs))) {
      signal(found, 'SIGKILL')
      if (!(await hasEnded(found, 5_000))) throw new Error(`process ${found.pid} does not end`)
    }
  }
  rmSync(file, { force: true })
}

function signal(target: ProcessId, name: NodeJS.Signals): void {
  if (!isAlive(target)) return
  try {
    process.kill(target.pid, name)
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

async function hasEnded(target: ProcessId, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (isAlive(target)) {
    if (performance.now() > deadline) return false
    await delay(20)
  }
  return true
}
