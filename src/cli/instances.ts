/** What reaches into one instance: `exec` and `console`. */
import type { Writable } from 'node:stream'
import { isRunning } from './deployment.ts'
import { ExecError } from '../protocol/exec-error.ts'
import { execInInstance, printConsole as writeConsole } from './exec.ts'
import { Failure } from './failure.ts'
import type { Messages } from './messages.ts'
import { requireConfig, type StatePaths } from './state.ts'

export interface Streams {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
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
  checkRuns(paths, messages)
  const { stdin, stdout } = streams
  const request = { socket: paths.execSocket, instance, command, ...streams }
  if (!stdin.isTTY || !stdout.isTTY) return answered(execInInstance(request))
  const terminal = { name: process.env['TERM'] ?? 'vt100', rows: stdout.rows, columns: stdout.columns }
  stdin.setRawMode(true)
  try {
    return await answered(execInInstance({ ...request, terminal }))
  } finally {
    stdin.setRawMode(false)
  }
}

export async function printConsole(
  paths: StatePaths,
  instance: string,
  stdout: Writable,
  messages: Messages,
): Promise<void> {
  checkRuns(paths, messages)
  await answered(writeConsole(paths.execSocket, instance, stdout))
}

function checkRuns(paths: StatePaths, messages: Messages): void {
  requireConfig(paths, messages)
  if (!isRunning(paths)) throw new Failure(1, messages.notRunning(paths.state))
}

async function answered<T>(request: Promise<T>): Promise<T> {
  try {
    return await request
  } catch (cause) {
    if (cause instanceof ExecError) throw new Failure(1, cause.message, { cause })
    throw cause
  }
}
