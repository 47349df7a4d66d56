import { readFile, stat } from 'node:fs/promises'

export interface ConsoleTail {
  readonly bytes: Buffer
  readonly changedAtMs: number
}

/** The end of a console log, which lies in two pieces (`console.sh`); undefined while there is none. */
export async function readConsoleTail(path: string, most: number): Promise<ConsoleTail | undefined> {
  try {
    const { mtimeMs } = await stat(path)
    const last = await readFile(path)
    const before = last.length < most ? await readFile(`${path}.1`).catch(nothingIfMissing) : nothing
    return { bytes: Buffer.concat([before, last]).subarray(-most), changedAtMs: mtimeMs }
  } catch (error) {
    nothingIfMissing(error)
    return undefined
  }
}

const nothing = Buffer.alloc(0)

function nothingIfMissing(error: unknown): Buffer {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return nothing
  throw error
}
