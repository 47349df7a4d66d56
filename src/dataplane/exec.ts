/**
 * The only place where programs are run and their messages are read. Never a shell; always the C locale, because
 * the text of an error is its type. Everything above sees `Failure`s.
 */
import { spawn } from 'node:child_process'

export interface Output {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** `more` is what follows on standard input, when it is known: the program starts before. */
export type Exec = (command: readonly string[], stdin?: string, more?: Promise<string>) => Promise<Output>

export type FailureKind = 'exists' | 'not-found' | 'other'

/** One command of a batch that did not succeed. `line` is its index; undefined when the program did not say. */
export interface Failure {
  readonly line: number | undefined
  readonly kind: FailureKind
  readonly message: string
}

export class CommandError extends Error {
  readonly kind: FailureKind

  constructor(command: readonly string[], { code, stderr }: Output) {
    const reason = stderr.trim() || `exit code ${code}`
    super(`${command.join(' ')}: ${reason}`)
    this.name = 'CommandError'
    this.kind = failureKind(stderr)
  }
}

export const execProgram: Exec = (command, stdin, more) => {
  const { promise, resolve, reject } = Promise.withResolvers<Output>()
  const [program = '', ...args] = command
  const child = spawn(program, args, { env: { ...process.env, LC_ALL: 'C' } })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  child.on('error', (cause) => reject(new Error(`cannot run ${program}`, { cause })))
  child.on('close', (code, signal) =>
    resolve({ code: code ?? 1, stdout, stderr: signal ? `${stderr}ended by ${signal}` : stderr }),
  )
  // A program that ends without reading its input (a namespace that is gone) is judged by its exit code.
  child.stdin.on('error', () => undefined)
  const feed = async () => {
    child.stdin.write(stdin ?? '')
    child.stdin.end(await more)
  }
  feed().catch((cause: unknown) => {
    child.kill()
    reject(new Error(`no input for ${program}`, { cause }))
  })
  return promise
}

/** Standard output of a command that has to succeed. */
export async function output(exec: Exec, command: readonly string[], stdin?: string): Promise<string> {
  const result = await exec(command, stdin)
  if (result.code !== 0) throw new CommandError(command, result)
  return result.stdout
}

/** The command, run inside a network namespace. (`ip netns exec` would also remount /sys, at twice the time.) */
export function inside(netns: string, command: readonly string[]): readonly string[] {
  return ['nsenter', `--net=${netnsFolder}/${netns}`, ...command]
}

export const netnsFolder = '/var/run/netns'

/** What went wrong in a batch of `ip` or `tc` that was run with `-force`: it goes on after a line that failed. */
export async function runBatch(
  exec: Exec,
  command: readonly string[],
  lines: readonly string[],
): Promise<readonly Failure[]> {
  return failuresIn(await exec(batchOf(command), textOf(lines)), 0)
}

/** A batch that has begun with a line of its own, and takes its other lines later, once. */
export type StartedBatch = (
  lines: readonly string[] | Promise<readonly string[]>,
) => Promise<readonly Failure[]>

/** Starts a batch whose first line the program can work at before the others are known. */
export function startBatch(exec: Exec, command: readonly string[], line: string): StartedBatch {
  const rest = Promise.withResolvers<readonly string[]>()
  const ended = exec(batchOf(command), textOf([line]), rest.promise.then(textOf)).then((result) =>
    failuresIn(result, 1),
  )
  // Told to whoever gives the other lines; the program may have ended long before.
  ended.catch(() => undefined)
  return (lines) => {
    rest.resolve(lines)
    return ended
  }
}

const batchOf = (command: readonly string[]) => [...command, '-force', '-batch', '-']

const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')

/** `before` lines of the batch are not counted. */
function failuresIn(result: Output, before: number): readonly Failure[] {
  if (result.code === 0) return []
  const failures: Failure[] = []
  let said: string[] = []
  for (const text of result.stderr.split('\n').filter((line) => line !== '')) {
    const failed = /^Command failed .*:(\d+)$/.exec(text)
    if (!failed) {
      said.push(text)
      continue
    }
    const message = said.join(' ')
    failures.push({ line: Number(failed[1]) - 1 - before, kind: failureKind(message), message })
    said = []
  }
  // `ip neigh` leaves the whole batch when the kernel refuses, without naming the line.
  if (said.length > 0 || failures.length === 0) {
    const message = said.join(' ') || `exit code ${result.code}`
    failures.push({ line: undefined, kind: failureKind(message), message })
  }
  return failures
}

function failureKind(stderr: string): FailureKind {
  if (/File exists|already assigned/.test(stderr)) return 'exists'
  if (/No such|Cannot find|does not exist|Cannot assign requested address|handle of zero/.test(stderr))
    return 'not-found'
  return 'other'
}
