/** `webhooks.json` in the server's state directory: addresses that alarms may be told to although they are usually closed. */
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'

const contents = z.strictObject({
  allow: z.array(z.union([z.cidrv4(), z.cidrv6()])),
})

/** @throws when the file is there and is not understood. */
export function readWebhookFile(file: string): readonly string[] {
  if (!existsSync(file)) return []
  try {
    return contents.parse(JSON.parse(readFileSync(file, 'utf8'))).allow
  } catch (cause) {
    throw new Error(`${file} does not say blocks as it should`, { cause })
  }
}
