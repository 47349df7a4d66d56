/**
 * What the agent remembers over a restart beside the plan: a value as JSON, written aside and renamed, so that it is never half there. One
 * write follows the other, and of values that come meanwhile the newest is written. A disk that fails is logged: the agent goes on
 * with what it has in memory.
 */
import { readFile, rename, writeFile } from 'node:fs/promises'
import type { Logger } from 'pino'

export interface KeptFile<Value> {
  /** Undefined when nothing was there, or nothing that can be read. */
  readonly loaded: Value | undefined
  /** Resolves when this value, or one that came after it, is on disk. */
  save(value: Value): Promise<void>
  /** Resolves when everything is. */
  close(): Promise<void>
}

export async function openKeptFile<Value>(path: string, log: Logger): Promise<KeptFile<Value>> {
  let written = await readFile(path, 'utf8').catch(() => undefined)
  let next: { readonly value: Value } | undefined
  let writing: Promise<void> | undefined

  async function write(): Promise<void> {
    // Values of the same moment are one; and `writing` is set before it is cleared.
    await Promise.resolve()
    while (next) {
      const text = JSON.stringify(next.value)
      next = undefined
      if (text !== written) await replace(text)
      written = text
    }
    writing = undefined
  }

  async function replace(text: string): Promise<void> {
    try {
      await writeFile(`${path}.new`, text, { mode: 0o600 })
      await rename(`${path}.new`, path)
    } catch (error) {
      log.warn({ err: error, path }, 'not written')
    }
  }

  return {
    loaded: parsed(written),
    save(value) {
      next = { value }
      writing ??= write()
      return writing
    },
    close: async () => await writing,
  }
}

function parsed<Value>(text: string | undefined): Value | undefined {
  if (text === undefined) return undefined
  try {
    const value: Value = JSON.parse(text)
    return value
  } catch {
    // Somebody else's hand: as if it were missing.
    return undefined
  }
}
