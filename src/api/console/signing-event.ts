/** As ActionTrail records who signs in and out: not an action of a product, but an event of the service that knows people. */
import type { AccountId } from '../../model/ids.ts'
import type { NewAuditEvent } from '../../store/audit.ts'
import type { Session } from '../../store/sessions.ts'
import { describeCall, type AuditedCall, type Origin } from '../audit.ts'
import type { ApiError } from '../errors.ts'
import { callerOfSession } from './caller.ts'

type Signing = 'ConsoleSignin' | 'ConsoleSignout'

export function describeSigning(
  name: Signing,
  origin: Origin,
  region: string,
  session: Session,
): NewAuditEvent {
  const product = session.user ? 'AasSub' : 'AasCustomer'
  const call = { ...signing(name, origin, region, product), caller: callerOfSession(session) }
  return describeCall(call, { result: '{}' })
}

/** Of a try the account learns, if there is one of that name; not whom it was to be, for nobody vouches for that. */
export function describeRefusal(
  origin: Origin,
  region: string,
  account: AccountId | undefined,
  error: ApiError,
): NewAuditEvent {
  const call = { ...signing('ConsoleSignin', origin, region, 'AasCustomer'), caller: undefined }
  return { ...describeCall(call, { error }), account_id: account ?? '' }
}

function signing(
  name: Signing,
  origin: Origin,
  region: string,
  product: string,
): Omit<AuditedCall, 'caller'> {
  const action = { product, name, effect: 'write' } as const
  return { origin, eventType: name, version: '', action, region, params: new Map() }
}
