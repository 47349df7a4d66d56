import type { Terminal } from './exec-frames.ts'

/**
 * The command on a pseudo-terminal of its own inside the sandbox, made by `script` (util-linux, always there on
 * Debian), with the size the client's terminal has now.
 */
export function inTerminal(command: readonly string[], { rows, columns }: Terminal): readonly string[] {
  const line = `stty rows ${rows} columns ${columns}; exec ${command.map(quote).join(' ')}`
  return ['script', '--quiet', '--return', '--flush', '--command', line, '/dev/null']
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
