/** What vouches for who signs in: an access key, or a link that the operator was given. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { AccountId, RandomBytes } from '../../model/ids.ts'
import { findAccessKey } from '../../store/access-keys.ts'
import { createAccount, listAccounts, newAccountId } from '../../store/accounts.ts'
import type { Tx } from '../../store/page.ts'
import type { SealKey } from '../../store/seal.ts'
import { openSession, takeLink, type Identity, type NewSession } from '../../store/sessions.ts'
import { ApiError } from '../errors.ts'

const short = z.string().min(1).max(128)

export const credentials = z.union([
  z.strictObject({ accessKeyId: short, accessKeySecret: short }),
  z.strictObject({ link: short }),
])

export type Credentials = z.infer<typeof credentials>

export interface SignInOptions {
  readonly sealKey: SealKey
  readonly randomBytes: RandomBytes
}

/** @throws ApiError */
export async function signIn(
  tx: Tx,
  { sealKey, randomBytes }: SignInOptions,
  given: Credentials,
  now: Date,
): Promise<NewSession> {
  if ('link' in given) return await followLink(tx, given.link, now, randomBytes)
  const identity = await keyHolder(tx, sealKey, given)
  return await openSession(tx, identity.account_id, [identity], now, randomBytes)
}

async function keyHolder(
  tx: Tx,
  sealKey: SealKey,
  given: { readonly accessKeyId: string; readonly accessKeySecret: string },
): Promise<Identity> {
  const key = await findAccessKey(tx, sealKey, given.accessKeyId)
  // Of a key that is not there the answer says no more than of a wrong secret.
  const right = sameText(given.accessKeySecret, key?.secret ?? '')
  if (!key || !right || key.status !== 'Active') throw new ApiError('ConsoleSignInFailed')
  return {
    account_id: key.account,
    user_id: key.user?.id ?? null,
    method: 'key',
    access_key_id: key.id,
    password_set_at: null,
  }
}

/** Hashed, so that neither length nor content can be told from the time. */
function sameText(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => createHash('sha256').update(text).digest())
  return one !== undefined && other !== undefined && timingSafeEqual(one, other)
}

async function followLink(tx: Tx, token: string, now: Date, randomBytes: RandomBytes): Promise<NewSession> {
  const link = await takeLink(tx, token, now)
  if (!link) throw new ApiError('ConsoleLinkExpired')
  if (link.account === undefined) {
    const account = await firstAccount(tx, now, randomBytes)
    return await openSession(tx, account, 'every account', now, randomBytes)
  }
  const identity: Identity = {
    account_id: link.account,
    user_id: null,
    method: 'link',
    access_key_id: null,
    password_set_at: null,
  }
  return await openSession(tx, link.account, [identity], now, randomBytes)
}

/** Who follows the link that `up` printed on a new deployment has no account yet, and needs one for anything there. */
async function firstAccount(tx: Tx, now: Date, randomBytes: RandomBytes): Promise<AccountId> {
  const [first] = await listAccounts(tx)
  if (first) return first.id
  const id = newAccountId(randomBytes)
  await createAccount(tx, { id, name: 'default', createdAt: now.toISOString() })
  return id
}
