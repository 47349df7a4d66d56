/** `capacity.json` in the server's state directory: what the addresses of connections may take. Read once, at the start. */
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { SettingsError } from '../model/settings-error.ts'
import { fullCapacity, portsPerSource, type LinkCapacity } from '../model/source-ports.ts'

const count = z.number().int().min(1)
const contents = z.strictObject({
  portsPerSource: count.max(portsPerSource).optional(),
})

/** What the file once held is the store's now. */
const movedKeys: ReadonlySet<string> = new Set(['connections', 'consumers'])

/** @throws SettingsError when the file is there and is not understood: what was meant must not be dropped unseen. */
export function readCapacityFile(file: string): LinkCapacity {
  if (!existsSync(file)) return fullCapacity
  const given = contents.safeParse(parsed(file))
  if (!given.success) throw new SettingsError(`${file}: ${given.error.issues.map(words).join('; ')}`)
  return { portsPerSource: given.data.portsPerSource ?? portsPerSource }
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new SettingsError(`${file}: ${cause.message}`, { cause })
    throw cause
  }
}

function words(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return `${issue.path.join('.')}: ${issue.message}`
  return issue.keys
    .map((key) =>
      movedKeys.has(key)
        ? `"${key}" is not read any more; take it out, and say it with: postern limit set <account id or all> <connections>`
        : `"${key}" is not known`,
    )
    .join('; ')
}
