import { SettingsError } from '../settings/settings-file.ts'

/** What `read` gives. A fault in an operator's file ends the program with words alone. */
export function readOrEnd<Settings>(read: () => Settings): Settings {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    console.error(error.message)
    process.exit(1)
  }
}
