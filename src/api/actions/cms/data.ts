/** DescribeMetricList and DescribeMetricLast: what was measured. */
import { z } from 'zod'
import { groupKey, queryMetric, type Datapoint } from '../../../store/metric-query.ts'
import { listPage } from '../../../store/page.ts'
import { WrongPosition, type Position } from '../../../store/page.ts'
import { defineAction } from '../../action.ts'
import { nextToken, token } from '../../paging.ts'
import { integer, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { dimensions, done, head, metricOf, periodOf, timeOf } from './params.ts'

const params = z.object({
  Namespace: text(),
  MetricName: text(),
  Period: integer(60, 86_400).default(60),
  StartTime: text().optional(),
  EndTime: text().optional(),
  Dimensions: dimensions().optional(),
  NextToken: token().optional(),
  Length: integer(1, 1440).default(1000),
  Express: text().optional(),
})

const result = z.object({
  ...head,
  /** JSON text. */
  Datapoints: z.string(),
  Period: z.string(),
  NextToken: z.string().optional(),
})

const errors = ['ParameterInvalid', 'ResourceNotFound']
const note =
  'Namespaces `acs_privatelink`, `acs_slb_dashboard` and `acs_nlb`, see `Cms.DescribeMetricMetaList`. One point a minute, kept for 30 days; a longer period has the average, minimum and maximum of its minutes. `Express` is refused. Times without a zone are UTC. '

const hourMs = 3_600_000
const keptMs = 31 * 24 * hourMs

interface Range {
  readonly fromMs: number
  readonly toMs: number
}

function rangeOf(given: z.infer<typeof params>, now: Date, usualMs: number): Range {
  const toMs = given.EndTime === undefined ? now.getTime() : timeOf('EndTime', given.EndTime)
  const fromMs = given.StartTime === undefined ? toMs - usualMs : timeOf('StartTime', given.StartTime)
  const reason = 'not before EndTime'
  demand(fromMs < toMs, 'ParameterInvalid', { name: 'StartTime', reason })
  demand(given.Express === undefined, 'ParameterInvalid', { name: 'Express', reason: 'not supported' })
  return {
    fromMs: Math.max(fromMs, now.getTime() - keptMs),
    toMs: Math.min(toMs, now.getTime()),
  }
}

function printed(points: readonly Datapoint[]): string {
  return JSON.stringify(
    points.map(({ atMs, dimensions: own, Average, Minimum, Maximum }) => ({
      timestamp: atMs,
      ...own,
      Minimum,
      Average,
      Maximum,
    })),
  )
}

const describeMetricList = defineAction({
  product: 'Cms',
  name: 'DescribeMetricList',
  summary: { en: 'Lists what was measured of a metric.', zh: '查询指定云服务的指定监控项的监控数据。' },
  status: { partial: `${note}Without StartTime the hour before EndTime is meant.` },
  params,
  result,
  effect: 'read',
  errors,
  handler: async ({ tx, caller, now }, given) => {
    const wanted = given.Dimensions ?? []
    const metric = metricOf(given.Namespace, given.MetricName, wanted)
    const periodS = periodOf(given.Period)
    const points = await queryMetric(tx, {
      account: caller.account,
      metric,
      wanted,
      periodS,
      ...rangeOf(given, now, hourMs),
      after: given.NextToken && placeIn(given.NextToken),
      limit: given.Length + 1,
    })
    const shown = points.slice(0, given.Length)
    const last = points.length > shown.length ? shown.at(-1) : undefined
    return {
      ...done,
      Datapoints: printed(shown),
      Period: String(periodS),
      ...(last && { NextToken: nextToken({ next: [last.atMs, groupKey(last.dimensions)] }) }),
    }
  },
})

function placeIn([atMs, key, ...more]: Position) {
  if (typeof atMs !== 'number' || typeof key !== 'string' || more.length > 0) throw new WrongPosition()
  return { atMs, key }
}

const describeMetricLast = defineAction({
  product: 'Cms',
  name: 'DescribeMetricLast',
  summary: { en: 'Shows the newest value of a metric.', zh: '查询指定监控项的最新监控数据。' },
  status: { partial: `${note}The newest of the two hours before EndTime.` },
  params,
  result,
  effect: 'read',
  errors,
  handler: async ({ tx, caller, now }, given) => {
    const wanted = given.Dimensions ?? []
    const metric = metricOf(given.Namespace, given.MetricName, wanted)
    const periodS = periodOf(given.Period)
    const range = rangeOf(given, now, 2 * hourMs)
    const points = await queryMetric(tx, {
      account: caller.account,
      metric,
      wanted,
      periodS,
      fromMs: Math.max(range.fromMs, range.toMs - Math.max(2 * hourMs, 2 * periodS * 1000)),
      toMs: range.toMs,
      limit: Infinity,
    })
    const newest = new Map(points.map((point) => [groupKey(point.dimensions), point]))
    const page = listPage([...newest.values()], ({ dimensions: own }) => groupKey(own), {
      offset: 0,
      limit: given.Length,
      after: given.NextToken,
    })
    return {
      ...done,
      Datapoints: printed(page.rows),
      Period: String(periodS),
      ...(page.next && { NextToken: nextToken(page) }),
    }
  },
})

export const metricDataActions = [describeMetricList, describeMetricLast]
