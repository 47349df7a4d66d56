/** Guards of consumers' limits, on disk: a restarted agent goes on leaving room for what was open before a limit. */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Guard, Guards } from '../flows/limit-guards.ts'

export interface GuardFile {
  readonly loaded: Guards
  save(guards: Guards): Promise<void>
}

export async function openGuardFile(directory: string, log: Logger): Promise<GuardFile> {
  const path = join(directory, 'limit-guards.json')
  const loaded = new Map(await load(path))
  let said = JSON.stringify([...loaded])
  let writing: Promise<void> = Promise.resolve()

  async function write(text: string): Promise<void> {
    try {
      await writeFile(`${path}.new`, text, { mode: 0o600 })
      await rename(`${path}.new`, path)
    } catch (error) {
      log.warn({ err: error }, 'guards of limits not written')
    }
  }

  return {
    loaded,
    save(guards) {
      const text = JSON.stringify([...guards])
      if (text !== said) {
        said = text
        writing = writing.then(() => write(text))
      }
      return writing
    },
  }
}

async function load(path: string): Promise<readonly (readonly [string, Guard])[]> {
  try {
    const entries: readonly (readonly [string, Guard])[] = JSON.parse(await readFile(path, 'utf8'))
    return entries
  } catch {
    // Missing: no limit needs one. It is never half written.
    return []
  }
}
