/** Rows of the console: passwords, who is signed in, and links that sign in. Of tokens and passwords only hashes are kept. */
import type { AccountId } from '../model/ids.ts'

export interface ConsoleTables {
  account_password: AccountPasswordTable
  console_session: ConsoleSessionTable
  console_identity: ConsoleIdentityTable
  console_link: ConsoleLinkTable
}

export interface AccountPasswordTable {
  account_id: AccountId
  salt: string
  password_hash: string
  set_at: string
}

export interface ConsoleSessionTable {
  /** SHA-256 of the token, in hex. */
  id: string
  /** The one it acts as now. */
  account_id: AccountId
  /** 1: the operator's, who may act as every account. */
  every_account: number
  /** To the minute. */
  seen_at: string
  /** Whatever happens. */
  ends_at: string
}

/** What a session may act as, and what vouched for it: while that stands, the identity does. */
export interface ConsoleIdentityTable {
  session_id: string
  account_id: AccountId
  /** Null: the account itself. */
  user_id: string | null
  method: 'key' | 'password' | 'link'
  /** Of `key`. */
  access_key_id: string | null
  /** Of `password`: which one it was, by the time when it was set. */
  password_set_at: string | null
}

export interface ConsoleLinkTable {
  /** SHA-256 of the token, in hex. */
  id: string
  /** Null: every account. */
  account_id: AccountId | null
  ends_at: string
}
