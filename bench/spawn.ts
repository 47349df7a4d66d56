import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { inNetns } from '../test/fixtures/command.ts'

/** A process that is ended with the scope that holds it. */
export function start(netns: string, file: string, ...args: string[]): AsyncDisposable {
  const child = spawn('ip', ['netns', 'exec', netns, file, ...args], { stdio: 'ignore' })
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
