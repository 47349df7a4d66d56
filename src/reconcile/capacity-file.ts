/** `capacity.json` in the server's state directory: what the addresses of connections may take. */
import { z } from 'zod'
import { fullCapacity, portsPerSource, type LinkCapacity } from '../model/source-ports.ts'
import { readSettingsFile } from '../settings/settings-file.ts'

const contents = z.strictObject({
  portsPerSource: z.number().int().min(1).max(portsPerSource).optional(),
})

/** @throws SettingsError */
export function readCapacityFile(file: string): LinkCapacity {
  return { portsPerSource: readSettingsFile(file, contents)?.portsPerSource ?? fullCapacity.portsPerSource }
}
