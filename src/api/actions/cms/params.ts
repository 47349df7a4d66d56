/** What the actions of Cms have in common: the way they name a metric, dimensions and times, and the head of their answers. */
import { z } from 'zod'
import { findMetric, type Metric } from '../../../model/metrics.ts'
import type { Wanted } from '../../../store/metrics.ts'
import { ApiError } from '../../errors.ts'
import { json } from '../../params.ts'
import { demand } from '../../require.ts'

/** Cms says that all went well; clients take 200 for that, and any other `Code` for an error. */
export const head = { Code: z.literal('200'), Success: z.literal(true) }
export const done = { Code: '200', Success: true } as const

const values = z
  .record(z.string(), z.union([z.string(), z.number()]))
  .transform((given): Wanted =>
    Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)])),
  )

/** A map of dimensions, or a list of them: `[{"instanceId":"ep-…"}]`. */
export function dimensions() {
  return json(z.union([z.array(values).max(50), values.transform((one) => [one])]))
}

/** @throws ApiError when there is no such metric (`ResourceNotFound`), or it has no such dimension. */
export function metricOf(namespace: string, name: string, wanted: readonly Wanted[]): Metric {
  const metric = findMetric(namespace, name)
  if (!metric) throw new ApiError('ResourceNotFound', { reason: `${namespace} ${name}` }, 404)
  const known = new Set(['userId', ...metric.dimensions.map(({ name: dimension }) => dimension)])
  const unknown = wanted.flatMap((one) => Object.keys(one)).find((dimension) => !known.has(dimension))
  const reason = `the metric has no dimension ${unknown}`
  demand(unknown === undefined, 'ParameterInvalid', { name: 'Dimensions', reason })
  return metric
}

/** Seconds: a multiple of the minute, in which points are kept. */
export function periodOf(period: number): number {
  demand(period % 60 === 0, 'ParameterInvalid', { name: 'Period', reason: 'not a multiple of 60' })
  return period
}

/** Milliseconds since 1970, `2019-01-30T00:00:00Z`, or `2019-01-30 00:00:00`, which is taken as UTC. */
export function timeOf(name: string, value: string): number {
  if (/^\d{12,14}$/.test(value)) return Number(value)
  const written = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\dZ?$/.test(value)
  const parsed = written ? Date.parse(`${value.replace(' ', 'T').replace('Z', '')}Z`) : NaN
  demand(!Number.isNaN(parsed), 'ParameterInvalid', { name, reason: 'not a time' })
  return parsed
}
