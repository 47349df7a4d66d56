/** JSON files that an operator writes beside the state, read once, at the start of a program. */
import { readFileSync } from 'node:fs'
import type { z } from 'zod'

/** A fault in such a file. Its message says all; where in the program it was found helps nobody. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/**
 * Undefined when there is no such file.
 *
 * @throws SettingsError when it is there and is not understood: what was meant must not be dropped unseen.
 */
export function readSettingsFile<Settings>(file: string, schema: z.ZodType<Settings>): Settings | undefined {
  const text = textOf(file)
  if (text === undefined) return undefined
  const given = schema.safeParse(parsed(file, text))
  if (given.success) return given.data
  const faults = given.error.issues.map(({ path, message }) => [path.join('.'), message])
  throw new SettingsError(`${file}: ${faults.map((words) => words.filter(Boolean).join(': ')).join('; ')}`)
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SettingsError(`${file}: ${String(cause)}`, { cause })
  }
}
