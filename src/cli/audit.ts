/** `audit`: who called what, from the server's record of all calls. */
import type { AuditedEvent } from '../api/audited-event.ts'
import { askServer } from './ask-server.ts'
import { Failure } from './failure.ts'
import { type Screen, table } from './screen.ts'
import type { StatePaths } from './state.ts'

export interface AuditFilter {
  /** A time as `2026-11-24T08:00:00Z`, or how long ago: `90s`, `15m`, `2h`, `7d`. */
  readonly since: string
  readonly account: string | undefined
  readonly action: string | undefined
  readonly user: string | undefined
}

export async function audit(
  paths: StatePaths,
  filter: AuditFilter,
  now: Date,
  screen: Screen,
): Promise<void> {
  const since = readSince(filter.since, now)
  if (since === undefined) throw new Failure(2, screen.messages.badSince(filter.since))
  const query = new URLSearchParams({ since: since.toISOString() })
  for (const name of ['account', 'action', 'user'] as const) {
    const value = filter[name]
    if (value !== undefined) query.set(name, value)
  }
  const { Events } = (await askServer(paths, 'GET', `/audit?${query.toString()}`, screen)) as {
    Events: readonly AuditedEvent[]
  }
  const rows = Events.map((event) => [
    event.eventTime,
    event.userIdentity.accountId || '-',
    event.userIdentity.userName || '-',
    `${event.serviceName}:${event.eventName}`,
    event.errorCode ?? 'ok',
    event.sourceIpAddress || '-',
    event.resourceName.replaceAll(';', ',') || '-',
    event.requestId,
  ])
  for (const line of table([screen.messages.auditColumns, ...rows])) screen.say(line)
  screen.result({ Events })
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

export function readSince(text: string, now: Date): Date | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (count === undefined && !/^\d{4}-\d\d-\d\d/.test(text)) return undefined
  const time = new Date(count === undefined ? text : now.getTime() - Number(count) * (unitMs[unit] ?? 0))
  return Number.isNaN(time.getTime()) ? undefined : time
}
