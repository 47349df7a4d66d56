/** `events`: what was cut, by which call, how soon, and how many flows ended. */
import { askServer } from './ask-server.ts'
import { readSince } from './audit.ts'
import { Failure } from './failure.ts'
import { type Screen, table } from './screen.ts'
import type { StatePaths } from './state.ts'

interface Event {
  readonly EndpointId: string
  readonly ZoneId: string
  readonly Cause: string
  readonly Action: string
  readonly EndedAt: string
  readonly TookMs: number | null
  readonly FlowsEnded: number
}

export async function events(
  paths: StatePaths,
  filter: { readonly since: string; readonly endpoint: string | undefined },
  now: Date,
  screen: Screen,
): Promise<void> {
  const since = readSince(filter.since, now)
  if (since === undefined) throw new Failure(2, screen.messages.badSince(filter.since))
  const query = new URLSearchParams({ since: since.toISOString() })
  if (filter.endpoint !== undefined) query.set('endpoint', filter.endpoint)
  const { Events } = (await askServer(paths, 'GET', `/events?${query.toString()}`, screen)) as {
    Events: readonly Event[]
  }
  const rows = Events.map((event) => [
    event.EndedAt,
    event.EndpointId,
    event.ZoneId,
    event.Cause,
    event.Action || '-',
    event.TookMs === null ? '-' : String(event.TookMs),
    String(event.FlowsEnded),
  ])
  for (const line of table([screen.messages.eventColumns, ...rows])) screen.say(line)
  screen.result({ Events })
}
