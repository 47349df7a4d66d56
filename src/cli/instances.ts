/** What reaches into one instance: `exec` and `console`. */
import { createReadStream, existsSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { isRunning } from './deployment.ts'
import { execInInstance } from './exec.ts'
import { Failure } from './failure.ts'
import type { Messages } from './messages.ts'
import { consoleLog, requireConfig, type StatePaths } from './state.ts'

export interface Streams {
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
}

/** The command's own exit code. */
export async function exec(
  paths: StatePaths,
  instance: string,
  command: readonly string[],
  streams: Streams,
  messages: Messages,
): Promise<number> {
  requireConfig(paths, messages)
  if (!isRunning(paths)) throw new Failure(1, messages.notRunning(paths.state))
  return execInInstance({ socket: paths.execSocket, instance, command, ...streams })
}

export async function printConsole(
  paths: StatePaths,
  instance: string,
  stdout: Writable,
  messages: Messages,
): Promise<void> {
  requireConfig(paths, messages)
  const file = consoleLog(paths, instance)
  if (!existsSync(file)) throw new Failure(1, messages.unknownInstance(instance))
  await pipeline(createReadStream(file), stdout, { end: false })
}
