/** Rows as they are stored. One interface per table; times are ISO text, truth values 0 or 1, lists JSON text. */

import type { Generated } from 'kysely'
import type { WorldList } from '../model/world.ts'
import type { AuditEventTable, AuditHorizonTable, AuditResourceTable, CutEventTable } from './audit-tables.ts'
import type { ConsoleTables } from './console-tables.ts'
import type { MetricTables } from './metric-tables.ts'
import type { RamTables } from './ram-tables.ts'
import type { ResourceTables } from './resource-tables.ts'

export type * from './audit-tables.ts'
export type * from './console-tables.ts'
export type * from './metric-tables.ts'
export type * from './ram-tables.ts'
export type * from './resource-tables.ts'

export interface Tables extends ResourceTables, RamTables, MetricTables, ConsoleTables {
  account: AccountTable
  access_key: AccessKeyTable
  nonce: NonceTable
  client_token: ClientTokenTable
  change: ChangeTable
  audit_event: AuditEventTable
  audit_resource: AuditResourceTable
  audit_horizon: AuditHorizonTable
  cut_event: CutEventTable
  consumer_limit: ConsumerLimitTable
  cut_event_horizon: { seq: number }
  zone_outage: ZoneOutageTable
}

/** Open flows at one service: of one account, or of each that has no limit of its own (`all`). */
export interface ConsumerLimitTable {
  consumer: string
  connections: number
}

/** A zone that is down. */
export interface ZoneOutageTable {
  zone_id: string
  since: string
}

export interface AccountTable {
  id: string
  name: string
  created_at: string
  /** Activation of PrivateLink: time, or null while it is not open. */
  privatelink_opened_at: string | null
  /** Unique; null while it has none. */
  alias: string | null
}

export interface AccessKeyTable {
  id: string
  account_id: string
  /** The RAM user whose key it is; null: the account's own. */
  user_id: string | null
  /** AES-256-GCM of the secret under a key kept outside the database: base64 of nonce, tag and text. */
  sealed_secret: string
  status: 'Active' | 'Inactive'
  created_at: string
}

/** Signature nonces seen within the replay window. */
export interface NonceTable {
  access_key_id: string
  nonce: string
  seen_at: string
}

/** Answers of writes that carried a ClientToken. */
export interface ClientTokenTable {
  account_id: string
  action: string
  token: string
  /** SHA-256 of the parameters, to tell a repeat from a different request. */
  params_hash: string
  response: string
  created_at: string
}

/** What changed in the world, in order; written by triggers. */
export interface ChangeTable {
  seq: Generated<number>
  kind: WorldList | 'world' | 'transit'
  id: string
  /** Whose it was, of what was deleted. */
  account_id: string | null
}
