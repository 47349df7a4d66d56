/** Terminals of commands inside sandboxes. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Terminal, TerminalSize } from '../protocol/exec-frames.ts'
import { enterCommand, environment, type EnterSpec } from '../sandbox/command.ts'

/** The command says by it which terminal it has. */
export const terminalNameFd = 3

/**
 * The command on a pseudo-terminal of its own inside the sandbox, made by `script` (util-linux, always there on
 * Debian), with the size the client's terminal has now.
 */
export function inTerminal(command: readonly string[], { rows, columns }: Terminal): readonly string[] {
  const fd = terminalNameFd
  const line = `tty >&${fd}; exec ${fd}>&-; stty rows ${rows} columns ${columns}; exec ${command.map(quote).join(' ')}`
  return ['script', '--quiet', '--return', '--flush', '--command', line, '/dev/null']
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/** The terminal's name inside the sandbox; undefined when the command told none. The sandbox's word is not trusted. */
export async function ttyOf(named: Readable): Promise<string | undefined> {
  for await (const line of createInterface({ input: named })) {
    return /^\/dev\/pts\/\d{1,6}$/.test(line) ? line : undefined
  }
  return undefined
}

/** Rows and columns, within what a terminal can have. */
export function readSize(payload: Buffer): TerminalSize {
  const { rows, columns } = JSON.parse(payload.toString()) as TerminalSize
  const side = (length: unknown) => Math.min(1000, Math.max(1, Math.trunc(Number(length)) || 1))
  return { rows: side(rows), columns: side(columns) }
}

/**
 * Sets the size from inside, where the terminal is, so that the kernel tells its programs. One at a time: of the sizes that
 * come meanwhile only the last is of interest.
 */
export function resizer(
  sandbox: EnterSpec,
  named: Promise<string | undefined>,
): (size: TerminalSize) => void {
  let wanted: TerminalSize | undefined
  let busy = false

  async function work(): Promise<void> {
    const tty = await named
    while (wanted && tty !== undefined) {
      const { rows, columns } = wanted
      wanted = undefined
      const stty = ['stty', '-F', tty, 'rows', String(rows), 'columns', String(columns)]
      const [program = '', ...args] = enterCommand(sandbox, stty)
      const child = spawn(program, args, { env: environment, stdio: 'ignore' })
      // A sandbox that ends takes its terminal with it, and nobody needs the size any more.
      await once(child, 'close').catch(() => undefined)
    }
  }

  return (size) => {
    wanted = size
    if (busy) return
    busy = true
    void work().finally(() => (busy = false))
  }
}
