/**
 * Which processes a sandbox consists of, read from its directory and checked against /proc: a pid alone may have
 * been given to another process since. A fresh agent needs no other memory.
 */
import { readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

export interface Shim {
  readonly pid: number
  readonly startTime: string
  /** The instance's boot that this sandbox belongs to. */
  readonly boot: number
}

/** The living shim of an instance directory. */
export function findShim(directory: string): Shim | undefined {
  const [machine, pid, startTime, boot] = (readIfThere(join(directory, 'pid')) ?? '').trim().split(' ')
  if (!machine || !pid || !startTime || !boot) return undefined
  if (machine !== readIfThere('/proc/sys/kernel/random/boot_id')?.trim()) return undefined
  const shim = { pid: Number(pid), startTime, boot: Number(boot) }
  return isAlive(shim) ? shim : undefined
}

export function isAlive(shim: Shim): boolean {
  const fields = readIfThere(`/proc/${shim.pid}/stat`)?.split(') ').at(-1)?.split(' ')
  if (!fields) return false
  return fields[19] === shim.startTime && fields[0] !== 'Z' && fields[0] !== 'X'
}

/** Whether bubblewrap got as far as its first process. */
export function hasStarted(directory: string): boolean {
  return readInfo(directory) !== undefined
}

/** Host pid of the sandbox's first process: with it every process of the sandbox ends. */
export function findFirstProcess(directory: string): number | undefined {
  const info = readInfo(directory)
  if (!info) return undefined
  try {
    const namespace = readlinkSync(`/proc/${info.pid}/ns/pid`)
    return namespace === `pid:[${info.namespace}]` ? info.pid : undefined
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

function readInfo(directory: string): { pid: number; namespace: string } | undefined {
  const text = readIfThere(join(directory, 'info')) ?? ''
  const pid = /"child-pid": (\d+)/.exec(text)?.[1]
  const namespace = /"pid-namespace": (\d+)/.exec(text)?.[1]
  return pid && namespace ? { pid: Number(pid), namespace } : undefined
}

/** Sends a signal; a process that is gone already is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!isGone(error)) throw error
  }
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
