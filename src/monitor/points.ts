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

type Servers = Pick<Measures, 'healthyServers' | 'unhealthyServers'>

/** What nobody owns any more is left out. */
export function pointsOf(
  recorded: ReadonlyMap<string, readonly Measures[]>,
  firstMinute: number,
  owners: Owners,
  health: readonly HealthReport[],
): readonly NewPoint[] {
  const servers = serversOfBalancers(health)
  const points: NewPoint[] = []
  const resources = new Map<string, NewPoint>()
  for (const [name, minutes] of recorded) {
    const series = seriesOf(owners, name)
    if (!series) continue
    for (const [place, values] of minutes.entries()) {
      const minute = firstMinute + place
      if (series.kind !== 'wire') {
        points.push({ series, minute, values })
        continue
      }
      const behind = servers.get(series.resource_id)
      const isUnserved = behind !== undefined && behind.healthyServers === 0
      // Of a resource that is being replaced: its zone is counted by the wire of the new one.
      const unhealthyZones = isUnserved && !name.endsWith('/replaced') ? 1 : 0
      points.push({ series, minute, values: { ...values, unhealthyZones } })
      addTo(resources, { series: resourceOf(series), minute, values })
    }
  }
  // Two wires of one zone, old and new, may be of the same series.
  const known = [...resources.values()].map((point) => ({
    ...point,
    values: { ...point.values, ...servers.get(point.series.resource_id) },
  }))
  return [...merged(points), ...known]
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
export function serverCounts(health: readonly HealthReport[]): ReadonlyMap<string, Servers> {
  return countsOf(Map.groupBy(health, (report) => listenerName(report.balancer, report)))
}

/** Those that are checked at all. */
function serversOfBalancers(health: readonly HealthReport[]): ReadonlyMap<string, Servers> {
  const checked = health.filter(({ status }) => status !== 'unavailable')
  return countsOf(Map.groupBy(checked, ({ balancer }) => balancer))
}

function countsOf(groups: ReadonlyMap<string, readonly HealthReport[]>): ReadonlyMap<string, Servers> {
  return new Map(
    [...groups].map(([name, reports]) => [
      name,
      {
        healthyServers: reports.filter(({ status }) => status === 'normal').length,
        unhealthyServers: reports.filter(({ status }) => status === 'abnormal').length,
      },
    ]),
  )
}
