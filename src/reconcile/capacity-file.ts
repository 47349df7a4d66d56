/** `capacity.json` in the server's state directory: what the addresses of connections may take. Read once, at the start. */
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { fullCapacity, portsPerSource, type LinkCapacity } from '../model/source-ports.ts'

const count = z.number().int().min(1)
const contents = z.strictObject({
  portsPerSource: count.max(portsPerSource).optional(),
})

/** @throws when the file is there and is not understood: what was meant must not be dropped unseen. */
export function readCapacityFile(file: string): LinkCapacity {
  if (!existsSync(file)) return fullCapacity
  try {
    const given = contents.parse(JSON.parse(readFileSync(file, 'utf8')))
    return { portsPerSource: given.portsPerSource ?? portsPerSource }
  } catch (cause) {
    throw new Error(`${file} does not say the capacity of connections as it should`, { cause })
  }
}
