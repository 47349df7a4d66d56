/** `postern configure`: profiles, asked for at the terminal or given by flags. */
import { openTerminal } from './ask-terminal.ts'
import { Failure } from './failure.ts'
import {
  chooseProfile,
  emptyProfile,
  type Mode,
  modes,
  type Profile,
  type ProfileFile,
  profilePath,
  readProfiles,
  writeProfiles,
} from './profiles.ts'
import { type Screen, table } from './screen.ts'

/** As the command line has them. */
export interface ProfileFlags {
  readonly profile?: string
  readonly mode?: string
  readonly accessKeyId?: string
  readonly accessKeySecret?: string
  readonly stsToken?: string
  readonly ramRoleArn?: string
  readonly roleSessionName?: string
  readonly expiredSeconds?: string
  readonly region?: string
  readonly endpoint?: string
  readonly ca?: string
}

const fields = {
  mode: 'mode',
  'access-key-id': 'access_key_id',
  'access-key-secret': 'access_key_secret',
  'sts-token': 'sts_token',
  'ram-role-arn': 'ram_role_arn',
  'role-session-name': 'ram_session_name',
  'expired-seconds': 'expired_seconds',
  region: 'region_id',
  endpoint: 'endpoint',
  ca: 'ca_file',
} as const
type Field = keyof typeof fields
type AskedField = Exclude<Field, 'mode' | 'expired-seconds'>
const secretFields: readonly Field[] = ['access-key-secret', 'sts-token']

/** What each mode needs, in the order in which it is asked for. */
const asked: Readonly<Record<Mode, readonly AskedField[]>> = {
  AK: ['access-key-id', 'access-key-secret'],
  StsToken: ['access-key-id', 'access-key-secret', 'sts-token'],
  RamRoleArn: ['access-key-id', 'access-key-secret', 'ram-role-arn', 'role-session-name'],
}

export function setProfile(flags: ProfileFlags, env: NodeJS.ProcessEnv, screen: Screen): void {
  const file = readProfiles(profilePath(env), screen.messages)
  store(file, changed(profileToChange(file, flags), flags, screen), env)
}

/** Asks for what the flags leave open; what is set already is kept by an empty answer. */
export async function askProfile(
  flags: ProfileFlags,
  env: NodeJS.ProcessEnv,
  streams: { readonly stdin: NodeJS.ReadStream; readonly stderr: NodeJS.WriteStream },
  screen: Screen,
): Promise<void> {
  const file = readProfiles(profilePath(env), screen.messages)
  const profile = changed(profileToChange(file, flags), flags, screen)
  const answers: Partial<Record<(typeof fields)[AskedField], string>> = {}
  using terminal = openTerminal(streams)
  const questions: readonly AskedField[] = [...asked[profile.mode], 'region', 'endpoint', 'ca']
  for (const field of questions) {
    if (flagOf(flags, field) !== undefined) continue
    const now = profile[fields[field]]
    const secret = secretFields.includes(field)
    const answer = await terminal.ask(`${field} [${secret ? masked(now) : now}]: `, secret)
    if (answer !== '') answers[fields[field]] = answer
  }
  store(file, { ...profile, ...answers }, env)
}

export function listProfiles(env: NodeJS.ProcessEnv, screen: Screen): void {
  const { profiles, current } = readProfiles(profilePath(env), screen.messages)
  const rows = profiles.map((profile) => [
    profile.name === current ? `${profile.name} *` : profile.name,
    profile.mode,
    profile.access_key_id,
    profile.region_id,
    profile.endpoint,
  ])
  for (const line of table([screen.messages.product.profileColumns, ...rows])) screen.say(line)
  screen.result({ current, profiles: profiles.map(withoutSecrets) })
}

/** The fields asked for as they are; all of them, when none is named, without the secrets. */
export function getProfile(
  flags: ProfileFlags,
  names: readonly string[],
  env: NodeJS.ProcessEnv,
  screen: Screen,
): void {
  const profile = existing(readProfiles(profilePath(env), screen.messages), flags.profile, screen)
  if (names.length === 0) return screen.say(JSON.stringify(withoutSecrets(profile), undefined, 2))
  for (const name of names) {
    if (!isField(name)) throw new Failure(2, screen.messages.product.unknownField(name, Object.keys(fields)))
    screen.say(
      names.length === 1 ? String(profile[fields[name]]) : `${name}=${String(profile[fields[name]])}`,
    )
  }
}

export function deleteProfile(name: string, env: NodeJS.ProcessEnv, screen: Screen): void {
  const file = readProfiles(profilePath(env), screen.messages)
  existing(file, name, screen)
  const profiles = file.profiles.filter((profile) => profile.name !== name)
  const current = file.current === name ? (profiles[0]?.name ?? 'default') : file.current
  writeProfiles(profilePath(env), { ...file, current, profiles })
}

export function switchProfile(name: string, env: NodeJS.ProcessEnv, screen: Screen): void {
  const file = readProfiles(profilePath(env), screen.messages)
  writeProfiles(profilePath(env), { ...file, current: existing(file, name, screen).name })
}

function existing(file: ProfileFile, name: string | undefined, screen: Screen): Profile {
  const found = chooseProfile(file, name ?? file.current, screen.messages)
  if (!found) throw new Error('a profile that is asked for by name is there or refused')
  return found
}

function profileToChange(file: ProfileFile, flags: ProfileFlags): Profile {
  const name = flags.profile ?? file.current
  return file.profiles.find((profile) => profile.name === name) ?? emptyProfile(name)
}

/** The profile that was changed is the one meant from now on, as with the public command line. */
function store(file: ProfileFile, profile: Profile, env: NodeJS.ProcessEnv): void {
  const others = file.profiles.filter(({ name }) => name !== profile.name)
  writeProfiles(profilePath(env), { ...file, current: profile.name, profiles: [...others, profile] })
}

function changed(profile: Profile, flags: ProfileFlags, screen: Screen): Profile {
  const mode = modes.find((known) => known === (flags.mode ?? profile.mode))
  if (!mode) throw new Failure(2, screen.messages.product.unknownMode(flags.mode ?? '', modes))
  const seconds = Number(flags.expiredSeconds ?? profile.expired_seconds)
  if (!Number.isInteger(seconds) || seconds < 0) {
    throw new Failure(2, screen.messages.usage(`--expired-seconds ${flags.expiredSeconds}`))
  }
  return {
    ...profile,
    mode,
    access_key_id: flags.accessKeyId ?? profile.access_key_id,
    access_key_secret: flags.accessKeySecret ?? profile.access_key_secret,
    sts_token: flags.stsToken ?? profile.sts_token,
    ram_role_arn: flags.ramRoleArn ?? profile.ram_role_arn,
    ram_session_name: flags.roleSessionName ?? profile.ram_session_name,
    expired_seconds: seconds,
    region_id: flags.region ?? profile.region_id,
    endpoint: flags.endpoint ?? profile.endpoint,
    ca_file: flags.ca ?? profile.ca_file,
  }
}

function flagOf(flags: ProfileFlags, field: Field): string | undefined {
  const name = field.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return flags[name as keyof ProfileFlags]
}

function isField(name: string): name is Field {
  return name in fields
}

function withoutSecrets(profile: Profile): Profile {
  return {
    ...profile,
    access_key_secret: masked(profile.access_key_secret),
    sts_token: masked(profile.sts_token),
  }
}

function masked(secret: string): string {
  return secret === '' ? '' : `***${secret.slice(-3)}`
}
