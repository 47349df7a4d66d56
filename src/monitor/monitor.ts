/**
 * Once a minute: what reports told since the last one becomes points in the store. Readings that were compared last are stored
 * with them, so that a server that was started again neither loses nor repeats what passed meanwhile.
 */
import type { Measures } from '../model/metric-points.ts'
import type { Report } from '../protocol/messages.ts'
import type { GroupCommit } from '../store/group-commit.ts'
import { balancerSeries, listenerNames, wireSeries } from '../store/metric-objects.ts'
import { addPoints, readSamples, writeSamples, type NewPoint, type SeriesIds } from '../store/metrics.ts'
import type { Tx } from '../store/page.ts'
import type { Reading } from './deltas.ts'
import { pointsOf, seriesOf, serverCounts } from './points.ts'
import { balancerReadings, wireReading, type NamedReading } from './readings.ts'
import { createRecorder, type Recorder, type Start } from './recorder.ts'

export interface MonitorParts {
  readonly commits: GroupCommit
  /** All that is known of what is there; undefined without an agent. */
  readonly present: () => Present | undefined
  readonly clock: () => Date
}

export type Present = Pick<Report, 'balancers' | 'health' | 'wires'>

export interface Monitor {
  readonly reported: (report: Pick<Report, 'balancers' | 'wires'>) => void
  /** Stores the minutes that are over. */
  readonly minuteOver: () => Promise<void>
}

/** Over a longer silence nothing is said: to spread what was counted over it would be a guess. */
const longestGapMinutes = 60

export async function createMonitor({ commits, present, clock }: MonitorParts): Promise<Monitor> {
  const stored = await commits.run(readStart(clock()))
  const recorder: Recorder = createRecorder(stored)
  let ids: SeriesIds = new Map()
  let lastMinute = stored.lastMinute
  let unsaved: readonly NewPoint[] = []

  return {
    reported({ wires, balancers }) {
      for (const reading of readingsOf({ wires, balancers, health: [] })) recorder.take(reading)
    },
    async minuteOver() {
      const now = clock()
      const minute = Math.floor(now.getTime() / 60_000) - 1
      const there = present()
      if (!there || (lastMinute !== undefined && minute <= lastMinute)) return
      const minutes = Math.min(lastMinute === undefined ? 1 : minute - lastMinute, longestGapMinutes)
      const recorded = recorder.flush(readingsOf(there), minutes)
      lastMinute = minute
      try {
        await commits.run(async (tx) => {
          const owners = { wires: await wireSeries(tx), balancers: await balancerSeries(tx) }
          const kept = unsaved.filter((point) => point.minute > minute - longestGapMinutes)
          unsaved = [...kept, ...pointsOf(recorded, minute - minutes + 1, owners, there.health)]
          await addPoints(tx, ids, unsaved)
          recorder.forget((name) => !seriesOf(owners, name))
          await writeSamples(tx, { atMs: now.getTime(), samples: JSON.stringify([...recorder.last()]) })
        })
        unsaved = []
      } catch (error) {
        ids = new Map()
        throw error
      }
    },
  }
}

function readingsOf({ wires, balancers, health }: Present): readonly NamedReading[] {
  const servers = serverCounts(health)
  const withServers = (reading: NamedReading): NamedReading => {
    const gauges: Partial<Measures> = { ...reading.gauges, ...servers.get(reading.name) }
    return { ...reading, gauges }
  }
  return [...wires.map(wireReading), ...balancers.flatMap(balancerReadings).map(withServers)]
}

function readStart(now: Date) {
  return async (tx: Tx): Promise<Start & { readonly lastMinute: number | undefined }> => {
    const stored = await readSamples(tx)
    if (stored && now.getTime() - stored.atMs < longestGapMinutes * 60_000) {
      const last = new Map(JSON.parse(stored.samples) as [string, Reading][])
      return { last, unknown: new Set(), lastMinute: Math.floor(stored.atMs / 60_000) - 1 }
    }
    const owned = [...(await wireSeries(tx)).keys(), ...(await balancerSeries(tx)).keys()]
    const listeners = await listenerNames(tx)
    return { last: new Map(), unknown: new Set([...owned, ...listeners]), lastMinute: undefined }
  }
}
