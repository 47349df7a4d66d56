/** `flow-log.json` in the agent's directory, read at its start: `{"enabled": false}` switches the flow log off. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const schema = z.strictObject({ enabled: z.boolean().default(true) })

/** @throws when the file is there but cannot be read: a wish that is not understood is not guessed. */
export function flowLogIsOn(directory: string): boolean {
  const path = join(directory, 'flow-log.json')
  if (!existsSync(path)) return true
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8'))).enabled
  } catch (cause) {
    throw new Error(`${path} cannot be read`, { cause })
  }
}
