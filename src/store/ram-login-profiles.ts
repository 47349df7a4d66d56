/** Passwords of RAM users: set by RAM's actions, checked where somebody signs in to the console. */
import { sql, type Kysely } from 'kysely'
import type { AccountId } from '../model/ids.ts'
import { isExpired, longestPassword, type PasswordPolicy } from '../model/password-policy.ts'
import { passwordPolicyOf } from './ram-password-policies.ts'
import { hashPassword, sameHash, type SaltedHash } from './ram-passwords.ts'
import type { LoginProfileTable, Tables } from './tables.ts'

export async function findLoginProfile(
  db: Kysely<Tables>,
  user: string,
): Promise<LoginProfileTable | undefined> {
  return await db.selectFrom('login_profile').selectAll().where('user_id', '=', user).executeTakeFirst()
}

export interface LoginSettings {
  readonly resetRequired: boolean
  readonly mfaRequired: boolean
}

export async function insertLoginProfile(
  db: Kysely<Tables>,
  user: string,
  { salt, hash }: SaltedHash,
  { resetRequired, mfaRequired }: LoginSettings,
  now: Date,
): Promise<LoginProfileTable> {
  const row: LoginProfileTable = {
    user_id: user,
    salt,
    password_hash: hash,
    earlier_hashes: '[]',
    reset_required: Number(resetRequired),
    mfa_required: Number(mfaRequired),
    created_at: now.toISOString(),
    changed_at: now.toISOString(),
    attempts: 0,
    attempts_since: now.toISOString(),
  }
  await db.insertInto('login_profile').values(row).execute()
  return row
}

export async function updateLoginSettings(
  db: Kysely<Tables>,
  user: string,
  { resetRequired, mfaRequired }: LoginSettings,
): Promise<void> {
  await db
    .updateTable('login_profile')
    .set({ reset_required: Number(resetRequired), mfa_required: Number(mfaRequired) })
    .where('user_id', '=', user)
    .execute()
}

/** Earlier passwords that are kept, whatever the policy says today: as many as one can ask for. */
const mostEarlier = 24

/** False when the policy forbids to use the password again. `hash` is the new one's, by the profile's salt. A new password may be tried anew. */
export async function changePassword(
  db: Kysely<Tables>,
  profile: LoginProfileTable,
  hash: string,
  { reusePrevention }: Pick<PasswordPolicy, 'reusePrevention'>,
  now: Date,
): Promise<boolean> {
  const used = [profile.password_hash, ...(JSON.parse(profile.earlier_hashes) as string[])]
  if (used.slice(0, reusePrevention).some((earlier) => sameHash(earlier, hash))) return false
  await db
    .updateTable('login_profile')
    .set({
      password_hash: hash,
      earlier_hashes: JSON.stringify(used.slice(0, mostEarlier)),
      reset_required: 0,
      changed_at: now.toISOString(),
      attempts: 0,
      attempts_since: now.toISOString(),
    })
    .where('user_id', '=', profile.user_id)
    .execute()
  return true
}

/** False when there was none. */
export async function deleteLoginProfile(db: Kysely<Tables>, user: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('login_profile')
    .where('user_id', '=', user)
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}

export type PasswordCheck =
  | {
      readonly ok: true
      readonly user: { readonly id: string; readonly name: string }
      /** Nothing but `changePassword` may follow. */
      readonly mustChange: boolean
    }
  | {
      readonly ok: false
      /** `Wrong` does not tell whether there is such a user; `SecondFactor`: the user needs one, and none is carried. */
      readonly reason: 'Wrong' | 'Locked' | 'Expired' | 'SecondFactor'
    }

const attemptsCountMs = 3_600_000
/** What nobody's password is hashed with: who asks for a user that is not there waits as long as anybody. */
const nobodysSalt = 'nobody'

/**
 * Is this the user's password? To be called with the database, not in a transaction: hashing takes long, and all other
 * requests would wait. Each try counts before it is hashed, so tries at the same time count as well; what is written after that is
 * written only when the password is still the one that was compared.
 */
export async function checkPassword(
  db: Kysely<Tables>,
  account: AccountId,
  userName: string,
  password: string,
  now: Date,
): Promise<PasswordCheck> {
  const user = await db
    .selectFrom('ram_user')
    .select(['id', 'name'])
    .where('account_id', '=', account)
    .where('name', '=', userName)
    .executeTakeFirst()
  const profile = user && (await countAttempt(db, user.id, now))
  if (!profile) {
    await hashPassword(password.slice(0, longestPassword), nobodysSalt)
    return { ok: false, reason: 'Wrong' }
  }
  const policy = await passwordPolicyOf(db, account)
  if (policy.maxLoginAttempts > 0 && profile.attempts > policy.maxLoginAttempts) {
    return { ok: false, reason: 'Locked' }
  }
  if (password.length > longestPassword) return { ok: false, reason: 'Wrong' }
  const hash = await hashPassword(password, profile.salt)
  if (!sameHash(hash, profile.password_hash)) return { ok: false, reason: 'Wrong' }
  if (profile.mfa_required === 1) return { ok: false, reason: 'SecondFactor' }
  const expired = isExpired(policy, profile.changed_at, now)
  if (expired && policy.hardExpiry) return { ok: false, reason: 'Expired' }
  if (!(await countLogin(db, profile, now))) return { ok: false, reason: 'Wrong' }
  return { ok: true, user, mustChange: expired || profile.reset_required === 1 }
}

/** The profile with this try in it. */
async function countAttempt(
  db: Kysely<Tables>,
  user: string,
  now: Date,
): Promise<LoginProfileTable | undefined> {
  const at = now.toISOString()
  const oldest = new Date(now.getTime() - attemptsCountMs).toISOString()
  const anew = sql<boolean>`attempts = 0 or attempts_since < ${oldest}`
  return await db
    .updateTable('login_profile')
    .set({
      attempts: sql<number>`case when ${anew} then 1 else attempts + 1 end`,
      attempts_since: sql<string>`case when ${anew} then ${at} else attempts_since end`,
    })
    .where('user_id', '=', user)
    .returningAll()
    .executeTakeFirst()
}

/** False when the password has changed since it was compared. */
async function countLogin(db: Kysely<Tables>, profile: LoginProfileTable, now: Date): Promise<boolean> {
  const at = now.toISOString()
  const { numUpdatedRows } = await db
    .updateTable('login_profile')
    .set({ attempts: 0, attempts_since: at })
    .where('user_id', '=', profile.user_id)
    .where('password_hash', '=', profile.password_hash)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) return false
  await db.updateTable('ram_user').set({ last_login_at: at }).where('id', '=', profile.user_id).execute()
  return true
}
