/** What limits have dropped within the last minute: too new for a point, and what a person asks about. */
import type { Drops } from '../model/drops.ts'
import type { Report } from '../protocol/messages.ts'
import { listenerName } from './readings.ts'

export interface RecentDrops {
  readonly reported: (report: Pick<Report, 'balancers' | 'wires'>) => void
  readonly recent: () => readonly Drops[]
}

interface Counted extends Drops {
  /** A counter of another origin begins at zero. */
  readonly origin: string
}

const keptMs = 60_000

export function createRecentDrops(clock: () => Date): RecentDrops {
  const last = new Map<string, Counted>()
  let seen: readonly (Drops & { readonly atMs: number })[] = []

  const fresh = () => {
    const sinceMs = clock().getTime() - keptMs
    return seen.filter(({ atMs }) => atMs > sinceMs)
  }

  return {
    reported({ wires, balancers }) {
      const atMs = clock().getTime()
      const news = [...wires.flatMap(ofWire), ...balancers.flatMap(ofBalancer)].flatMap((now) => {
        const key = `${now.id} ${now.limit}`
        const before = last.get(key)
        last.set(key, now)
        const count = before?.origin === now.origin ? now.count - before.count : 0
        return count > 0 ? [{ id: now.id, limit: now.limit, count, atMs }] : []
      })
      seen = [...fresh(), ...news]
    },
    recent() {
      const sums = Map.groupBy(fresh(), ({ id, limit }) => `${id} ${limit}`)
      return [...sums.values()].flatMap((some) =>
        some.slice(0, 1).map(({ id, limit }) => ({
          id,
          limit,
          count: some.reduce((sum, { count }) => sum + count, 0),
        })),
      )
    },
  }
}

function ofWire({
  id,
  pair: origin,
  inDropped,
  outDropped,
  overConnections,
}: Report['wires'][number]): readonly Counted[] {
  return [
    { id, origin, limit: 'bandwidth', count: inDropped + outDropped },
    { id, origin, limit: 'consumer', count: overConnections },
  ]
}

function ofBalancer({
  id,
  overRate,
  overConnections,
  listeners,
}: Report['balancers'][number]): readonly Counted[] {
  return [
    { id, origin: id, limit: 'newConnections', count: overRate },
    { id, origin: id, limit: 'connections', count: overConnections },
    ...listeners.map((listener) => ({
      id: listenerName(id, listener),
      origin: id,
      limit: 'newConnections' as const,
      count: listener.overRate,
    })),
  ]
}
