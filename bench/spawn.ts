import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'

const run = promisify(execFile)
const env = { ...process.env, LC_ALL: 'C' }

export async function command(file: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(file, args, { env, maxBuffer: 64 << 20 })
  return stdout
}

export function inNetns(netns: string, file: string, ...args: string[]): Promise<string> {
  return command('ip', 'netns', 'exec', netns, file, ...args)
}

/** A process that is ended with the scope that holds it. */
export function start(netns: string, file: string, ...args: string[]): AsyncDisposable {
  const child: ChildProcess = spawn('ip', ['netns', 'exec', netns, file, ...args], { env, stdio: 'ignore' })
  const ended = once(child, 'exit')
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Resolves when a TCP connect from inside the namespace succeeds; throws after the deadline. */
export async function untilConnects(
  netns: string,
  host: string,
  port: number,
  deadlineMs = 10_000,
): Promise<void> {
  const end = performance.now() + deadlineMs
  const probe = `exec 3<>/dev/tcp/${host}/${port}`
  for (;;) {
    try {
      await inNetns(netns, 'timeout', '1', 'bash', '-c', probe)
      return
    } catch (error) {
      if (performance.now() > end) throw new Error(`nothing answers at ${host}:${port}`, { cause: error })
    }
  }
}

/** A local port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const { createServer } = await import('node:net')
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || !address) throw new Error('the server has no address')
  return address.port
}
