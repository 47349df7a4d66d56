/**
 * Which processes a sandbox consists of, read from its directory and checked against /proc: a pid alone may have
 * been given to another process since. A fresh agent needs no other memory.
 */
import { readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** A process that cannot be mistaken for another one. */
export interface ProcessId {
  readonly pid: number
  readonly startTime: string
}

export interface Shim extends ProcessId {
  /** The instance's boot that this sandbox belongs to. */
  readonly boot: number
}

/** The living shim of an instance directory. */
export function findShim(directory: string): Shim | undefined {
  const shim = readShim(directory)
  return shim && isAlive(shim) ? shim : undefined
}

/** The last shim of an instance directory, which may have ended since. */
export function readShim(directory: string): Shim | undefined {
  const [machine, pid, startTime, boot] = (readIfThere(join(directory, 'pid')) ?? '').trim().split(' ')
  if (!machine || !pid || !startTime || !boot) return undefined
  if (machine !== readIfThere('/proc/sys/kernel/random/boot_id')?.trim()) return undefined
  return { pid: Number(pid), startTime, boot: Number(boot) }
}

/** The sandbox's first process, from when bubblewrap made it: with it every process of the sandbox ends. */
export function findFirstProcess(directory: string): ProcessId | undefined {
  const text = readIfThere(join(directory, 'info')) ?? ''
  const pid = /"child-pid": (\d+)/.exec(text)?.[1]
  const namespace = /"pid-namespace": (\d+)/.exec(text)?.[1]
  if (!pid || !namespace) return undefined
  const stat = readStat(pid)
  if (!stat?.alive || !isFirst(pid, namespace)) return undefined
  return { pid: Number(pid), startTime: stat.startTime }
}

/** Whether the sandbox was complete, so that the tenant's code began to run in it. */
export function hasStarted(directory: string): boolean {
  return (readIfThere(join(directory, 'started')) ?? '') !== ''
}

/** Undefined when there is none with this number. */
export function processId(pid: number): ProcessId | undefined {
  const stat = readStat(String(pid))
  return stat?.alive ? { pid, startTime: stat.startTime } : undefined
}

export function isAlive({ pid, startTime }: ProcessId): boolean {
  const stat = readStat(String(pid))
  return stat !== undefined && stat.alive && stat.startTime === startTime
}

/** Sends a signal; a process that is gone already is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

/**
 * Whether the process is number 1 of that pid namespace. While it ends it has left its namespaces but still waits
 * for the others in it: then its number there is all there is to see.
 */
function isFirst(pid: string, namespace: string): boolean {
  const numbers = /^NSpid:\t(.*)$/m.exec(readIfThere(`/proc/${pid}/status`) ?? '')?.[1]?.split('\t')
  if (!numbers || numbers.length < 2 || numbers.at(-1) !== '1') return false
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`) === `pid:[${namespace}]`
  } catch (error) {
    if (isGone(error)) return true
    throw error
  }
}

/** A zombie is not alive: it runs nothing and holds nothing. */
function readStat(pid: string): { readonly alive: boolean; readonly startTime: string } | undefined {
  const [state, ...rest] = readIfThere(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ') ?? []
  const startTime = rest[18]
  if (!state || !startTime) return undefined
  return { alive: state !== 'Z' && state !== 'X', startTime }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOENT' || code === 'ESRCH'
}
