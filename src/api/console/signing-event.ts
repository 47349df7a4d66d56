import type { NewAuditEvent } from '../../store/audit.ts'
import type { Session } from '../../store/sessions.ts'
import { describeCall, type Origin } from '../audit.ts'
import { callerOfSession } from './caller.ts'

/** As ActionTrail records who signs in and out: not an action of a product, but an event of the service that knows people. */
export function describeSigning(
  name: 'ConsoleSignin' | 'ConsoleSignout',
  origin: Origin,
  region: string,
  session: Session,
): NewAuditEvent {
  const caller = callerOfSession(session)
  const call = {
    origin,
    eventType: name,
    version: '',
    action: { product: session.user ? 'AasSub' : 'AasCustomer', name, effect: 'write' },
    caller,
    region,
    params: new Map(),
  } as const
  return describeCall(call, { result: '{}' })
}
