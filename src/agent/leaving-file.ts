/** Since when backends have been leaving, on disk: a restart of the agent gives their connections no more time. */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Leaving } from '../flows/judge.ts'

export interface LeavingFile {
  readonly loaded: Leaving
  save(leaving: Leaving): void
  close(): Promise<void>
}

export async function openLeavingFile(directory: string, log: Logger): Promise<LeavingFile> {
  const path = join(directory, 'leaving.json')
  const loaded = new Map(await load(path))
  let said = JSON.stringify([...loaded])
  let writing: Promise<void> = Promise.resolve()

  async function write(text: string): Promise<void> {
    try {
      await writeFile(`${path}.new`, text, { mode: 0o600 })
      await rename(`${path}.new`, path)
    } catch (error) {
      log.warn({ err: error }, 'leaving backends not written')
    }
  }

  return {
    loaded,
    save(leaving) {
      const text = JSON.stringify([...leaving])
      if (text === said) return
      said = text
      writing = writing.then(() => write(text))
    },
    close: () => writing,
  }
}

async function load(path: string): Promise<readonly (readonly [string, number])[]> {
  try {
    const entries: readonly (readonly [string, number])[] = JSON.parse(await readFile(path, 'utf8'))
    return entries
  } catch {
    // Missing or cut off: backends that are leaving do so from now on.
    return []
  }
}
