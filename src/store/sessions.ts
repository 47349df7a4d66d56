/**
 * Sessions of the console, in the store so that they outlive the server. What the browser holds is a random token; here is only
 * its hash. Each use asks anew whether what vouched for the session still stands: the key, the user, the password.
 */
import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { AccountId, RandomBytes } from '../model/ids.ts'
import type { Tx } from './page.ts'
import type { ConsoleIdentityTable, ConsoleSessionTable, Tables } from './tables.ts'

export type Identity = Omit<ConsoleIdentityTable, 'session_id'>

/** Who a session is now. */
export interface Session {
  readonly id: string
  readonly account: AccountId
  /** The RAM user; undefined: the account itself. */
  readonly user: { readonly id: string; readonly name: string } | undefined
  readonly accessKeyId: string | undefined
  readonly everyAccount: boolean
  /** When it ends if nothing happens. */
  readonly expiresAt: Date
}

/** Whichever comes first. */
const idleMs = 60 * 60_000
const longestMs = 12 * 60 * 60_000
/** Not each call is worth a write. */
const seenEveryMs = 60_000

/** The token that a new session's owner shows from now on. */
export interface NewSession {
  readonly token: string
  readonly session: Session
}

/** Undefined when what vouches for the account does not stand any more. */
export async function openSession(
  tx: Tx,
  account: AccountId,
  identities: readonly Identity[] | 'every account',
  now: Date,
  randomBytes: RandomBytes,
): Promise<NewSession | undefined> {
  const token = newToken(randomBytes)
  const id = hashToken(token)
  const row: ConsoleSessionTable = {
    id,
    account_id: account,
    every_account: Number(identities === 'every account'),
    seen_at: now.toISOString(),
    ends_at: new Date(now.getTime() + longestMs).toISOString(),
  }
  await tx.insertInto('console_session').values(row).execute()
  if (identities !== 'every account') {
    const rows = identities.map((identity) => ({ ...identity, session_id: id }))
    await tx.insertInto('console_identity').values(rows).execute()
  }
  const session = await resumeSession(tx, id, now)
  return session && { token, session }
}

/** The session, if it goes on; else it is over for good, whatever comes back later. */
export async function resumeSession(tx: Tx, id: string, now: Date): Promise<Session | undefined> {
  const session = await findSession(tx, id, now)
  if (!session) {
    await endSession(tx, id)
    return undefined
  }
  await tx
    .updateTable('console_session')
    .set({ seen_at: now.toISOString() })
    .where('id', '=', id)
    .where('seen_at', '<', new Date(now.getTime() - seenEveryMs).toISOString())
    .execute()
  return session
}

/** Without counting as a use. */
export async function findSession(tx: Tx, id: string, now: Date): Promise<Session | undefined> {
  const row = await tx.selectFrom('console_session').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return undefined
  const expiresAt = expiryOf(row)
  if (expiresAt <= now) return undefined
  const common = { id, account: row.account_id, expiresAt }
  if (row.every_account === 1) {
    return { ...common, user: undefined, accessKeyId: undefined, everyAccount: true }
  }
  const holder = await holderOf(tx, id, row.account_id)
  return holder && { ...common, ...holder, everyAccount: false }
}

function expiryOf({ seen_at, ends_at }: ConsoleSessionTable): Date {
  return new Date(Math.min(Date.parse(seen_at) + idleMs, Date.parse(ends_at)))
}

/** Undefined when what vouched for it does not stand any more. */
async function holderOf(
  tx: Tx,
  session: string,
  account: AccountId,
): Promise<Pick<Session, 'user' | 'accessKeyId'> | undefined> {
  const row = await tx
    .selectFrom('console_identity as identity')
    .leftJoin('ram_user as user', 'user.id', 'identity.user_id')
    .leftJoin('access_key as key', 'key.id', 'identity.access_key_id')
    .leftJoin('login_profile as login', 'login.user_id', 'identity.user_id')
    .leftJoin('account_password as password', 'password.account_id', 'identity.account_id')
    .select(['identity.user_id', 'identity.method', 'identity.access_key_id', 'identity.password_set_at'])
    .select(['user.name as user_name', 'key.status as key_status'])
    .select(['login.changed_at as user_password', 'password.set_at as account_password'])
    .where('identity.session_id', '=', session)
    .where('identity.account_id', '=', account)
    .executeTakeFirst()
  if (!row || !stands(row)) return undefined
  const { user_id, user_name } = row
  return {
    user: user_id === null || user_name === null ? undefined : { id: user_id, name: user_name },
    accessKeyId: row.access_key_id ?? undefined,
  }
}

interface Vouched extends Pick<Identity, 'user_id' | 'method' | 'password_set_at'> {
  readonly user_name: string | null
  readonly key_status: string | null
  readonly user_password: string | null
  readonly account_password: string | null
}

function stands(identity: Vouched): boolean {
  const isUser = identity.user_id !== null
  if (isUser && identity.user_name === null) return false
  switch (identity.method) {
    case 'key':
      return identity.key_status === 'Active'
    case 'password':
      return identity.password_set_at === (isUser ? identity.user_password : identity.account_password)
    case 'link':
      return true
  }
}

/** What the session may act as. */
export async function identitiesOf(tx: Tx, session: string): Promise<readonly Identity[]> {
  return await tx
    .selectFrom('console_identity')
    .select(['account_id', 'user_id', 'method', 'access_key_id', 'password_set_at'])
    .where('session_id', '=', session)
    .execute()
}

export async function endSession(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('console_session').where('id', '=', id).execute()
}

/** The accounts that the session may act as. */
export async function accountsOf(
  tx: Tx,
  session: Session,
): Promise<readonly { readonly id: AccountId; readonly name: string }[]> {
  const accounts = tx.selectFrom('account').select(['id', 'name']).orderBy('created_at').orderBy('id')
  const own = tx.selectFrom('console_identity').select('account_id').where('session_id', '=', session.id)
  const rows = await (session.everyAccount ? accounts : accounts.where('id', 'in', own)).execute()
  return rows.map(({ id, name }) => ({ id: id as AccountId, name }))
}

/** False when the session may not act as that account, or there is none. */
export async function switchAccount(tx: Tx, session: Session, account: AccountId): Promise<boolean> {
  const accounts = await accountsOf(tx, session)
  if (!accounts.some(({ id }) => id === account)) return false
  await tx.updateTable('console_session').set({ account_id: account }).where('id', '=', session.id).execute()
  return true
}

const linkMs = 10 * 60_000

/** A token that signs in once, as one account or, without one, as any. */
export async function createLink(
  db: Kysely<Tables>,
  account: AccountId | undefined,
  now: Date,
  randomBytes: RandomBytes,
): Promise<{ readonly token: string; readonly expiresAt: Date }> {
  const token = newToken(randomBytes)
  const expiresAt = new Date(now.getTime() + linkMs)
  await db
    .insertInto('console_link')
    .values({ id: hashToken(token), account_id: account ?? null, ends_at: expiresAt.toISOString() })
    .execute()
  return { token, expiresAt }
}

/** What the link is for; undefined when it was used or has expired. It is used up in any case. */
export async function takeLink(
  tx: Tx,
  token: string,
  now: Date,
): Promise<{ readonly account: AccountId | undefined } | undefined> {
  const row = await tx
    .deleteFrom('console_link')
    .where('id', '=', hashToken(token))
    .returningAll()
    .executeTakeFirst()
  return row && row.ends_at > now.toISOString() ? { account: row.account_id ?? undefined } : undefined
}

export async function forgetOldSessions(tx: Tx, now: Date): Promise<void> {
  const longestIdle = new Date(now.getTime() - idleMs).toISOString()
  await tx
    .deleteFrom('console_session')
    .where((eb) => eb.or([eb('ends_at', '<=', now.toISOString()), eb('seen_at', '<=', longestIdle)]))
    .execute()
  await tx.deleteFrom('console_link').where('ends_at', '<=', now.toISOString()).execute()
}

/** 256 bits, so that there is nothing to try. */
function newToken(randomBytes: RandomBytes): string {
  return Buffer.from(randomBytes(32)).toString('base64url')
}

/** Of a random token one round is enough: it cannot be guessed from its hash. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
