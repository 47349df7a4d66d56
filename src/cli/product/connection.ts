/** Where to call and as whom: flags before environment before profile before the deployment on this machine. */
import { existsSync, readFileSync } from 'node:fs'
import { client, type ClientOptions } from '../client.ts'
import { describe } from '../deployment.ts'
import { Failure } from '../failure.ts'
import { type Credentials, operatorKey } from '../operator-key.ts'
import { chooseProfile, type Profile, profilePath, readProfiles } from '../profiles.ts'
import type { Screen } from '../screen.ts'
import { readConfig, type StatePaths } from '../state.ts'
import type { Flags } from './words.ts'

interface Source {
  readonly flags: Flags['values']
  readonly env: NodeJS.ProcessEnv
  readonly paths: StatePaths
  readonly screen: Screen
}

export async function connect(source: Source): Promise<ClientOptions> {
  const { flags, env, paths, screen } = source
  const wanted = flags.profile ?? (env['POSTERN_PROFILE'] || env['ALIBABA_CLOUD_PROFILE'] || undefined)
  const profile = chooseProfile(readProfiles(profilePath(env), screen.messages), wanted, screen.messages)
  // A profile that was named is meant as a whole; one that is merely current is the last resort.
  const named = flags.profile === undefined ? undefined : profile
  const address = findAddress(source, named, profile)
  const region =
    flags.region ??
    (named?.region_id || env['ALIBABA_CLOUD_REGION_ID'] || env['ALIBABA_CLOUD_REGION'] || profile?.region_id)
  const base = { ...address, region: region || undefined }
  const own = credentialsOf(source, named, profile)
  if (!own) return { ...base, ...(await operatorKey(paths, flags.account, screen)) }
  const role = flags['ram-role-arn'] ?? roleOf(flags.mode, own.profile)
  if (!role) return { ...base, ...own.credentials }
  return { ...base, ...(await assumeRole({ ...base, ...own.credentials }, role, source, own.profile)) }
}

function roleOf(mode: string | undefined, profile: Profile | undefined): string | undefined {
  return (mode ?? profile?.mode) === 'RamRoleArn' ? profile?.ram_role_arn : undefined
}

interface Address {
  readonly endpoint: string
  readonly ca?: string
}

function findAddress(
  { flags, env, paths, screen }: Source,
  named: Profile | undefined,
  profile: Profile | undefined,
): Address {
  const local = localAddress(paths)
  const ownDeployment = flags.account !== undefined || flags.state !== undefined
  const given =
    flags.endpoint ??
    (ownDeployment ? undefined : named?.endpoint || env['POSTERN_ENDPOINT'] || profile?.endpoint || undefined)
  const endpoint = given === undefined ? local?.endpoint : withScheme(given)
  if (endpoint === undefined) throw new Failure(2, screen.messages.product.noEndpoint(paths.state))
  const ca =
    flags.ca ??
    (env['POSTERN_CA'] || profile?.ca_file || undefined) ??
    (local && new URL(endpoint).host === new URL(local.endpoint).host ? local.ca : undefined)
  return { endpoint, ...(ca === undefined ? {} : { ca: readCa(ca, screen) }) }
}

function localAddress(paths: StatePaths): { readonly endpoint: string; readonly ca: string } | undefined {
  const config = readConfig(paths)
  return config && existsSync(paths.ca) ? describe(paths, config) : undefined
}

function withScheme(endpoint: string): string {
  return /^https?:\/\//.test(endpoint) ? endpoint : `https://${endpoint}`
}

function readCa(file: string, screen: Screen): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Failure(2, screen.messages.product.badCa(file, (cause as Error).message), { cause })
  }
}

/** Undefined: none are given, so the operator's own are next. */
function credentialsOf(
  { flags, env }: Source,
  named: Profile | undefined,
  profile: Profile | undefined,
): { readonly credentials: Credentials; readonly profile: Profile | undefined } | undefined {
  if (flags['access-key-id'] !== undefined || flags['access-key-secret'] !== undefined) {
    const [id, secret] = [flags['access-key-id'] ?? '', flags['access-key-secret'] ?? '']
    return { credentials: keyOf(id, secret, flags['sts-token']), profile: undefined }
  }
  if (flags.account !== undefined) return undefined
  const id = env['ALIBABA_CLOUD_ACCESS_KEY_ID']
  const secret = env['ALIBABA_CLOUD_ACCESS_KEY_SECRET']
  if (!named && id && secret) {
    return { credentials: keyOf(id, secret, env['ALIBABA_CLOUD_SECURITY_TOKEN']), profile: undefined }
  }
  if (!profile?.access_key_id) return undefined
  const token = profile.mode === 'StsToken' ? profile.sts_token : undefined
  return { credentials: keyOf(profile.access_key_id, profile.access_key_secret, token), profile }
}

function keyOf(accessKeyId: string, accessKeySecret: string, token: string | undefined): Credentials {
  return { accessKeyId, accessKeySecret, ...(token ? { securityToken: token } : {}) }
}

async function assumeRole(
  as: ClientOptions,
  role: string,
  { flags }: Source,
  profile: Profile | undefined,
): Promise<Credentials> {
  const seconds = flags['expired-seconds'] ?? (profile?.expired_seconds || undefined)
  const answer = await client(as)('Sts', 'AssumeRole', {
    RoleArn: role,
    RoleSessionName: flags['role-session-name'] ?? (profile?.ram_session_name || 'postern'),
    DurationSeconds: seconds,
  })
  const { AccessKeyId, AccessKeySecret, SecurityToken } = answer['Credentials'] as Readonly<
    Record<string, string>
  >
  return keyOf(AccessKeyId ?? '', AccessKeySecret ?? '', SecurityToken)
}
