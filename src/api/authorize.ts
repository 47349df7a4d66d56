/**
 * May the caller do this? The account itself may do everything; its users and the sessions of its roles what policies allow
 * them, on every resource that the request is about. See `docs/design/identity.md`.
 */
import type { Transaction } from 'kysely'
import { decide, parsePolicy, type Policy } from '../model/policy.ts'
import { policiesInForce } from '../store/ram-attachments.ts'
import type { Tables } from '../store/tables.ts'
import { AccessDenied, type AccessDeniedDetail } from './access-denied.ts'
import type { Action, ActionContext, Principal, Product } from './action.ts'
import { ramCode, resourcesOf } from './request-resources.ts'

/** @throws AccessDenied */
export async function authorize(
  tx: Transaction<Tables>,
  found: { readonly product: Product; readonly action: Action },
  params: ReadonlyMap<string, string>,
  { caller, region, circumstances }: Pick<ActionContext, 'caller' | 'region' | 'circumstances'>,
): Promise<void> {
  const { product, action } = found
  const { account, principal } = caller
  if (principal.kind === 'account' || action.authorization === 'none') return
  const own = await policiesInForce(tx, account, principal.kind, principal.id)
  const limits: (readonly [AccessDeniedDetail['PolicyType'], readonly Policy[]])[] = [
    ['AccountLevelIdentityBasedPolicy', own.map(readStored)],
  ]
  if (principal.kind === 'role' && principal.policy !== undefined) {
    limits.push(['SessionPolicy', [readStored(principal.policy)]])
  }
  const authAction = `${ramCode(product)}:${action.name}`
  for (const resource of resourcesOf(found, params, caller, region)) {
    for (const [PolicyType, policies] of limits) {
      const decision = decide(policies, { action: authAction, resource, circumstances })
      if (decision === 'Allow') continue
      throw new AccessDenied(product.denied ?? 'NoPermission', resource, {
        AuthAction: authAction,
        AuthPrincipalOwnerId: account,
        ...describe(principal),
        NoPermissionType: decision,
        PolicyType,
      })
    }
  }
}

/** Documents were checked when they were stored. */
function readStored(document: string): Policy {
  const policy = parsePolicy(document)
  if (typeof policy === 'string') throw new Error(`a stored policy cannot be read: ${policy}`)
  return policy
}

function describe(principal: Exclude<Principal, { kind: 'account' }>) {
  return principal.kind === 'user'
    ? { AuthPrincipalType: 'SubUser' as const, AuthPrincipalDisplayName: principal.id }
    : {
        AuthPrincipalType: 'AssumedRoleUser' as const,
        AuthPrincipalDisplayName: `${principal.name}:${principal.session}`,
      }
}
