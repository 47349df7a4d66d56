/** What an account demands of its users' passwords. Names and defaults are those of RAM's SetPasswordPolicy. */
export interface PasswordPolicy {
  readonly minimumLength: number
  readonly requireLowercase: boolean
  readonly requireUppercase: boolean
  readonly requireNumbers: boolean
  readonly requireSymbols: boolean
  /** An expired password signs nobody in; otherwise it still serves to be changed. */
  readonly hardExpiry: boolean
  /** Days that a password lasts; 0 stands for ever. */
  readonly maxAgeDays: number
  /** How many earlier passwords a new one must differ from. */
  readonly reusePrevention: number
  /** Within one hour; 0 stands for any number. */
  readonly maxLoginAttempts: number
}

export const defaultPasswordPolicy: PasswordPolicy = {
  minimumLength: 8,
  requireLowercase: false,
  requireUppercase: false,
  requireNumbers: false,
  requireSymbols: false,
  hardExpiry: false,
  maxAgeDays: 0,
  reusePrevention: 0,
  maxLoginAttempts: 5,
}

/** More than any policy asks for, and little enough that nobody makes the server hash megabytes. */
export const longestPassword = 128

export function isStrong(policy: PasswordPolicy, password: string): boolean {
  const { length } = password
  return (
    length >= policy.minimumLength &&
    length <= longestPassword &&
    (!policy.requireLowercase || /\p{Ll}/u.test(password)) &&
    (!policy.requireUppercase || /\p{Lu}/u.test(password)) &&
    (!policy.requireNumbers || /\p{Nd}/u.test(password)) &&
    (!policy.requireSymbols || /[^\p{L}\p{N}\s]/u.test(password))
  )
}

export function isExpired({ maxAgeDays }: PasswordPolicy, changedAt: string, now: Date): boolean {
  return maxAgeDays > 0 && now.getTime() - Date.parse(changedAt) > maxAgeDays * 86_400_000
}
