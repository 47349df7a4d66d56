/** What was recorded of a minute, as points of the series that are kept. */
import { addMeasures, type Measures } from '../model/metric-points.ts'
import type { HealthReport } from '../protocol/messages.ts'
import { resourceOf } from '../store/metric-objects.ts'
import type { NewPoint, SeriesKey } from '../store/metrics.ts'
import { listenerName } from './readings.ts'

export interface Owners {
  readonly wires: ReadonlyMap<string, SeriesKey>
  readonly balancers: ReadonlyMap<string, SeriesKey>
}

/** What nobody owns any more is left out. */
export function pointsOf(
  recorded: ReadonlyMap<string, readonly Measures[]>,
  firstMinute: number,
  owners: Owners,
): readonly NewPoint[] {
  const points: NewPoint[] = []
  const resources = new Map<string, NewPoint>()
  for (const [name, minutes] of recorded) {
    const series = seriesOf(owners, name)
    if (!series) continue
    for (const [place, values] of minutes.entries()) {
      const minute = firstMinute + place
      points.push({ series, minute, values })
      if (series.kind === 'wire') addTo(resources, { series: resourceOf(series), minute, values })
    }
  }
  // Two wires of one zone, old and new, may be of the same series.
  return [...merged(points), ...resources.values()]
}

export function seriesOf(owners: Owners, name: string): SeriesKey | undefined {
  return owners.wires.get(name) ?? balancerPart(owners, name)
}

function balancerPart({ balancers }: Owners, name: string): SeriesKey | undefined {
  const [balancer = '', protocol, port] = name.split(' ')
  const series = balancers.get(balancer)
  if (!series || protocol === undefined) return series
  return { ...series, kind: 'listener', protocol, port: Number(port) }
}

function merged(points: readonly NewPoint[]): Iterable<NewPoint> {
  const sums = new Map<string, NewPoint>()
  for (const point of points) addTo(sums, point)
  return sums.values()
}

function addTo(sums: Map<string, NewPoint>, point: NewPoint): void {
  const key = `${point.minute} ${JSON.stringify(point.series)}`
  const before = sums.get(key)
  sums.set(key, before ? { ...point, values: addMeasures(before.values, point.values) } : point)
}

/** Servers that pass and that fail, by listener. Without a check there are none of either. */
export function serverCounts(health: readonly HealthReport[]): ReadonlyMap<string, Partial<Measures>> {
  const byListener = Map.groupBy(health, (report) => listenerName(report.balancer, report))
  return new Map(
    [...byListener].map(([name, reports]) => [
      name,
      {
        healthyServers: reports.filter(({ status }) => status === 'normal').length,
        unhealthyServers: reports.filter(({ status }) => status === 'abnormal').length,
      },
    ]),
  )
}
