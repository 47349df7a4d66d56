/** Rows of RAM: users, groups, roles, policies and what is attached to whom. */

export interface RamTables {
  ram_user: RamUserTable
  ram_group: RamGroupTable
  ram_group_member: RamGroupMemberTable
  ram_role: RamRoleTable
  ram_policy: RamPolicyTable
  ram_policy_version: RamPolicyVersionTable
  ram_attachment: RamAttachmentTable
  login_profile: LoginProfileTable
  password_policy: PasswordPolicyTable
}

interface Entity {
  id: string
  account_id: string
  name: string
  created_at: string
  updated_at: string
}

export interface RamUserTable extends Entity {
  display_name: string
  mobile_phone: string
  email: string
  comments: string
  /** By password, in the console. */
  last_login_at: string | null
}

export interface RamGroupTable extends Entity {
  comments: string
}

export interface RamGroupMemberTable {
  group_id: string
  user_id: string
  joined_at: string
}

export interface RamRoleTable extends Entity {
  description: string
  trust_policy: string
  max_session_seconds: number
}

/** A custom policy; the system's own are data of the model. */
export interface RamPolicyTable {
  account_id: string
  name: string
  description: string
  /** Number of the version that counts. */
  default_version: number
  /** Number of the newest version there ever was: numbers are not used again. */
  last_version: number
  created_at: string
  updated_at: string
}

export interface RamPolicyVersionTable {
  account_id: string
  policy_name: string
  version: number
  document: string
  created_at: string
}

export interface RamAttachmentTable {
  account_id: string
  policy_type: PolicyType
  policy_name: string
  principal_kind: PrincipalKind
  principal_id: string
  attached_at: string
}

/** The password of a user. */
export interface LoginProfileTable {
  user_id: string
  /** One for all passwords of the user, so that one hash compares a new one with all earlier ones. */
  salt: string
  password_hash: string
  /** JSON list of hashes, the newest first. */
  earlier_hashes: string
  reset_required: number
  mfa_required: number
  created_at: string
  /** When the password became what it is. */
  changed_at: string
  /** How often a password was tried since the last right one, within an hour of the first try. */
  attempts: number
  /** The first of these tries. */
  attempts_since: string
}

export interface PasswordPolicyTable {
  account_id: string
  minimum_length: number
  require_lowercase: number
  require_uppercase: number
  require_numbers: number
  require_symbols: number
  hard_expiry: number
  max_age_days: number
  reuse_prevention: number
  max_login_attempts: number
}

export type PolicyType = 'System' | 'Custom'
export type PrincipalKind = 'user' | 'group' | 'role'
