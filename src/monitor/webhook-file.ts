/** `webhooks.json` in the server's state directory: addresses that alarms may be told to although they are usually closed. */
import { z } from 'zod'
import { readSettingsFile } from '../settings/settings-file.ts'

const contents = z.strictObject({
  allow: z.array(z.union([z.cidrv4(), z.cidrv6()])),
})

/** @throws SettingsError */
export function readWebhookFile(file: string): readonly string[] {
  return readSettingsFile(file, contents)?.allow ?? []
}
