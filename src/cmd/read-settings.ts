import { SettingsError } from '../model/settings-error.ts'

/** What `read` gives. A fault in an operator's file ends the program with words alone. */
export function readSettings<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    console.error(error.message)
    process.exit(1)
  }
}
