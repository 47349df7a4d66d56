/** An event of the audit record as ActionTrail shows it. */
import { z } from 'zod'
import type { AuditEvent, AuditResources } from '../store/audit.ts'
import { seconds } from './results.ts'

const texts = z.record(z.string(), z.string())

export const auditedEvent = z.object({
  eventId: z.string(),
  eventVersion: z.string(),
  eventTime: z.string(),
  eventCategory: z.string(),
  eventType: z.string(),
  eventName: z.string(),
  eventRW: z.string(),
  eventSource: z.string(),
  serviceName: z.string(),
  apiVersion: z.string(),
  requestId: z.string(),
  acsRegion: z.string(),
  recipientAccountId: z.string(),
  sourceIpAddress: z.string(),
  userAgent: z.string(),
  userIdentity: z.object({
    type: z.string(),
    principalId: z.string(),
    accountId: z.string(),
    accessKeyId: z.string(),
    userName: z.string(),
  }),
  requestParameters: texts,
  requestParameterJson: z.string(),
  referencedResources: z.record(z.string(), z.array(z.string())),
  resourceType: z.string(),
  resourceName: z.string(),
  additionalEventData: texts,
  /** Only of calls that failed. */
  errorCode: z.string().optional(),
  errorMessage: z.string().optional(),
})

export type AuditedEvent = z.infer<typeof auditedEvent>

export function describeEvent(event: AuditEvent): AuditedEvent {
  const resources = JSON.parse(event.resources) as Record<string, string[]> & AuditResources
  return {
    eventId: event.request_id,
    eventVersion: '1',
    eventTime: seconds(event.at),
    eventCategory: 'Management',
    eventType: event.event_type,
    eventName: event.action,
    eventRW: event.effect === 'read' ? 'Read' : 'Write',
    eventSource: event.host,
    serviceName: event.product,
    apiVersion: event.version,
    requestId: event.request_id,
    acsRegion: event.region_id,
    recipientAccountId: event.account_id,
    sourceIpAddress: event.source_ip,
    userAgent: event.user_agent,
    userIdentity: {
      type: event.principal_type,
      principalId: event.principal_id,
      accountId: event.account_id,
      accessKeyId: event.access_key_id,
      userName: event.user_name,
    },
    requestParameters: JSON.parse(event.parameters) as Record<string, string>,
    requestParameterJson: event.parameters,
    referencedResources: resources,
    resourceType: Object.keys(resources).join(';'),
    resourceName: Object.values(resources)
      .map((names) => names.join(','))
      .join(';'),
    additionalEventData: { Scheme: event.scheme },
    ...(event.error_code !== '' && { errorCode: event.error_code, errorMessage: event.error_message }),
  }
}
