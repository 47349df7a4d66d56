/** Series and their hours: what the monitor writes each minute, and what it and the API read. */
import { sql } from 'kysely'
import { decodeHour, encodePoint, type Measures, type Point } from '../model/metric-points.ts'
import type { Metric, SeriesColumn } from '../model/metrics.ts'
import type { Tx } from './page.ts'
import type { MetricSeriesTable } from './tables.ts'

export type SeriesKey = Omit<MetricSeriesTable, 'id' | 'last_hour'>
export type Series = SeriesKey & { readonly id: number }

export interface NewPoint {
  readonly series: SeriesKey
  readonly minute: number
  readonly values: Measures
}

/** What a writer of points remembers, so that it looks a series up once: by its key. Worthless after a failed transaction. */
export type SeriesIds = Map<string, { readonly id: number; hour: number }>

export async function addPoints(tx: Tx, known: SeriesIds, points: readonly NewPoint[]): Promise<void> {
  const texts = new Map<string, { readonly series_id: number; readonly hour: number; points: string }>()
  for (const { series, minute, values } of points) {
    const hour = Math.floor(minute / 60)
    const id = await seriesId(tx, known, series, hour)
    const row = texts.get(`${id} ${hour}`) ?? { series_id: id, hour, points: '' }
    row.points += encodePoint({ minute, values })
    texts.set(`${id} ${hour}`, row)
  }
  const rows = [...texts.values()]
  for (let start = 0; start < rows.length; start += mostAtOnce) {
    await tx
      .insertInto('metric_hour')
      .values(rows.slice(start, start + mostAtOnce))
      .onConflict((conflict) =>
        conflict
          .columns(['hour', 'series_id'])
          .doUpdateSet({ points: sql<string>`metric_hour.points || excluded.points` }),
      )
      .execute()
  }
}

async function seriesId(tx: Tx, known: SeriesIds, key: SeriesKey, hour: number): Promise<number> {
  const name = JSON.stringify(key)
  const before = known.get(name)
  if (before && before.hour >= hour) return before.id
  const { id } = await tx
    .insertInto('metric_series')
    .values({ ...key, last_hour: hour })
    .onConflict((conflict) => conflict.columns(keyColumns).doUpdateSet({ last_hour: hour }))
    .returning('id')
    .executeTakeFirstOrThrow()
  known.set(name, { id, hour })
  return id
}

const keyColumns = [
  'kind',
  'account_id',
  'provider_id',
  'endpoint_id',
  'zone_id',
  'eni_id',
  'service_id',
  'resource_id',
  'vip',
  'protocol',
  'port',
] as const

/** By name, as they were given: what the caller wants to see of a metric. */
export type Wanted = Readonly<Record<string, string>>

/** The series behind a metric that are the account's, and have the wanted dimensions. */
export async function findSeries(
  tx: Tx,
  account: string,
  metric: Metric,
  wanted: Wanted,
): Promise<readonly Series[]> {
  let query = tx
    .selectFrom('metric_series')
    .selectAll()
    .where('kind', 'in', metric.kinds)
    .where(metric.owner, '=', account)
  if (metric.ids !== undefined) query = query.where('resource_id', 'like', `${metric.ids}%`)
  for (const { name, column } of metric.dimensions) {
    const value = wanted[name]
    if (value !== undefined) query = query.where(column, '=', storedAs(column, value))
  }
  return await query.orderBy('id').execute()
}

function storedAs(column: SeriesColumn, value: string): string | number {
  if (column === 'port') return Number(value)
  return column === 'protocol' ? value.toLowerCase() : value
}

/** As the API spells what the column holds. */
export function toldAs(column: SeriesColumn, series: Series): string {
  const value = String(series[column])
  return column === 'protocol' ? value.toUpperCase() : value
}

/** Points by series, of these minutes. */
export async function readMinutes(
  tx: Tx,
  series: readonly Series[],
  first: number,
  last: number,
): Promise<ReadonlyMap<number, readonly Point[]>> {
  const found = new Map<number, Point[]>()
  const firstHour = Math.floor(first / 60)
  const hours = Array.from({ length: Math.floor(last / 60) - firstHour + 1 }, (_, place) => firstHour + place)
  for (let start = 0; start < series.length; start += mostAtOnce) {
    const ids = series.slice(start, start + mostAtOnce).map(({ id }) => id)
    const rows = await tx
      .selectFrom('metric_hour')
      .selectAll()
      .where('hour', 'in', hours)
      .where('series_id', 'in', ids)
      .orderBy('hour')
      .execute()
    for (const { series_id, hour, points } of rows) {
      const list = found.get(series_id) ?? []
      list.push(...decodeHour(hour, points, first, last))
      found.set(series_id, list)
    }
  }
  return found
}

const mostAtOnce = 1000

export interface StoredSamples {
  readonly atMs: number
  readonly samples: string
}

export async function readSamples(tx: Tx): Promise<StoredSamples | undefined> {
  const row = await tx.selectFrom('metric_sample').selectAll().where('id', '=', 1).executeTakeFirst()
  return row && { atMs: row.at_ms, samples: row.samples }
}

export async function writeSamples(tx: Tx, { atMs, samples }: StoredSamples): Promise<void> {
  const row = { at_ms: atMs, samples }
  await tx
    .insertInto('metric_sample')
    .values({ id: 1, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

/** As the issue of a minute is kept for 30 days. */
const keptHours = 30 * 24
const purgedAtOnce = 2000

/** Drops the oldest hours, a few at a time; true when there is more to drop. */
export async function purgeMetrics(tx: Tx, now: Date): Promise<boolean> {
  const oldest = Math.floor(now.getTime() / 3_600_000) - keptHours
  const old = await tx
    .selectFrom('metric_hour')
    .select(['hour', 'series_id'])
    .where('hour', '<', oldest)
    .orderBy('hour')
    .orderBy('series_id')
    .limit(purgedAtOnce)
    .execute()
  const last = old.at(-1)
  if (last) {
    await tx
      .deleteFrom('metric_hour')
      .where(sql<boolean>`(hour, series_id) <= (${last.hour}, ${last.series_id})`)
      .execute()
  }
  if (old.length === purgedAtOnce) return true
  await tx.deleteFrom('metric_series').where('last_hour', '<', oldest).execute()
  return false
}
