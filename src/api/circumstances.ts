import type { Circumstances } from '../model/policy-conditions.ts'
import type { Origin } from './audit.ts'

/** Nobody signs in with a second factor here. */
export function circumstancesOf({
  at,
  scheme,
  sourceIp,
}: Pick<Origin, 'at' | 'scheme' | 'sourceIp'>): Circumstances {
  return {
    'acs:CurrentTime': at.toISOString(),
    'acs:MFAPresent': 'false',
    'acs:SecureTransport': String(scheme === 'https'),
    'acs:SourceIp': sourceIp,
  }
}
