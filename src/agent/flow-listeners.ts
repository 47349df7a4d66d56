/**
 * Who hears how flows end: a `conntrack -E` for each VPC, which writes into a pipe with a name and goes on without an
 * agent. What nobody reads waits in the pipe, then in the socket, then is counted by the kernel as dropped. The next agent reads
 * on where the last one stopped:
 *
 *     flow-listeners/<vpc>/ends   the pipe
 *     flow-listeners/<vpc>/pid    whose it is, with the time it started, and its namespace
 *
 * They have what is left of the processor: nothing that carries a packet waits for them.
 */
import { execFile, spawn } from 'node:child_process'
import {
  closeSync,
  constants,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Logger } from 'pino'
import { inside, netnsFolder, output, type Exec } from '../dataplane/exec.ts'
import type { VpcPlan } from '../plan/host-plan.ts'
import { isAlive, processId, sendSignal, type ProcessId } from '../sandbox/process.ts'
import { listeningSockets, widenSocket } from './socket-room.ts'

export interface FlowListeners {
  /** Listens in these VPCs, too; `look` also finds those whose listener ended by itself, or listens to a namespace that was replaced. */
  listen(vpcs: readonly VpcPlan[], look: boolean): Promise<void>
  /** Stops listening in VPCs that are to go: their namespaces would outlive them. */
  leave(vpcs: ReadonlySet<string>): void
  /** How many ends nobody heard, by VPC, since this was asked last. */
  takeLost(): Promise<ReadonlyMap<string, number>>
  close(): void
}

export interface FlowListenersOptions {
  /** The agent's own. */
  readonly directory: string
  readonly exec: Exec
  readonly onLine: (vpc: string, line: string) => void
  /** All lines that came together were given. */
  readonly onBatch: () => void
  readonly log: Logger
  /** Of the socket in which ends wait for their listener. */
  readonly socketBytes?: number
}

interface Listener extends Heard {
  readonly pipe: Socket
  /** A line without its end. */
  rest: string
  dropped: number
}

interface Heard extends ProcessId {
  readonly netns: number
}

/** More lines in a second wait: reading them must not take the agent from its work. */
const linesPerSecond = 4000
/** Some ten thousand ends. */
const usualSocketBytes = 16 * 1024 * 1024

/** What is counted and timed; of flows, only those whose rule says so (`ct event set`) tell of their end. */
const wantedSysctls = [
  'net.netfilter.nf_conntrack_events=0',
  'net.netfilter.nf_conntrack_acct=1',
  'net.netfilter.nf_conntrack_timestamp=1',
]

export function createFlowListeners(options: FlowListenersOptions): FlowListeners {
  const { directory, exec, log, socketBytes = usualSocketBytes } = options
  const all = folderOf(directory)
  const listeners = new Map<string, Listener>()
  let linesLeft = linesPerSecond
  let refill: NodeJS.Timeout | undefined

  async function start(id: string, netns: string): Promise<void> {
    const place = join(all, id)
    const inode = inodeOf(netns)
    if (inode === undefined) throw new Error(`${netns} is not there`)
    await mkdir(place, { recursive: true, mode: 0o700 })
    const path = join(place, 'ends')
    const found = findListener(place)
    const keeps = found?.netns === inode
    if (found && !keeps) sendSignal(found.pid, 'SIGKILL')
    if (!keeps) await output(exec, inside(netns, ['sysctl', '-qw', ...wantedSysctls]))
    if (!statSync(path, { throwIfNoEntry: false })) await promisify(execFile)('mkfifo', ['-m', '600', path])
    const heard = keeps ? found : spawnListener({ place, path, netns, inode })
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
    const pipe = new Socket({ fd, readable: true, writable: false })
    const listener: Listener = { ...heard, pipe, rest: '', dropped: await droppedBy(heard.pid) }
    // An end that was heard in part before this agent came is no line, and is passed over.
    pipe.setEncoding('utf8').on('data', (text: string) => take(id, listener, text))
    pipe.on('error', (error) => log.warn({ err: error, vpc: id }, 'flow ends not read'))
    listeners.set(id, listener)
    if (keeps) return
    // It starts when the processor has nothing better to do, and nothing waits for that.
    widenSocket(exec, heard.pid, socketBytes).catch((error: unknown) =>
      log.warn({ err: error, vpc: id }, 'the socket of ends of flows keeps its size'),
    )
  }

  function take(vpc: string, listener: Listener, text: string): void {
    const lines = (listener.rest + text).split('\n')
    listener.rest = lines.pop() ?? ''
    for (const line of lines) options.onLine(vpc, line)
    options.onBatch()
    linesLeft -= lines.length
    refill ??= setTimeout(goOn, 1000)
    if (linesLeft <= 0) for (const { pipe } of listeners.values()) pipe.pause()
  }

  function goOn(): void {
    refill = undefined
    linesLeft = linesPerSecond
    for (const { pipe } of listeners.values()) pipe.resume()
  }

  function stop(id: string): void {
    listeners.get(id)?.pipe.destroy()
    listeners.delete(id)
    stopListener(join(all, id))
  }

  return {
    async listen(vpcs, look) {
      for (const { id, netns } of vpcs) {
        const known = listeners.get(id)
        if (known && (!look || (isAlive(known) && known.netns === inodeOf(netns)))) continue
        known?.pipe.destroy()
        listeners.delete(id)
        try {
          await start(id, netns)
        } catch (error) {
          log.warn({ err: error, vpc: id }, 'ends of flows are not heard')
        }
      }
    },
    leave(vpcs) {
      for (const id of foldersIn(all)) if (!vpcs.has(id)) stop(id)
    },
    async takeLost() {
      const lost = new Map<string, number>()
      for (const [id, listener] of listeners) {
        const dropped = await droppedBy(listener.pid)
        if (dropped > listener.dropped) lost.set(id, dropped - listener.dropped)
        listener.dropped = Math.max(dropped, listener.dropped)
      }
      return lost
    },
    close() {
      clearTimeout(refill)
      for (const { pipe } of listeners.values()) pipe.destroy()
      listeners.clear()
    },
  }
}

/** Ends all of this deployment. */
export function stopAllFlowListeners(directory: string): void {
  const all = folderOf(directory)
  for (const id of foldersIn(all)) stopListener(join(all, id))
}

function folderOf(directory: string): string {
  return join(directory, 'flow-listeners')
}

function inodeOf(netns: string): number | undefined {
  return statSync(join(netnsFolder, netns), { throwIfNoEntry: false })?.ino
}

function foldersIn(all: string): readonly string[] {
  try {
    return readdirSync(all)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

interface Listening {
  readonly place: string
  readonly path: string
  readonly netns: string
  readonly inode: number
}

function spawnListener({ place, path, netns, inode }: Listening): Heard {
  // It holds both ends of the pipe, so it goes on when nobody reads.
  const fd = openSync(path, constants.O_RDWR)
  try {
    const listening = ['conntrack', '-E', '-e', 'DESTROY', '-f', 'ipv4', '-o', 'xml,ktimestamp']
    const idle = ['chrt', '--idle', '0', 'nice', '-n', '19']
    const command = [...idle, ...listening]
    const [program = '', ...args] = inside(netns, command)
    const child = spawn(program, args, { detached: true, stdio: ['ignore', fd, 'ignore'] })
    child.on('error', () => undefined)
    child.unref()
    const heard = processId(child.pid ?? 0)
    if (!heard) throw new Error(`${program} did not start`)
    writeFileSync(join(place, 'pid'), JSON.stringify({ ...heard, netns: inode }), { mode: 0o600 })
    return { ...heard, netns: inode }
  } finally {
    closeSync(fd)
  }
}

function stopListener(place: string): void {
  const found = findListener(place)
  if (found) sendSignal(found.pid, 'SIGKILL')
  rmSync(place, { recursive: true, force: true })
}

function findListener(place: string): Heard | undefined {
  try {
    const heard: Heard = JSON.parse(readFileSync(join(place, 'pid'), 'utf8'))
    return isAlive(heard) ? heard : undefined
  } catch {
    // None was started, or its file was cut off: then it is not known to be ours, and another is started.
    return undefined
  }
}

/** Messages that found a full socket. */
async function droppedBy(pid: number): Promise<number> {
  return (await listeningSockets(pid)).reduce((sum, { drops }) => sum + drops, 0)
}
