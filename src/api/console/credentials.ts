/** Who signs in, and with what: an access key, a password, or a link that the operator was given. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { AccountId } from '../../model/ids.ts'
import { isStrong } from '../../model/password-policy.ts'
import { findAccessKey } from '../../store/access-keys.ts'
import { checkAccountPassword } from '../../store/account-passwords.ts'
import { isAccountId } from '../../store/accounts.ts'
import {
  changePassword,
  checkPassword,
  findLoginProfile,
  type PasswordCheck,
} from '../../store/ram-login-profiles.ts'
import { passwordPolicyOf } from '../../store/ram-password-policies.ts'
import { hashPassword } from '../../store/ram-passwords.ts'
import type { SealKey } from '../../store/seal.ts'
import type { Identity } from '../../store/sessions.ts'
import type { Tables } from '../../store/tables.ts'
import { ApiError } from '../errors.ts'

const short = z.string().min(1).max(128)
const accountId = z.string().refine(isAccountId)

const key = z.strictObject({ accessKeyId: short, accessKeySecret: short })
const password = z.strictObject({
  account: accountId,
  /** Empty: the account itself. */
  user: z.string().max(128).optional(),
  password: short,
  /** For a user who must change it before anything else. */
  newPassword: short.optional(),
})
const link = z.strictObject({ link: short })

export const credentials = z.union([key, password, link])

export type Credentials = z.infer<typeof credentials>
export type Link = z.infer<typeof link>

export interface Vault {
  readonly db: Kysely<Tables>
  readonly sealKey: SealKey
}

/** Whom the credentials name, known or not: what tries are counted by. */
export function nameOf(given: Exclude<Credentials, Link>): string {
  return 'accessKeyId' in given ? given.accessKeyId : `${given.account}/${given.user ?? ''}`
}

/** Not in a transaction: hashing takes long, and all other requests would wait. @throws ApiError */
export async function identify(
  vault: Vault,
  given: Exclude<Credentials, Link>,
  now: Date,
): Promise<Identity> {
  if ('accessKeyId' in given) return await keyHolder(vault, given)
  const { account, user } = given
  return !user ? await accountItself(vault, given) : await userOf(vault, { ...given, account, user }, now)
}

async function keyHolder(
  { db, sealKey }: Vault,
  { accessKeyId, accessKeySecret }: z.infer<typeof key>,
): Promise<Identity> {
  const found = await findAccessKey(db, sealKey, accessKeyId)
  // Of a key that is not there the answer says no more than of a wrong secret.
  const right = sameText(accessKeySecret, found?.secret ?? '')
  if (!found || !right || found.status !== 'Active') throw new ApiError('ConsoleSignInFailed')
  return {
    account_id: found.account,
    user_id: found.user?.id ?? null,
    method: 'key',
    access_key_id: found.id,
    password_set_at: null,
  }
}

/** Hashed, so that neither length nor content can be told from the time. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

type Password = z.infer<typeof password>

async function accountItself({ db }: Vault, given: Password): Promise<Identity> {
  if (given.newPassword !== undefined) throw notToBeChanged()
  const setAt = await checkAccountPassword(db, given.account, given.password)
  if (setAt === undefined) throw new ApiError('ConsoleSignInFailed')
  return byPassword(given.account, null, setAt)
}

async function userOf(
  { db }: Vault,
  given: Password & { readonly user: string },
  now: Date,
): Promise<Identity> {
  const checked = await checkPassword(db, given.account, given.user, given.password, now)
  if (!checked.ok) throw new ApiError(refusals[checked.reason])
  const { id } = checked.user
  if (checked.mustChange) await changeExpired(db, given.account, id, given.newPassword, now)
  else if (given.newPassword !== undefined) throw notToBeChanged()
  const profile = await findLoginProfile(db, id)
  if (!profile) throw new ApiError('ConsoleSignInFailed')
  return byPassword(given.account, id, profile.changed_at)
}

const refusals: Readonly<Record<Extract<PasswordCheck, { ok: false }>['reason'], string>> = {
  Wrong: 'ConsoleSignInFailed',
  Locked: 'ConsoleSignInLocked',
  Expired: 'ConsolePasswordExpired',
  SecondFactor: 'ConsoleSecondFactorNeeded',
}

async function changeExpired(
  db: Kysely<Tables>,
  account: AccountId,
  user: string,
  newPassword: string | undefined,
  now: Date,
): Promise<void> {
  if (newPassword === undefined) throw new ApiError('ConsoleNewPasswordNeeded')
  const policy = await passwordPolicyOf(db, account)
  if (!isStrong(policy, newPassword)) throw new ApiError('InvalidParameter.NewPassword.TooWeak')
  const profile = await findLoginProfile(db, user)
  if (!profile) throw new ApiError('ConsoleSignInFailed')
  // Whatever the policy remembers, a change leaves another password.
  const change = { reusePrevention: Math.max(1, policy.reusePrevention) }
  const hash = await hashPassword(newPassword, profile.salt)
  if (!(await changePassword(db, profile, hash, change, now))) {
    throw new ApiError('InvalidParameter.NewPassword.ReusePrevention')
  }
}

function notToBeChanged(): ApiError {
  return new ApiError('InvalidParameter', { name: 'newPassword', reason: 'the password need not be changed' })
}

function byPassword(account: AccountId, user: string | null, setAt: string): Identity {
  return {
    account_id: account,
    user_id: user,
    method: 'password',
    access_key_id: null,
    password_set_at: setAt,
  }
}
