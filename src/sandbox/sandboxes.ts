/**
 * Keeps the sandboxes of the plan's instances: one per running instance and boot, none for any other. What runs
 * is read from the instances' directories and /proc, so start-up, change, restart and resync are the same call.
 * A sandbox is no child that dies with the agent, and a fresh agent finds it again.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { InstanceReport, Problem } from '../protocol/messages.ts'
import type { InstancePlan } from '../plan/host-plan.ts'
import type { Cgroups } from './cgroup.ts'
import { sandboxCommand, type EnterSpec, type OuterLimits } from './command.ts'
import type { BootRecord, InstanceFiles } from './directory.ts'
import { inParallel } from './parallel.ts'
import {
  findFirstProcess,
  findShim,
  hasStarted,
  isAlive,
  readShim,
  sendSignal,
  type Shim,
} from './process.ts'
import { afterEnd } from './restart.ts'

export interface Sandboxes {
  /** Ends every sandbox the plan does not want as it is, and removes what deleted instances left. */
  stopUnwanted(instances: readonly InstancePlan[]): Promise<readonly Problem[]>
  /** Starts the ones that are missing. Networks must be there. */
  startWanted(instances: readonly InstancePlan[]): Promise<readonly Problem[]>
  reports(): readonly InstanceReport[]
  /** A running sandbox, for `exec`. */
  find(instance: string): EnterSpec | undefined
  /** Ends every sandbox of the deployment, known or not. What instances keep stays. */
  stopAll(): Promise<void>
  /** Stops watching; the sandboxes go on. */
  close(): void
}

export interface SandboxOptions {
  readonly files: InstanceFiles
  readonly cgroups: Cgroups
  readonly log: Logger
  /** Something to report happened outside of a call. */
  readonly onChange: () => void
  /** Whether the agent may take the identity of an instance's own user. */
  readonly ownUser: (uid: number) => boolean
  readonly netnsDirectory?: string
  readonly consoleBytes?: number
}

interface Entry {
  instance: InstancePlan
  shim: Shim | undefined
  limits: OuterLimits
  /** Of the instance's current boot; undefined until it was up once. */
  record: BootRecord | undefined
  attempts: number
  startedAtMs: number
  nextAtMs: number
}

const watchIntervalMs = 1000
const patienceMs = 5000
const pollMs = 10
const startsAtOnce = 4

export function createSandboxes(options: SandboxOptions): Sandboxes {
  const { files, cgroups, log } = options
  const netnsDirectory = options.netnsDirectory ?? '/run/netns'
  const consoleBytes = options.consoleBytes ?? 1024 * 1024
  const entries = new Map<string, Entry>()
  let queue: Promise<unknown> = Promise.resolve()
  let watching = false

  /** One thing at a time: a restart must not meet a stop. */
  function exclusive<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = queue.then(work)
    queue = result.catch(() => undefined)
    return result
  }

  async function stop(id: string): Promise<void> {
    const path = files.pathOf(id)
    const shim = findShim(path)
    const first = findFirstProcess(path)
    const last = first ?? shim
    if (!last) return
    sendSignal(last.pid, 'SIGKILL')
    const gone = await until(() => !(first && isAlive(first)) && !(shim && isAlive(shim)))
    if (!gone) throw new Error('its processes did not end')
    log.info({ instance: id }, 'sandbox stopped')
  }

  async function remove(id: string): Promise<void> {
    await stop(id)
    await cgroups.remove(id)
    await files.remove(id)
    entries.delete(id)
  }

  async function settle(id: string, instance: InstancePlan | undefined): Promise<void> {
    if (!instance) return remove(id)
    const shim = findShim(files.pathOf(id))
    if (instance.running && (!shim || shim.boot === instance.boot)) return
    await stop(id)
    entries.delete(id)
    if (!instance.running) await cgroups.remove(id)
  }

  async function start(instance: InstancePlan): Promise<void> {
    const entry = await entryOf(instance)
    if (entry.shim && isAlive(entry.shim)) return
    const path = files.pathOf(instance.id)
    entry.shim = findShim(path)
    if (entry.shim) {
      entry.limits = await cgroups.create(instance.id, instance.memoryMib, instance.processes)
      log.info({ instance: instance.id, pid: entry.shim.pid }, 'sandbox found running')
      return
    }
    if (Date.now() < entry.nextAtMs) return
    // A shim that was killed may leave its sandbox behind.
    await stop(instance.id)
    const netnsFile = join(netnsDirectory, instance.netns)
    await access(netnsFile).catch((cause: unknown) => {
      throw new Error(`network namespace ${instance.netns} does not exist`, { cause })
    })
    const ownUser = options.ownUser(instance.uid)
    await files.prepare(instance, ownUser)
    entry.limits = await cgroups.create(instance.id, instance.memoryMib, instance.processes)
    const record = nextRecord(entry.record, instance.boot)
    await files.writeBoot(instance.id, record)
    entry.startedAtMs = Date.now()
    const command = sandboxCommand({
      instance,
      directory: path,
      netnsFile,
      console: files.consoleOf(instance.id),
      consoleBytes,
      ownUser,
      limits: entry.limits,
    })
    try {
      entry.shim = await launch(command, path)
    } catch (cause) {
      // The first start is the plan's, and tried again with it; later ones are restarts.
      if (entry.record) Object.assign(entry, afterEnd(entry, Date.now()))
      const text = await readFile(files.consoleOf(instance.id), 'utf8').catch(() => '')
      throw new Error(`the sandbox did not start: ${text.slice(-300).trim()}`, { cause })
    }
    entry.record = record
    log.info({ instance: instance.id, pid: entry.shim.pid, ...record }, 'sandbox started')
  }

  async function entryOf(instance: InstancePlan): Promise<Entry> {
    const known = entries.get(instance.id)
    const sameBoot = known?.instance.boot === instance.boot
    if (known && sameBoot) {
      known.instance = instance
      return known
    }
    const record = await files.readBoot(instance.id)
    const entry: Entry = {
      instance,
      shim: undefined,
      limits: { procs: [], boundsMemory: false },
      record: record?.boot === instance.boot ? record : undefined,
      attempts: 0,
      startedAtMs: 0,
      nextAtMs: 0,
    }
    entries.set(instance.id, entry)
    return entry
  }

  /** Runs a command and gives its shim once the sandbox was complete; it may be over by then. */
  async function launch(command: readonly string[], path: string): Promise<Shim> {
    const [program = '', ...args] = command
    const child = spawn(program, args, {
      detached: true,
      stdio: 'ignore',
      env: { PATH: process.env['PATH'] },
    })
    await once(child, 'spawn')
    child.unref()
    child.once('exit', () => void watch())
    const own = () => {
      const shim = readShim(path)
      return shim?.pid === child.pid && hasStarted(path) ? shim : undefined
    }
    await until(() => child.exitCode !== null || own() !== undefined)
    const shim = own()
    if (shim) return shim
    if (child.exitCode === null) child.kill('SIGKILL')
    throw new Error(`the shim ended with ${child.exitCode ?? 'no answer'}`)
  }

  /** Restarts what ended. One timer for all. */
  async function watch(): Promise<void> {
    if (watching) return
    watching = true
    await exclusive(async () => {
      const now = Date.now()
      for (const entry of entries.values()) {
        if (!entry.shim || isAlive(entry.shim)) continue
        entry.shim = undefined
        Object.assign(entry, afterEnd(entry, now))
        log.warn({ instance: entry.instance.id, pauseMs: entry.nextAtMs - now }, 'sandbox ended')
      }
      const due = [...entries.values()].filter(isDue)
      const failed = await inParallel(due, startsAtOnce, ({ instance }) => start(instance))
      for (const { item, error } of failed) log.warn({ instance: item.instance.id, err: error }, 'no restart')
      if (due.length > 0) options.onChange()
    })
    watching = false
  }

  function isDue(entry: Entry): boolean {
    return entry.record !== undefined && entry.instance.running && !entry.shim && entry.nextAtMs <= Date.now()
  }

  const timer = setInterval(() => void watch(), watchIntervalMs)

  return {
    stopUnwanted: (instances) =>
      exclusive(async () => {
        const wanted = new Map(instances.map((instance) => [instance.id, instance]))
        for (const [id, entry] of entries) {
          const instance = wanted.get(id)
          if (instance) entry.instance = instance.boot === entry.instance.boot ? instance : entry.instance
        }
        const ids = await files.list()
        const failed = await inParallel(ids, startsAtOnce, (id) => settle(id, wanted.get(id)))
        return failed.map(({ item, error }) => ({ id: item, message: `sandbox: ${error.message}` }))
      }),
    startWanted: (instances) =>
      exclusive(async () => {
        const running = instances.filter((instance) => instance.running)
        for (const instance of instances) if (!instance.running) await entryOf(instance)
        const failed = await inParallel(running, startsAtOnce, start)
        return failed.map(({ item, error }) => ({ id: item.id, message: error.message }))
      }),
    reports: () =>
      [...entries.values()].map(({ instance, shim, record }) => ({
        id: instance.id,
        boot: instance.boot,
        state: shim || (instance.running && record) ? ('running' as const) : ('stopped' as const),
        restarts: record?.restarts ?? 0,
      })),
    find(id) {
      const entry = entries.get(id)
      const path = files.pathOf(id)
      const first = entry?.shim && hasStarted(path) ? findFirstProcess(path) : undefined
      if (!entry || !first) return undefined
      const { instance, limits } = entry
      return { pid: first.pid, instance, limits, ownUser: options.ownUser(instance.uid) }
    },
    stopAll: () =>
      exclusive(async () => {
        entries.clear()
        const failed = await inParallel(await files.list(), startsAtOnce, stop)
        await cgroups.removeAll()
        const [first] = failed
        if (first) throw new Error(`${failed.length} sandboxes did not end`, { cause: first.error })
      }),
    close: () => clearInterval(timer),
  }
}

function nextRecord(last: BootRecord | undefined, boot: number): BootRecord {
  return { boot, restarts: last ? last.restarts + 1 : 0 }
}

/** Waits for a condition; false when it did not come true in time. */
async function until(condition: () => boolean): Promise<boolean> {
  const endMs = Date.now() + patienceMs
  while (!condition()) {
    if (Date.now() > endMs) return false
    await delay(pollMs)
  }
  return true
}
