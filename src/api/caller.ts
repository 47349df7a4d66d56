import type { AccountId } from '../model/ids.ts'
import type { Caller, Principal } from './action.ts'

export function callerOf(account: AccountId, principal: Principal, accessKeyId: string): Caller {
  return { account, principal, accessKeyId, arn: `acs:ram::${account}:${nameOf(principal)}` }
}

function nameOf(principal: Principal): string {
  switch (principal.kind) {
    case 'account':
      return 'root'
    case 'user':
      return `user/${principal.name}`
    case 'role':
      return `assumed-role/${principal.name}/${principal.session}`
  }
}
