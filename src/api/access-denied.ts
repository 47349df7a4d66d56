import { ApiError } from './errors.ts'

/** Which call of whom was refused for want of a right, as `AccessDeniedDetail` has it. */
export interface AccessDeniedDetail {
  readonly AuthAction: string
  readonly AuthPrincipalType: 'SubUser' | 'AssumedRoleUser'
  readonly AuthPrincipalOwnerId: string
  readonly AuthPrincipalDisplayName: string
  readonly NoPermissionType: 'ExplicitDeny' | 'ImplicitDeny'
  readonly PolicyType: 'AccountLevelIdentityBasedPolicy' | 'SessionPolicy'
}

export class AccessDenied extends ApiError {
  readonly detail: AccessDeniedDetail

  constructor(code: string, resource: string, detail: AccessDeniedDetail) {
    super(code, { reason: `Action: ${detail.AuthAction}. Resource: ${resource}.` })
    this.detail = detail
  }
}
