/** `capacity.json` in the server's state directory: fewer ports of a source address than the kernel has. Read once, at the start. */
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { portsPerSource } from '../model/source-ports.ts'

const contents = z.strictObject({ portsPerSource: z.number().int().min(1).max(portsPerSource) })

/** @throws when the file is there and is not understood. */
export function readCapacityFile(file: string): number {
  if (!existsSync(file)) return portsPerSource
  try {
    return contents.parse(JSON.parse(readFileSync(file, 'utf8'))).portsPerSource
  } catch (cause) {
    throw new Error(`${file} does not say ports as it should`, { cause })
  }
}
