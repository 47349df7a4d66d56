/**
 * An action of the public API, declared once. Validation, the CLI's flags, the reference pages and the console's
 * types are all derived from the table of these (`table.ts`).
 */
import type { Transaction } from 'kysely'
import type { z } from 'zod'
import type { AccountId, RandomBytes, RegionId } from '../model/ids.ts'
import type { Circumstances } from '../model/policy-conditions.ts'
import type { RegionTable } from '../model/regions.ts'
import type { ConsoleAnswer, Report } from '../protocol/messages.ts'
import type { SealKey } from '../store/seal.ts'
import type { Tables } from '../store/tables.ts'
import type { ParamErrorStyle, Params } from './params.ts'
import type { Slowly } from './slow-work.ts'
import type { Rate } from './token-buckets.ts'

export type ProductName =
  | 'Actiontrail'
  | 'Cms'
  | 'Privatelink'
  | 'Vpc'
  | 'Ecs'
  | 'Slb'
  | 'Nlb'
  | 'ResourceManager'
  | 'Ram'
  | 'Sts'
  | 'Location'
  | 'BssOpenApi'
  | 'Tag'

export interface Product {
  readonly name: ProductName
  /** Unique per product, so that one port serves all of them. */
  readonly version: string
  readonly paramErrors: ParamErrorStyle
  /** The code for a RegionId that is not one of the configured regions. Without one the product has no regions, and no RegionId is wrong. */
  readonly unknownRegion?: string
  /** The code for a caller without the right; `NoPermission` when left out. */
  readonly denied?: string
}

/** What an access key stands for: the account itself, one of its RAM users, or a session of one of its roles. */
export type Principal =
  | { readonly kind: 'account' }
  | { readonly kind: 'user'; readonly id: string; readonly name: string }
  | {
      readonly kind: 'role'
      readonly id: string
      readonly name: string
      readonly session: string
      /** JSON text of the policy that narrows this session further than the role's own policies do. */
      readonly policy?: string | undefined
    }

export interface Caller {
  /** The account that owns what the caller makes and sees, whatever the principal. */
  readonly account: AccountId
  readonly principal: Principal
  /** The key that signed; `STS.…` for a role session. */
  readonly accessKeyId: string
  /** `acs:ram::<account>:root`, `…:user/<name>` or `…:assumed-role/<role>/<session>`. */
  readonly arn: string
}

/** What a handler may touch. All it reads and writes is in one transaction, committed when it returns. */
export interface ActionContext {
  readonly tx: Transaction<Tables>
  readonly caller: Caller
  /** What the conditions of policies may ask about the call. */
  readonly circumstances: Circumstances
  /** `RegionId` of the request, or the server's default; always one of the configured regions. */
  readonly region: RegionId
  readonly requestId: string
  readonly now: Date
  readonly randomBytes: RandomBytes
  readonly sealKey: SealKey
  readonly domainSuffix: string
  readonly regions: RegionTable
  /** `host:port` under which the client reached the server. */
  readonly apiHost: string
  /** The newest observations of the agent: health, instances, counters. */
  readonly observed: Observed
  /** For what takes longer than others may wait. */
  readonly slowly: Slowly
}

export type Observed = Pick<Report, 'balancers' | 'health' | 'instances' | 'wires'>

/** What only the agent can tell, at the moment it is asked. */
export interface AgentQuestions {
  /** The end of an instance's console log; undefined when the agent does not say. */
  readonly console: (instance: string) => Promise<ConsoleAnswer | undefined>
}

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
  /** For a token that was used with other parameters, where the documents do not say `IdempotentParameterMismatch`. */
  readonly tokenMismatch?: string
  /** For writes whose effect no status tells: what the answer says is then true of the next packet. */
  readonly answer?: 'when-in-kernel'
  /** Codes of its own, in alphabetical order, beside those that any parameter or any action may be refused with. */
  readonly errors?: readonly string[]
  /** How often one account may call it, where it costs far more than others do. */
  readonly rate?: Rate
  /** The answer shows a secret, or a password is asked for: neither answer nor a hash of the request is stored, so a ClientToken is not taken. */
  readonly secret?: true
  /** For the few that everyone may call who has a key. */
  readonly authorization?: 'none'
  readonly handler: (context: ActionContext, params: z.infer<P>) => Promise<z.input<R>>
  /** Completes the answer when the transaction is over, since nobody else's request may wait for the agent. */
  readonly complete?: (agent: AgentQuestions, answer: z.infer<R>, params: z.infer<P>) => Promise<z.infer<R>>
}

export function defineAction<P extends Params, R extends z.ZodType>(action: Action<P, R>): Action {
  return action
}
