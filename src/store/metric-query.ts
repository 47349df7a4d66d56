/** A metric over a time: minutes of all its series, summed by dimensions, then gathered by period. */
import { addMeasures, type Measures } from '../model/metric-points.ts'
import type { Metric } from '../model/metrics.ts'
import { findSeries, readMinutes, toldAs, type Series, type Wanted } from './metrics.ts'
import type { Tx } from './page.ts'

export interface Datapoint {
  /** Begin of the period. */
  readonly atMs: number
  readonly dimensions: Wanted
  readonly Average: number
  readonly Minimum: number
  readonly Maximum: number
}

export interface MetricQuery {
  readonly account: string
  readonly metric: Metric
  readonly wanted: readonly Wanted[]
  readonly periodS: number
  /** Periods that begin after this and not after `toMs`. */
  readonly fromMs: number
  readonly toMs: number
  /** Only what comes after this one. */
  readonly after?: { readonly atMs: number; readonly key: string } | undefined
  /** How many are enough. */
  readonly limit: number
}

/** What is looked at together: a page is read from its begin, and not much further than it needs. */
const mostAtOnceMs = 24 * 3_600_000

/** In the order of time, then of dimensions; at least `limit` if there are as many. */
export async function queryMetric(tx: Tx, query: MetricQuery): Promise<readonly Datapoint[]> {
  const { metric, account, periodS } = query
  const groups = await findGroups(tx, account, metric, query.wanted)
  if (groups.size === 0) return []
  const all = [...groups.values()].flatMap(({ series }) => series)
  const periodMs = periodS * 1000
  const { after } = query
  const fromMs = after ? Math.max(query.fromMs, after.atMs - 1) : query.fromMs
  const first = Math.floor(fromMs / periodMs) * periodMs + periodMs
  const points: Datapoint[] = []
  const mostPeriods = Math.max(1, Math.floor(mostAtOnceMs / periodMs))
  let step = Math.min(Math.ceil(query.limit / groups.size), mostPeriods)
  let end = first
  while (end <= query.toMs && points.length < query.limit) {
    const start = end
    end = start + step * periodMs
    const read = await readMinutes(tx, all, start / 60_000, end / 60_000 - 1)
    const found = [...groups.values()].flatMap(({ dimensions, series }) => {
      const minutes = sumByMinute(series.flatMap(({ id }) => read.get(id) ?? []))
      const periods = Map.groupBy(minutes, ([minute]) => Math.floor((minute * 60_000) / periodMs) * periodMs)
      return [...periods].map(([atMs, members]) => datapoint(metric, atMs, dimensions, members))
    })
    // Long times in which there was nothing are passed in long steps.
    if (found.length === 0) step = Math.min(step * 4, mostPeriods)
    const isWanted = ({ atMs, dimensions }: Datapoint) =>
      atMs <= query.toMs &&
      (!after || atMs > after.atMs || (atMs === after.atMs && groupKey(dimensions) > after.key))
    points.push(...found.filter(isWanted).toSorted(inOrder))
  }
  return points
}

/** What tells the datapoints of one moment apart. */
export function groupKey(dimensions: Wanted): string {
  return Object.values(dimensions).join(' ')
}

function inOrder(a: Datapoint, b: Datapoint): number {
  return a.atMs - b.atMs || (groupKey(a.dimensions) < groupKey(b.dimensions) ? -1 : 1)
}

interface Group {
  readonly dimensions: Wanted
  readonly series: readonly Series[]
}

async function findGroups(
  tx: Tx,
  account: string,
  metric: Metric,
  wanted: readonly Wanted[],
): Promise<ReadonlyMap<string, Group>> {
  const groups = new Map<string, Group & { readonly series: Series[] }>()
  const seen = new Set<number>()
  for (const one of wanted.length > 0 ? wanted : [{}]) {
    if (one['userId'] !== undefined && one['userId'] !== account) continue
    for (const series of await findSeries(tx, account, metric, one)) {
      if (seen.has(series.id)) continue
      seen.add(series.id)
      const dimensions = {
        userId: account,
        ...Object.fromEntries(metric.dimensions.map(({ name, column }) => [name, toldAs(column, series)])),
      }
      const key = groupKey(dimensions)
      const group = groups.get(key) ?? { dimensions, series: new Array<Series>() }
      group.series.push(series)
      groups.set(key, group)
    }
  }
  return groups
}

function sumByMinute(points: readonly { readonly minute: number; readonly values: Measures }[]) {
  const sums = new Map<number, Measures>()
  for (const { minute, values } of points) {
    const before = sums.get(minute)
    sums.set(minute, before ? addMeasures(before, values) : values)
  }
  return sums
}

function datapoint(
  metric: Metric,
  atMs: number,
  dimensions: Wanted,
  minutes: readonly (readonly [number, Measures])[],
): Datapoint {
  const values = minutes.map(([, measures]) => metric.valueOf(measures))
  return {
    atMs,
    dimensions,
    Average: values.reduce((sum, value) => sum + value, 0) / values.length,
    Minimum: Math.min(...values),
    Maximum: Math.max(...values),
  }
}
