/**
 * An action of the public API, declared once. Validation, the CLI's flags, the reference pages and the console's
 * types are all derived from the table of these (`table.ts`).
 */
import type { Transaction } from 'kysely'
import type { z } from 'zod'
import type { AccountId, RandomBytes, RegionId } from '../model/ids.ts'
import type { RegionTable } from '../model/regions.ts'
import type { Report } from '../protocol/messages.ts'
import type { Tables } from '../store/tables.ts'
import type { ParamErrorStyle, Params } from './params.ts'

export type ProductName =
  'Privatelink' | 'Vpc' | 'Ecs' | 'Slb' | 'ResourceManager' | 'Sts' | 'Location' | 'BssOpenApi'

export interface Product {
  readonly name: ProductName
  /** Unique per product, so that one port serves all of them. */
  readonly version: string
  readonly paramErrors: ParamErrorStyle
  /** The code for a RegionId that is not one of the configured regions. */
  readonly unknownRegion: string
}

export interface Caller {
  readonly account: AccountId
  readonly accessKeyId: string
  /** `acs:ram::<account>:root`. */
  readonly arn: string
}

/** What a handler may touch. All it reads and writes is in one transaction, committed when it returns. */
export interface ActionContext {
  readonly tx: Transaction<Tables>
  readonly caller: Caller
  /** `RegionId` of the request, or the server's default; always one of the configured regions. */
  readonly region: RegionId
  readonly requestId: string
  readonly now: Date
  readonly randomBytes: RandomBytes
  readonly domainSuffix: string
  readonly regions: RegionTable
  /** `host:port` under which the client reached the server. */
  readonly apiHost: string
  /** The newest observations of the agent: health, instances, counters. */
  readonly observed: Observed
}

export type Observed = Pick<Report, 'health' | 'instances' | 'wires'>

/** How far an action does what the public one does. A note says, for users, what differs; it names actions as `Product.Action`. */
export type ActionStatus = 'full' | { readonly partial: string } | { readonly refused: string }

export interface Action<P extends Params = Params, R extends z.ZodType = z.ZodType> {
  readonly product: ProductName
  readonly name: string
  readonly summary: { readonly en: string; readonly zh: string }
  readonly status: ActionStatus
  /** Without the system parameters, and without RegionId, ClientToken and DryRun. */
  readonly params: P
  /** Without RequestId, which every answer carries. */
  readonly result: R
  /** `read` changes nothing; `write` takes ClientToken and DryRun. */
  readonly effect: 'read' | 'write'
  /** For writes whose effect no status tells: what the answer says is then true of the next packet. */
  readonly answer?: 'when-in-kernel'
  readonly handler: (context: ActionContext, params: z.infer<P>) => Promise<z.infer<R>>
}

export function defineAction<P extends Params, R extends z.ZodType>(action: Action<P, R>): Action {
  return action
}
