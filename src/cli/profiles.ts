/**
 * Profiles: under a name, where to call and as whom. The file has the public command line's form, so that one of its
 * files can be copied here; `endpoint` and `ca_file` are ours.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { Failure } from './failure.ts'
import type { Messages } from './messages.ts'

export const modes = ['AK', 'StsToken', 'RamRoleArn'] as const
export type Mode = (typeof modes)[number]

const text = z.string().default('')
const stored = z.looseObject({
  name: z.string().min(1),
  mode: z.enum(modes).default('AK'),
  access_key_id: text,
  access_key_secret: text,
  sts_token: text,
  ram_role_arn: text,
  ram_session_name: text,
  expired_seconds: z.number().default(0),
  region_id: text,
  endpoint: text,
  ca_file: text,
})
const storedFile = z.looseObject({
  current: z.string().default('default'),
  profiles: z.array(stored).default([]),
})

export type Profile = z.infer<typeof stored>
export type ProfileFile = z.infer<typeof storedFile>

/** A profile in which nothing is set. */
export function emptyProfile(name: string): Profile {
  return stored.parse({ name })
}

/** `POSTERN_CONFIG`, or `~/.postern/config.json`. */
export function profilePath(env: NodeJS.ProcessEnv): string {
  return env['POSTERN_CONFIG'] || join(env['HOME'] || homedir(), '.postern', 'config.json')
}

/** No file is one without profiles. @throws Failure 2 */
export function readProfiles(file: string, messages: Messages): ProfileFile {
  if (!existsSync(file)) return storedFile.parse({})
  try {
    return storedFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new Failure(2, messages.product.badProfileFile(file, (cause as Error).message), { cause })
  }
}

/** Whole or not at all, and never readable by others, not for a moment. */
export function writeProfiles(file: string, profiles: ProfileFile): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const next = `${file}.new`
  writeFileSync(next, `${JSON.stringify(profiles, undefined, 2)}\n`, { mode: 0o600 })
  chmodSync(next, 0o600)
  renameSync(next, file)
}

/** The profile asked for: by the flag, by the environment, or the file's current one. @throws Failure 2 */
export function chooseProfile(
  file: ProfileFile,
  wanted: string | undefined,
  messages: Messages,
): Profile | undefined {
  const name = wanted ?? file.current
  const found = file.profiles.find((profile) => profile.name === name)
  if (found || wanted === undefined) return found
  throw new Failure(
    2,
    messages.product.unknownProfile(
      name,
      file.profiles.map((profile) => profile.name),
    ),
  )
}
