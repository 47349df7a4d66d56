/** What is administered is in the record of calls too, as the operator's: no account sees it. */
import type { NewAuditEvent } from '../store/audit.ts'

export interface Administration {
  readonly requestId: string
  readonly at: Date
  readonly userAgent: string
  readonly action:
    | 'BringZoneUp'
    | 'CreateAccount'
    | 'CreateAccessKey'
    | 'CreateConsoleLink'
    | 'SetConsumerLimit'
    | 'SetAccountPassword'
    | 'TakeZoneDown'
  /** Without what is secret. */
  readonly parameters: Readonly<Record<string, string>>
  /** The access key that was made, if one was, or the code of the refusal. */
  readonly outcome:
    { readonly accessKey: string | undefined } | { readonly errorCode: string; readonly message: string }
}

export function describeAdministration(done: Administration): NewAuditEvent {
  const { outcome } = done
  return {
    at: done.at.toISOString(),
    account_id: '',
    principal_type: 'operator',
    principal_id: '',
    user_name: 'operator',
    access_key_id: '',
    // Whoever may open the socket is on this machine.
    source_ip: '',
    user_agent: done.userAgent.slice(0, 512),
    host: 'admin.sock',
    scheme: 'http',
    event_type: 'ApiCall',
    product: 'Postern',
    version: '',
    action: done.action,
    effect: 'write',
    region_id: '',
    request_id: done.requestId,
    error_code: 'errorCode' in outcome ? outcome.errorCode : '',
    error_message: 'errorCode' in outcome ? outcome.message : '',
    parameters: JSON.stringify(done.parameters),
    resources:
      'accessKey' in outcome && outcome.accessKey !== undefined
        ? { 'ACS::RAM::AccessKey': [outcome.accessKey] }
        : {},
  }
}
