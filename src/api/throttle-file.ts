/** `throttling.json` in the server's state directory: rates other than the usual ones. Read once, at the start. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { defaultRates, type ThrottleRates } from './throttle.ts'

const rate = z.strictObject({ perSecond: z.number().positive(), burst: z.number().min(1) })
const rates = z.strictObject({ read: rate, write: rate, account: rate, anonymous: rate }).partial()

/** @throws when the file is there and is not understood: a limit that was meant must not be dropped unseen. */
export function readThrottleFile(file: string): ThrottleRates {
  const text = readIfThere(file)
  if (text === undefined) return defaultRates
  try {
    const { read, write, account, anonymous } = rates.parse(JSON.parse(text))
    return {
      read: read ?? defaultRates.read,
      write: write ?? defaultRates.write,
      account: account ?? defaultRates.account,
      anonymous: anonymous ?? defaultRates.anonymous,
    }
  } catch (cause) {
    throw new Error(`${file} does not say rates as it should`, { cause })
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
