/** `POST /console/session`: from credentials to a session, with a record of each try. */
import type { AccountId } from '../../model/ids.ts'
import { createAccount, findAccount, listAccounts, newAccountId } from '../../store/accounts.ts'
import { recordEvent } from '../../store/audit.ts'
import type { Tx } from '../../store/page.ts'
import {
  endSession,
  findSession,
  hashToken,
  identitiesOf,
  openSession,
  takeLink,
  type Identity,
  type NewSession,
} from '../../store/sessions.ts'
import type { AppOptions } from '../app.ts'
import type { Origin } from '../audit.ts'
import { ApiError } from '../errors.ts'
import { identify, nameOf, type Credentials, type Vault } from './credentials.ts'
import type { SignInLimits } from './sign-in-limits.ts'
import { describeRefusal, describeSigning } from './signing-event.ts'

export interface SignInOptions
  extends Vault, Pick<AppOptions, 'commits' | 'randomBytes' | 'regions' | 'throttle'> {
  readonly limits: SignInLimits
}

/** The session that the browser had before. It ends. */
export interface Before {
  readonly token: string | undefined
  /** The page could read that session: what it may act as is taken over. */
  readonly joins: boolean
}

/** @throws ApiError */
export async function signIn(
  options: SignInOptions,
  given: Credentials,
  before: Before,
  origin: Origin,
): Promise<NewSession> {
  try {
    return await open(options, given, before, origin)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    await recordRefusal(options, given, origin, error)
    throw error
  }
}

async function open(
  options: SignInOptions,
  given: Credentials,
  before: Before,
  origin: Origin,
): Promise<NewSession> {
  const { at: now, sourceIp } = origin
  if ('link' in given) {
    const opened = await options.commits.run(async (tx) => {
      const link = await takeLink(tx, given.link, now)
      return link && (await follow(options, tx, link.account, before, origin))
    })
    if (!opened) throw new ApiError('ConsoleLinkExpired')
    return opened
  }
  const identity = await options.limits.attempt(sourceIp, nameOf(given), () => identify(options, given, now))
  const opened = await options.commits.run((tx) => openAs(options, tx, identity, before, origin))
  if (!opened) throw new ApiError('ConsoleSignInFailed')
  return opened
}

async function follow(
  options: SignInOptions,
  tx: Tx,
  account: AccountId | undefined,
  before: Before,
  origin: Origin,
): Promise<NewSession | undefined> {
  if (account !== undefined) {
    const byLink = { method: 'link', user_id: null, access_key_id: null, password_set_at: null } as const
    return await openAs(options, tx, { account_id: account, ...byLink }, before, origin)
  }
  await endBefore(tx, before)
  const first = await firstAccount(options, tx, origin.at)
  const opened = await openSession(tx, first, 'every account', origin.at, options.randomBytes)
  return await recorded(options, tx, opened, origin)
}

async function openAs(
  options: SignInOptions,
  tx: Tx,
  identity: Identity,
  before: Before,
  origin: Origin,
): Promise<NewSession | undefined> {
  const others = before.joins ? await joinable(tx, before, origin.at) : []
  await endBefore(tx, before)
  const all = [identity, ...others.filter(({ account_id }) => account_id !== identity.account_id)]
  const opened = await openSession(tx, identity.account_id, all, origin.at, options.randomBytes)
  return await recorded(options, tx, opened, origin)
}

async function joinable(tx: Tx, { token }: Before, now: Date): Promise<readonly Identity[]> {
  const session = token === undefined ? undefined : await findSession(tx, hashToken(token), now)
  return session ? await identitiesOf(tx, session.id) : []
}

async function endBefore(tx: Tx, { token }: Before): Promise<void> {
  if (token !== undefined) await endSession(tx, hashToken(token))
}

async function recorded(
  { regions }: SignInOptions,
  tx: Tx,
  opened: NewSession | undefined,
  origin: Origin,
): Promise<NewSession | undefined> {
  if (!opened) return undefined
  await recordEvent(tx, describeSigning('ConsoleSignin', origin, regions.defaultRegion, opened.session))
  return opened
}

/** Who follows the link that `up` printed on a new deployment has no account yet, and needs one for anything there. */
async function firstAccount({ randomBytes }: SignInOptions, tx: Tx, now: Date): Promise<AccountId> {
  const [first] = await listAccounts(tx)
  if (first) return first.id
  const id = newAccountId(randomBytes)
  await createAccount(tx, { id, name: 'default', createdAt: now.toISOString() })
  return id
}

/** For the account that was to be entered, if there is one. A flood fills no disk. */
async function recordRefusal(
  { commits, throttle, regions, db }: SignInOptions,
  given: Credentials,
  origin: Origin,
  error: ApiError,
): Promise<void> {
  if (!throttle.records(origin.sourceIp)) return
  const named = 'account' in given ? await findAccount(db, given.account) : undefined
  await commits.run((tx) => recordEvent(tx, describeRefusal(origin, regions.defaultRegion, named?.id, error)))
}
