/**
 * As an ordinary user the data plane lives in namespaces of its own: user (in which we are root), network and
 * mount. They exist as long as a process is in them, the holder, which does nothing else; the agent may come and go.
 */
import { type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { Failure } from './failure.ts'
import { readPidFile, startDetached } from './process.ts'

/** `ip netns` keeps its names below /run, which belongs to the host; the holder has a /run of its own. */
const holderScript =
  'mount -t tmpfs -o mode=755 tmpfs /run && mkdir /run/netns && echo ready && exec sleep infinity'

export interface HolderFiles {
  readonly pidFile: string
  readonly log: string
}

/** The holder's process id, after starting it when it is not there. */
export async function ensureHolder(files: HolderFiles, env: NodeJS.ProcessEnv): Promise<number> {
  const running = readPidFile(files.pidFile)
  if (running) return running.pid
  const child = await startDetached({
    argv: ['unshare', '--user', '--map-root-user', '--net', '--mount', '--', 'sh', '-c', holderScript],
    env,
    log: files.log,
    pidFile: files.pidFile,
    pipeOutput: true,
  })
  if (child.pid === undefined || !(await saysReady(child))) {
    throw new Failure(3, `the namespaces of an ordinary user could not be made, see ${files.log}`)
  }
  return child.pid
}

async function saysReady(child: ChildProcess): Promise<boolean> {
  if (!child.stdout) return false
  const lines = createInterface({ input: child.stdout })
  try {
    for await (const line of lines) return line === 'ready'
    return false
  } finally {
    lines.close()
    child.stdout.destroy()
  }
}

/** A command line that runs `argv` inside the holder's namespaces, as their root. */
export function insideHolder(holder: number, argv: readonly [string, ...string[]]): [string, ...string[]] {
  return ['nsenter', '-U', '-n', '-m', '--preserve-credentials', '-t', String(holder), '--', ...argv]
}
