/** What was measured of an endpoint, a service or a balancer, as charts. The time range is in the URL. */
import { Card, Col, Empty, Flex, Row, Segmented, Skeleton } from 'antd'
import { useSearchParams } from 'react-router'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useCall } from '../../api/queries.ts'
import type { Messages } from '../../i18n/en.ts'
import { useText } from '../../i18n/language.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { Chart, type Series, type Unit } from './chart.tsx'

export type Measured = 'endpoint' | 'service' | 'balancer' | 'networkBalancer'

const namespaces: Readonly<Record<Measured, string>> = {
  endpoint: 'acs_privatelink',
  service: 'acs_privatelink',
  balancer: 'acs_slb_dashboard',
  networkBalancer: 'acs_nlb',
}

type RangeName = keyof typeof ranges

/** How far back, and how long each point is, in seconds. */
const ranges = {
  hour: { backS: 3600, periodS: 60 },
  sixHours: { backS: 6 * 3600, periodS: 300 },
  day: { backS: 86_400, periodS: 900 },
  week: { backS: 7 * 86_400, periodS: 3600 },
  month: { backS: 30 * 86_400, periodS: 14_400 },
} as const

interface ChartSpec {
  readonly title: keyof Messages['metrics']['charts']
  readonly unit: Unit
  /** Metric name → what the line is called. */
  readonly lines: readonly (readonly [string, keyof Messages['metrics']['lines']])[]
}

type Line = ChartSpec['lines'][number]

/** What security groups refuse is told on the consumer's side alone. */
const privateLinkCharts = (prefix: string, ...ofConsumer: readonly Line[]): readonly ChartSpec[] => [
  {
    title: 'bits',
    unit: 'bit/s',
    lines: [
      [`${prefix}InBps`, 'in'],
      [`${prefix}OutBps`, 'out'],
    ],
  },
  {
    title: 'packets',
    unit: 'packet/s',
    lines: [
      [`${prefix}InPps`, 'in'],
      [`${prefix}OutPps`, 'out'],
    ],
  },
  {
    title: 'drops',
    unit: 'packet/s',
    lines: [
      [`${prefix}InDropPps`, 'in'],
      [`${prefix}OutDropPps`, 'out'],
    ],
  },
  {
    title: 'refusals',
    unit: 'packet/s',
    lines: [[`${prefix}NoListenerDropPps`, 'noListener'], ...ofConsumer],
  },
  { title: 'connections', unit: 'count', lines: [[`${prefix}ActiveConnection`, 'active']] },
  { title: 'newConnections', unit: 'connection/s', lines: [[`${prefix}NewConnection`, 'opened']] },
  {
    title: 'droppedConnections',
    unit: 'connection/s',
    lines: [[`${prefix}LimitDropConnection`, 'dropped']],
  },
]

/** The counts of servers are a listener's metrics: a CLB's have no prefix. */
const balancerCharts = (ofListener: string): readonly ChartSpec[] => [
  {
    title: 'bits',
    unit: 'bit/s',
    lines: [
      ['InstanceTrafficRX', 'in'],
      ['InstanceTrafficTX', 'out'],
    ],
  },
  {
    title: 'packets',
    unit: 'packet/s',
    lines: [
      ['InstancePacketRX', 'in'],
      ['InstancePacketTX', 'out'],
    ],
  },
  { title: 'connections', unit: 'count', lines: [['InstanceActiveConnection', 'active']] },
  {
    title: 'newConnections',
    unit: 'connection/s',
    lines: [['InstanceNewConnection', 'opened']],
  },
  {
    title: 'droppedConnections',
    unit: 'connection/s',
    lines: [['InstanceDropConnection', 'dropped']],
  },
  {
    title: 'health',
    unit: 'count',
    // The first is spelt as the public metric is.
    lines: [
      [`${ofListener}HeathyServerCount`, 'healthy'],
      [`${ofListener}UnhealthyServerCount`, 'unhealthy'],
    ],
  },
]

const charts: Readonly<Record<Measured, readonly ChartSpec[]>> = {
  endpoint: privateLinkCharts('VpcEndpoint', ['VpcEndpointSecurityGroupDropPps', 'securityGroups']),
  service: privateLinkCharts('VpcEndpointService'),
  balancer: balancerCharts(''),
  networkBalancer: balancerCharts('Listener'),
}

export function Monitoring({ of, id }: { readonly of: Measured; readonly id: string }) {
  const t = useText()
  const [params, setParams] = useSearchParams()
  const asked = params.get('range') ?? 'hour'
  const range: RangeName = asked in ranges ? (asked as RangeName) : 'hour'
  const choose = (name: string) =>
    setParams((before) => {
      before.set('range', name)
      return before
    })
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <Segmented
          aria-label={t.metrics.range}
          value={range}
          onChange={choose}
          options={(Object.keys(ranges) as RangeName[]).map((value) => ({
            value,
            label: t.metrics.ranges[value],
          }))}
        />
      </Flex>
      <Row gutter={[16, 16]}>
        {charts[of].map((spec) => (
          <Col key={spec.title} xs={24} xl={12}>
            <Card size="small" title={t.metrics.charts[spec.title]}>
              <MeasuredChart of={of} id={id} spec={spec} range={range} />
            </Card>
          </Col>
        ))}
      </Row>
    </>
  )
}

interface Point {
  readonly timestamp: number
  readonly Average: number
}

interface MeasuredChartProps {
  readonly of: Measured
  readonly id: string
  readonly spec: ChartSpec
  readonly range: RangeName
}

function MeasuredChart({ of, id, spec, range }: MeasuredChartProps) {
  const t = useText()
  const [first, second] = spec.lines
  const one = useMetric(of, id, range, first?.[0] ?? '')
  const other = useMetric(of, id, range, second?.[0])
  if (one.isPending) return <Skeleton active paragraph={{ rows: 4 }} />
  const failed = [one, other].find(({ isError }) => isError)
  if (failed?.error) return <ErrorNote error={failed.error} onRetry={() => void failed.refetch()} />
  const series = spec.lines.map(([, name], index): Series => {
    const { data } = index === 0 ? one : other
    return { name: t.metrics.lines[name], points: data ? pointsIn(data) : [] }
  })
  if (series.every(({ points }) => points.length === 0)) {
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t.metrics.none} />
  }
  const endMs = Date.now()
  const startMs = startOf(range, endMs)
  return (
    <Chart
      label={t.metrics.charts[spec.title]}
      unit={spec.unit}
      series={series}
      startMs={startMs}
      endMs={endMs}
    />
  )
}

/** On a full period, which keeps the query the same until the next point. */
function startOf(range: RangeName, nowMs: number): number {
  const { backS, periodS } = ranges[range]
  return (Math.floor(nowMs / 1000 / periodS) * periodS - backS) * 1000
}

/** Asked anew every half minute: a point is finished each minute, and no event tells of it. */
const paceMs = 30_000

function useMetric(of: Measured, id: string, range: RangeName, name: string | undefined) {
  const start = startOf(range, Date.now())
  const call = callOf('Cms', 'DescribeMetricList', {
    Namespace: namespaces[of],
    MetricName: name ?? '',
    Dimensions: JSON.stringify([{ instanceId: id }]),
    Period: ranges[range].periodS,
    StartTime: String(start),
  })
  return useCall(call, { enabled: name !== undefined, everyMs: paceMs })
}

/** The points are in a JSON text; a balancer's listeners have one each at every moment, which are summed. */
function pointsIn({
  Datapoints,
}: ResultOf<'Cms', 'DescribeMetricList'>): readonly (readonly [number, number])[] {
  const points = JSON.parse(Datapoints) as readonly Point[]
  const sums = new Map<number, number>()
  for (const { timestamp, Average } of points) sums.set(timestamp, (sums.get(timestamp) ?? 0) + Average)
  return [...sums]
}
