import type { Generated } from 'kysely'

/** One call. Texts are empty where there is nothing to say. */
export interface AuditEventTable {
  seq: Generated<number>
  at: string
  /** Empty when nobody was authenticated. */
  account_id: string
  principal_type: 'root-account' | 'ram-user' | 'assumed-role' | 'operator' | 'system' | 'unknown'
  principal_id: string
  user_name: string
  access_key_id: string
  source_ip: string
  user_agent: string
  host: string
  /** Empty where nobody asked. */
  scheme: 'http' | 'https' | ''
  /** How it came, as ActionTrail names it. */
  event_type: 'AliyunServiceEvent' | 'ApiCall' | 'ConsoleOperation' | 'ConsoleSignin' | 'ConsoleSignout'
  product: string
  version: string
  action: string
  effect: 'read' | 'write'
  region_id: string
  request_id: string
  error_code: string
  error_message: string
  /** JSON object of names and values, without what is secret. */
  parameters: string
  /** JSON object: type → ids. */
  resources: string
}

/** A connection's zone whose open flows were ended. */
export interface CutEventTable {
  seq: Generated<number>
  endpoint_id: string
  zone_id: string
  cause: 'disconnected' | 'security-group'
  /** The call that did it; empty, and no time, when none is on record. */
  action: string
  request_id: string
  called_at: string | null
  kernel_at: string
  ended_at: string
  flows: number
  /** The agent's name for it; none for what was stored before migration 029. */
  told_as: string | null
}

/** Which calls name a resource. */
export interface AuditResourceTable {
  account_id: string
  name: string
  at: string
  seq: number
}

/** Events below it may be purged; the single row has the id 1. */
export interface AuditHorizonTable {
  id: number
  seq: number
}
