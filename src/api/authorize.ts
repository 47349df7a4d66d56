/**
 * May the caller do this? The account itself may do everything; its users and the sessions of its roles what policies allow
 * them, on every resource that the request is about. See `docs/design/identity.md`.
 */
import type { Transaction } from 'kysely'
import { decide, parsePolicy, type Policy } from '../model/policy.ts'
import { policiesInForce } from '../store/ram-attachments.ts'
import type { Tables } from '../store/tables.ts'
import { AccessDenied, type AccessDeniedDetail } from './access-denied.ts'
import type { Action, ActionContext, Caller, Principal, Product } from './action.ts'
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
  const limits = await limitsOf(tx, account, principal)
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

/** Whether the caller may let a service have a role: a right beside that to the action which does so. */
export async function mayPassRole(
  { tx, caller, circumstances }: Pick<ActionContext, 'tx' | 'caller' | 'circumstances'>,
  role: string,
): Promise<boolean> {
  const { account, principal } = caller
  if (principal.kind === 'account') return true
  const asked = { action: 'ram:PassRole', resource: `acs:ram::${account}:role/${role}`, circumstances }
  const limits = await limitsOf(tx, account, principal)
  return limits.every(([, policies]) => decide(policies, asked) === 'Allow')
}

/** Each of them must allow what is done. */
async function limitsOf(
  tx: Transaction<Tables>,
  account: Caller['account'],
  principal: Exclude<Principal, { kind: 'account' }>,
): Promise<readonly (readonly [AccessDeniedDetail['PolicyType'], readonly Policy[]])[]> {
  const own = (await policiesInForce(tx, account, principal.kind, principal.id)).map(readStored)
  if (principal.kind !== 'role' || principal.policy === undefined) {
    return [['AccountLevelIdentityBasedPolicy', own]]
  }
  return [
    ['AccountLevelIdentityBasedPolicy', own],
    ['SessionPolicy', [readStored(principal.policy)]],
  ]
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
