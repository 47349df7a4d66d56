import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** With the directories of system tools, which an ordinary user's PATH may lack. */
export function toolPath(env: NodeJS.ProcessEnv): string {
  const directories = (env['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '')
  const system = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
  return [...new Set([...directories, ...system])].join(delimiter)
}

export function findTool(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return toolPath(env)
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  readonly input?: string
  readonly timeoutMs?: number
  /** Lets the command write to our stderr as it goes: both its streams, or its stderr only. */
  readonly show?: 'all' | 'errors'
}

/** Runs a command to its end; never throws for a command that is missing (127) or fails. */
export function runCommand(
  argv: readonly [string, ...string[]],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const [file, ...args] = argv
  const env = { ...(options.env ?? process.env), PATH: toolPath(options.env ?? process.env) }
  const child: ChildProcess = spawn(file, args, {
    env,
    cwd: options.cwd ?? '/',
    timeout: options.timeoutMs,
    stdio: [
      options.input === undefined ? 'ignore' : 'pipe',
      options.show === 'all' ? 2 : 'pipe',
      options.show === undefined ? 'pipe' : 2,
    ],
  })
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  // A command that does not read its input ends with EPIPE here; its exit code says what happened.
  child.stdin?.on('error', () => {})
  child.stdin?.end(options.input)
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 127, stdout, stderr: error.message }))
    child.once('close', (code, signal) =>
      resolve({ code: code ?? 128, stdout, stderr: signal ? `${stderr}ended by ${signal}` : stderr }),
    )
  })
}
