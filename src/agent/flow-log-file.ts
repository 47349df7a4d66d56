/** `flow-log.json` in the agent's directory: `{"enabled": false}` switches the flow log off. */
import { join } from 'node:path'
import { z } from 'zod'
import { readSettingsFile } from '../settings/settings-file.ts'

const contents = z.strictObject({ enabled: z.boolean().default(true) })

/** @throws SettingsError */
export function flowLogIsOn(directory: string): boolean {
  return readSettingsFile(join(directory, 'flow-log.json'), contents)?.enabled ?? true
}
