/** `throttling.json` in the server's state directory: rates other than the usual ones. */
import { z } from 'zod'
import { readSettingsFile } from '../settings/settings-file.ts'
import { defaultRates, type ThrottleRates } from './throttle.ts'

const rate = z.strictObject({ perSecond: z.number().positive(), burst: z.number().min(1) })
const rates = z.strictObject({
  read: rate.default(defaultRates.read),
  write: rate.default(defaultRates.write),
  account: rate.default(defaultRates.account),
  anonymous: rate.default(defaultRates.anonymous),
})

/** @throws SettingsError */
export function readThrottleFile(file: string): ThrottleRates {
  return readSettingsFile(file, rates) ?? defaultRates
}
