import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes a file whole or not at all, also when the machine stops half-way. `mode` 0o600 keeps a secret. */
export async function writeDurableFile(
  path: string,
  content: string | Uint8Array,
  mode: 0o600 | 0o644,
): Promise<void> {
  const draft = `${path}.new`
  const file = await open(draft, 'w', mode)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
  const directory = await open(dirname(path))
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/** What `read` gives, or undefined when the file does not exist. */
export async function ifExists<Content>(read: Promise<Content>): Promise<Content | undefined> {
  try {
    return await read
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
