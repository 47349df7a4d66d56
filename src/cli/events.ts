/** `events`: what was cut, by which call, how soon, and how many flows ended. */
import { setTimeout } from 'node:timers/promises'
import { askServer } from './ask-server.ts'
import { readSince } from './audit.ts'
import { Failure } from './failure.ts'
import { type Screen, table } from './screen.ts'
import type { StatePaths } from './state.ts'

interface Event {
  readonly EventId: number
  readonly EndpointId: string
  readonly ZoneId: string
  readonly Cause: string
  readonly Action: string
  readonly EndedAt: string
  readonly TookMs: number | null
  readonly FlowsEnded: number
}

export interface EventFilter {
  /** A time as `2026-11-24T08:00:00Z`, or how long ago: `90s`, `15m`, `2h`, `7d`. */
  readonly since: string
  readonly endpoint: string | undefined
}

export async function events(
  paths: StatePaths,
  filter: EventFilter,
  now: Date,
  screen: Screen,
): Promise<void> {
  const Events = await eventsAfter(0, paths, filter, now, screen)
  for (const line of lines(Events, screen)) screen.say(line)
  screen.result({ Events })
}

const lookAgainMs = 1000

/** Events until now, and each that comes, until the signal. As JSON each is a line of its own. */
export async function followEvents(
  paths: StatePaths,
  filter: EventFilter,
  now: Date,
  screen: Screen,
  signal: AbortSignal,
): Promise<void> {
  let last: number | undefined
  while (!signal.aborted) {
    const found = await eventsAfter(last ?? 0, paths, filter, now, screen)
    for (const line of lines(found, screen).slice(last === undefined ? 0 : 1)) screen.say(line)
    for (const event of found) screen.result(event)
    last = found.at(-1)?.EventId ?? last ?? 0
    await setTimeout(lookAgainMs, undefined, { signal }).catch(() => undefined)
  }
}

async function eventsAfter(
  last: number,
  paths: StatePaths,
  filter: EventFilter,
  now: Date,
  screen: Screen,
): Promise<readonly Event[]> {
  const since = readSince(filter.since, now)
  if (since === undefined) throw new Failure(2, screen.messages.badSince(filter.since))
  const query = new URLSearchParams({ since: since.toISOString(), after: String(last) })
  if (filter.endpoint !== undefined) query.set('endpoint', filter.endpoint)
  const { Events } = (await askServer(paths, 'GET', `/events?${query.toString()}`, screen)) as {
    Events: readonly Event[]
  }
  return Events
}

/** The first one is the columns' names. */
function lines(found: readonly Event[], screen: Screen): readonly string[] {
  const rows = found.map((event) => [
    event.EndedAt,
    event.EndpointId,
    event.ZoneId,
    event.Cause,
    event.Action || '-',
    event.TookMs === null ? '-' : String(event.TookMs),
    String(event.FlowsEnded),
  ])
  return table([screen.messages.eventColumns, ...rows])
}
