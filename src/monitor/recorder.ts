/** Gathers what reports tell until a minute is over: pure but for its memory. */
import { measures, nothingMeasured, type Measure, type Measures } from '../model/metric-points.ts'
import { counted, spread, type Reading } from './deltas.ts'
import type { NamedReading } from './readings.ts'

export interface Recorder {
  take(reading: NamedReading): void
  /** What each thing did in each of the minutes since the last time, evenly. */
  flush(present: readonly NamedReading[], minutes: number): ReadonlyMap<string, readonly Measures[]>
  /** The readings that the next ones are compared with. */
  last(): ReadonlyMap<string, Reading>
  /** For what is gone for good: what is only not heard of has to be known when it is heard of again. */
  forget(isGone: (name: string) => boolean): void
}

export interface Start {
  readonly last: ReadonlyMap<string, Reading>
  /** What was there before and has no last reading: nobody knows how much of its first one is new. */
  readonly unknown: ReadonlySet<string>
}

type Sums = Record<Measure, number>

export function createRecorder(start: Start): Recorder {
  const last = new Map(start.last)
  const unknown = new Set(start.unknown)
  const sums = new Map<string, Sums>()

  function take({ name, origin, counters }: NamedReading): void {
    const now = { origin, counters }
    const before = last.get(name)
    last.set(name, now)
    if (unknown.delete(name)) return
    const sum = sums.get(name) ?? { ...nothingMeasured }
    for (const [measure, amount] of Object.entries(counted(before, now))) sum[measure as Measure] += amount
    sums.set(name, sum)
  }

  return {
    take,
    flush(present, minutes) {
      for (const reading of present) take(reading)
      const gauges = new Map(present.map((reading) => [reading.name, reading.gauges]))
      const result = new Map(
        [...sums].map(([name, sum]) => [name, split(sum, gauges.get(name) ?? {}, minutes)]),
      )
      sums.clear()
      return result
    },
    last: () => last,
    forget(isGone) {
      for (const name of last.keys()) if (isGone(name)) last.delete(name)
    },
  }
}

function split(sum: Measures, gauges: Partial<Measures>, minutes: number): readonly Measures[] {
  const shares = new Map(measures.map((name) => [name, spread(sum[name], minutes)]))
  return Array.from(
    { length: minutes },
    (_, place) =>
      ({
        ...Object.fromEntries(measures.map((name) => [name, shares.get(name)?.[place] ?? 0])),
        ...gauges,
      }) as Measures,
  )
}
