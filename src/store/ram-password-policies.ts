import type { AccountId } from '../model/ids.ts'
import { defaultPasswordPolicy, type PasswordPolicy } from '../model/password-policy.ts'
import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

export async function passwordPolicyOf(db: Kysely<Tables>, account: AccountId): Promise<PasswordPolicy> {
  const row = await db
    .selectFrom('password_policy')
    .selectAll()
    .where('account_id', '=', account)
    .executeTakeFirst()
  if (!row) return defaultPasswordPolicy
  return {
    minimumLength: row.minimum_length,
    requireLowercase: row.require_lowercase === 1,
    requireUppercase: row.require_uppercase === 1,
    requireNumbers: row.require_numbers === 1,
    requireSymbols: row.require_symbols === 1,
    hardExpiry: row.hard_expiry === 1,
    maxAgeDays: row.max_age_days,
    reusePrevention: row.reuse_prevention,
    maxLoginAttempts: row.max_login_attempts,
  }
}

export async function setPasswordPolicy(
  db: Kysely<Tables>,
  account: AccountId,
  policy: PasswordPolicy,
): Promise<void> {
  const columns = {
    minimum_length: policy.minimumLength,
    require_lowercase: Number(policy.requireLowercase),
    require_uppercase: Number(policy.requireUppercase),
    require_numbers: Number(policy.requireNumbers),
    require_symbols: Number(policy.requireSymbols),
    hard_expiry: Number(policy.hardExpiry),
    max_age_days: policy.maxAgeDays,
    reuse_prevention: policy.reusePrevention,
    max_login_attempts: policy.maxLoginAttempts,
  }
  await db
    .insertInto('password_policy')
    .values({ account_id: account, ...columns })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(columns))
    .execute()
}
