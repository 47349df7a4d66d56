import { askServer } from './ask-server.ts'
import { type Screen, table } from './screen.ts'
import type { StatePaths } from './state.ts'

interface Zone {
  readonly ZoneId: string
  readonly RegionId: string
  readonly Status: 'up' | 'down'
  readonly Since?: string
}

export async function listZones(paths: StatePaths, screen: Screen): Promise<void> {
  const { Zones } = (await askServer(paths, 'GET', '/zones', screen)) as { Zones: readonly Zone[] }
  const rows = Zones.map(({ ZoneId, RegionId, Status, Since = '' }) => [ZoneId, RegionId, Status, Since])
  for (const line of table([screen.messages.zoneColumns, ...rows])) screen.say(line)
  screen.result({ Zones })
}

/** Takes a zone away from everybody, or gives it back. */
export async function setZone(
  paths: StatePaths,
  zone: string,
  status: Zone['Status'],
  screen: Screen,
): Promise<void> {
  const answer = (await askServer(
    paths,
    'POST',
    `/zones/${encodeURIComponent(zone)}/${status}`,
    screen,
  )) as object
  screen.say(screen.messages.zoneIs(zone, status))
  screen.result(answer)
}
