/** `limit`: how many open flows consumers may have at a service. */
import { askServer } from './ask-server.ts'
import { type Screen, table } from './screen.ts'
import type { StatePaths } from './state.ts'

interface Limit {
  readonly Consumer: string
  readonly Connections: number
}

export async function listLimits(paths: StatePaths, screen: Screen): Promise<void> {
  const { Limits } = (await askServer(paths, 'GET', '/limits', screen)) as { Limits: readonly Limit[] }
  const rows = Limits.map(({ Consumer, Connections }) => [Consumer, String(Connections)])
  for (const line of table([screen.messages.limitColumns, ...rows])) screen.say(line)
  screen.result({ Limits })
}

/** For an account, or for `all` that have none of their own; `none` takes the limit away. */
export async function setLimit(
  paths: StatePaths,
  consumer: string,
  connections: string,
  screen: Screen,
): Promise<void> {
  const path = `/limits/${encodeURIComponent(consumer)}/${encodeURIComponent(connections)}`
  const answer = (await askServer(paths, 'POST', path, screen)) as object
  screen.say(screen.messages.limitIs(consumer, connections))
  screen.result(answer)
}
