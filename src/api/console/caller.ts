import type { Caller } from '../action.ts'
import { callerOf } from '../caller.ts'
import type { Session } from '../../store/sessions.ts'

/** The same as if a key of the account or of the user had signed. */
export function callerOfSession({ account, user, accessKeyId }: Session): Caller {
  return callerOf(account, user ? { kind: 'user', ...user } : { kind: 'account' }, accessKeyId ?? '')
}
