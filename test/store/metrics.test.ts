/** From reports to datapoints: what is kept of a minute, who sees it, and what a rule makes of it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createMonitor, type Monitor, type Present } from '../../src/monitor/monitor.ts'
import type { BalancerReport, WireReport } from '../../src/protocol/messages.ts'
import { createGroupCommit, type GroupCommit } from '../../src/store/group-commit.ts'
import { keepHouse } from '../../src/store/housekeeping.ts'
import { writeSamples } from '../../src/store/metrics.ts'
import type { WireParams } from './call.ts'
import { makeNlb } from './nlb.ts'
import { consumer, provider, refuses, setScene, stranger, type Scene } from './scene.ts'
import { zone } from './side.ts'

let scene: Scene
let commits: GroupCommit
/** The clock of `call` begins here, too. */
const start = Date.UTC(2026, 10, 23)
const minuteMs = 60_000
let nowMs = start
let present: Present | undefined
let monitor: Monitor

beforeAll(async () => {
  scene = await setScene()
  commits = createGroupCommit(scene.of.db)
})
afterAll(() => scene.of.db.destroy())

beforeEach(async () => {
  for (const table of ['metric_hour', 'metric_series', 'metric_sample', 'metric_rule'] as const) {
    await scene.of.db.deleteFrom(table).execute()
  }
  nowMs = start - 30 * minuteMs
  present = { wires: [], balancers: [], health: [] }
  // As if the server had been there all the time: what it reads first is new.
  await commits.run((tx) => writeSamples(tx, { atMs: nowMs, samples: '[]' }))
  await restart()
})

/** A server that is started, or started again. */
async function restart(): Promise<void> {
  monitor = await createMonitor({ commits, present: () => present, clock: () => new Date(nowMs) })
}

function wire(counters: Partial<WireReport> = {}): WireReport {
  return {
    id: `${scene.endpoint}/${zone}`,
    atMs: nowMs,
    pair: 'cw-1',
    inBytes: 0,
    inPackets: 0,
    inDropped: 0,
    outBytes: 0,
    outPackets: 0,
    outDropped: 0,
    newConnections: 0,
    activeConnections: 0,
    overConnections: 0,
    denied: 0,
    unserved: 0,
    portsUsed: 0,
    portsInAll: 64512,
    sources: 1,
    ...counters,
  }
}

function balancer(counters: Partial<BalancerReport['listeners'][number]> = {}): BalancerReport {
  return {
    id: scene.clb,
    atMs: nowMs,
    overRate: 0,
    overConnections: 4,
    listeners: [
      {
        protocol: 'tcp',
        port: 80,
        inBytes: 0,
        inPackets: 0,
        outBytes: 0,
        outPackets: 0,
        newConnections: 0,
        overRate: 0,
        activeConnections: 0,
        inactiveConnections: 0,
        ...counters,
      },
    ],
  }
}

/** The agent says this, and the minute ends. */
async function minute(said: Partial<Present>): Promise<void> {
  nowMs += minuteMs
  present = { wires: [], balancers: [], health: [], ...present, ...said }
  monitor.reported(present)
  await monitor.minuteOver()
}

interface Datapoint {
  readonly timestamp: number
  readonly Average: number
  readonly Minimum: number
  readonly Maximum: number
  readonly [dimension: string]: number | string
}

async function points(account: string, MetricName: string, params: WireParams = {}): Promise<Datapoint[]> {
  const Namespace = MetricName.includes('Endpoint') ? 'acs_privatelink' : 'acs_slb_dashboard'
  const range = { StartTime: start - 3_600_000, EndTime: start }
  const answer = await scene.of.call(account, 'Cms.DescribeMetricList', {
    Namespace,
    MetricName,
    ...range,
    ...params,
  })
  expect(answer).toMatchObject({ Code: '200', Success: true })
  return JSON.parse(String(answer['Datapoints'])) as Datapoint[]
}

const averages = async (account: string, metric: string, params?: WireParams) =>
  (await points(account, metric, params)).map(({ Average }) => Average)

describe('what is kept', () => {
  test('counters become amounts a minute, in the unit of the metric', async () => {
    await minute({ wires: [wire({ inBytes: 6000, inPackets: 60 })] })
    await minute({
      wires: [
        wire({ inBytes: 9000, inPackets: 90, inDropped: 30, activeConnections: 3, newConnections: 60 }),
      ],
    })
    expect(await averages(consumer, 'VpcEndpointInBps')).toEqual([800, 400])
    expect(await averages(consumer, 'VpcEndpointInPps')).toEqual([1, 0.5])
    expect(await averages(consumer, 'VpcEndpointInDropPps')).toEqual([0, 0.5])
    // As long as those that passed: 100 bytes.
    expect(await averages(consumer, 'VpcEndpointInDropBps')).toEqual([0, 400])
    expect(await averages(consumer, 'VpcEndpointActiveConnection')).toEqual([0, 3])
    expect(await averages(consumer, 'VpcEndpointNewConnection')).toEqual([0, 1])
  })

  test('a wire that was made anew, and counters that begin again, are no jump', async () => {
    await minute({ wires: [wire({ inPackets: 600 })] })
    await minute({ wires: [wire({ inPackets: 900, pair: 'cw-2' })] })
    await minute({ wires: [wire({ inPackets: 60, pair: 'cw-2' })] })
    expect(await averages(consumer, 'VpcEndpointInPps')).toEqual([10, 15, 1])
  })

  test('what passed while the server or the agent was away is spread over that time', async () => {
    await minute({ wires: [wire({ inPackets: 60 })] })
    await restart()
    nowMs += 2 * minuteMs
    await minute({ wires: [wire({ inPackets: 60 + 3 * 120 })] })
    expect(await averages(consumer, 'VpcEndpointInPps')).toEqual([1, 2, 2, 2])
    present = undefined
    nowMs += minuteMs
    await monitor.minuteOver()
    await minute({ wires: [wire({ inPackets: 60 + 3 * 120 + 2 * 60 })] })
    expect(await averages(consumer, 'VpcEndpointInPps')).toEqual([1, 2, 2, 2, 1, 1])
  })

  test('a server that has heard nothing yet forgets nothing', async () => {
    await minute({ wires: [wire({ inPackets: 60 })] })
    await restart()
    present = { wires: [], balancers: [], health: [] }
    await minute({})
    await restart()
    await minute({ wires: [wire({ inPackets: 120 })] })
    expect(await averages(consumer, 'VpcEndpointInPps')).toEqual([1, 1])
  })

  test('of what was there before anything was kept, only what comes on top counts', async () => {
    await minute({ wires: [wire({ inPackets: 1_000_000 })] })
    await scene.of.db.deleteFrom('metric_hour').execute()
    await scene.of.db.updateTable('metric_sample').set({ at_ms: 0 }).execute()
    await restart()
    await minute({ wires: [wire({ inPackets: 2_000_000 })] })
    await minute({ wires: [wire({ inPackets: 2_000_060 })] })
    expect(await averages(consumer, 'VpcEndpointInPps')).toEqual([0, 1])
  })

  test('what passed in the last minute of a wire that was cut is counted', async () => {
    await minute({ wires: [wire({ inPackets: 60 })] })
    monitor.reported({ wires: [wire({ inPackets: 120 })], balancers: [] })
    present = { wires: [], balancers: [], health: [] }
    await minute({})
    await minute({})
    expect(await averages(consumer, 'VpcEndpointInPps')).toEqual([1, 1])
  })

  test('30 days, then it goes, and the series with it', async () => {
    await minute({ wires: [wire({ inPackets: 60 })] })
    const keep = (days: number) =>
      keepHouse(
        commits,
        () => new Date(nowMs + days * 86_400_000),
        () => undefined,
      )
    await keep(30)
    expect(await averages(consumer, 'VpcEndpointInPps')).toEqual([1])
    await keep(30.1)
    expect(await scene.of.db.selectFrom('metric_hour').selectAll().execute()).toEqual([])
    expect(await scene.of.db.selectFrom('metric_series').selectAll().execute()).toEqual([])
  })
})

describe('who sees it', () => {
  beforeEach(async () => {
    const servers = { balancer: scene.clb, protocol: 'tcp', port: 80, backendPort: 80 } as const
    await minute({
      wires: [wire({ inBytes: 6000 })],
      balancers: [
        balancer({ newConnections: 120, outPackets: 60, activeConnections: 2, inactiveConnections: 1 }),
      ],
      health: [
        { ...servers, server: scene.ecs2, status: 'normal' },
        { ...servers, server: scene.ecs1, status: 'abnormal' },
      ],
    })
  })

  test.each([
    ['EndpointInBps', { instanceId: () => scene.endpoint }],
    ['VpcEndpointInBps', { instanceId: () => scene.endpoint }],
    ['VpcEndpointZoneInBps', { instanceId: () => scene.endpoint, zoneId: () => zone }],
  ])('%s is the consumer’s', async (metric, dimensions) => {
    const shown = Object.entries(dimensions).map(([name, value]) => [name, value()])
    expect(await points(consumer, metric)).toEqual([
      expect.objectContaining({ userId: consumer, Average: 800, ...Object.fromEntries(shown) }),
    ])
    expect(await points(provider, metric)).toEqual([])
    expect(await points(stranger, metric)).toEqual([])
  })

  test.each([
    ['VpcEndpointServiceInBps', ['instanceId']],
    ['VpcEndpointServiceResourceInBps', ['instanceId', 'zoneId', 'resourceId']],
    ['VpcEndpointServiceEndpointZoneInBps', ['instanceId', 'endpointId', 'zoneId']],
  ])('%s is the provider’s, and names nothing of the consumer but its endpoint', async (metric, names) => {
    const [point] = await points(provider, metric)
    expect(point).toMatchObject({ userId: provider, instanceId: scene.service, Average: 800 })
    const values = ['timestamp', 'Minimum', 'Average', 'Maximum']
    expect(Object.keys(point ?? {}).toSorted()).toEqual(['userId', ...names, ...values].toSorted())
    expect(await points(consumer, metric)).toEqual([])
  })

  test('a balancer’s are those of its listeners and of its own limits', async () => {
    const port = { Dimensions: JSON.stringify([{ instanceId: scene.clb, port: '80' }]) }
    expect(await averages(provider, 'NewConnection', port)).toEqual([2])
    expect(await averages(provider, 'MaxConnection', port)).toEqual([3])
    expect(await averages(provider, 'PacketTX', port)).toEqual([1])
    expect(await averages(provider, 'HeathyServerCount', port)).toEqual([1])
    expect(await averages(provider, 'UnhealthyServerCount', port)).toEqual([1])
    const [own] = await points(provider, 'InstanceDropConnection')
    expect(own).toMatchObject({ instanceId: scene.clb })
    expect(own?.Average).toBeCloseTo(4 / 60)
    expect(await points(consumer, 'NewConnection')).toEqual([])
  })

  test('an NLB’s are told in a namespace of its own, by protocol and port, and a CLB’s are not among them', async () => {
    const nlb = await makeNlb(scene)
    const listener = { ...balancer({ newConnections: 120, inPackets: 60, inBytes: 7500 }), id: nlb.id }
    const both = listener.listeners.flatMap((one) => [
      one,
      { ...one, protocol: 'udp' as const, inPackets: 6 },
    ])
    await minute({
      balancers: [balancer({ newConnections: 60 }), { ...listener, listeners: both }],
      health: [
        {
          balancer: nlb.id,
          protocol: 'tcp',
          port: 80,
          backendPort: 80,
          server: scene.ecs2,
          status: 'normal',
        },
      ],
    })
    const of = (dimensions: object) => ({ Namespace: 'acs_nlb', Dimensions: JSON.stringify([dimensions]) })
    const tcp = of({ instanceId: nlb.id, listenerProtocol: 'tcp', listenerPort: 80 })
    const [packets, ...more] = await points(provider, 'ListenerPacketRX', tcp)
    expect(packets).toMatchObject({
      instanceId: nlb.id,
      listenerProtocol: 'TCP',
      listenerPort: '80',
      Average: 1,
    })
    expect(more).toEqual([])
    expect(await averages(provider, 'NewConnection', tcp)).toEqual([2])
    expect(await averages(provider, 'TrafficRX', tcp)).toEqual([1000])
    expect(await averages(provider, 'ListenerHeathyServerCount', tcp)).toEqual([1])
    const whole = { Namespace: 'acs_nlb' }
    expect(await points(provider, 'InstancePacketRX', whole)).toMatchObject([
      { userId: provider, instanceId: nlb.id, Average: 1.1 },
    ])
    expect(await averages(provider, 'InstanceNewConnection', whole)).toEqual([4])
    const classic = await points(provider, 'InstanceNewConnection')
    expect(new Set(classic.map(({ instanceId }) => instanceId))).toEqual(new Set([scene.clb]))
    expect(await points(consumer, 'InstancePacketRX', whole)).toEqual([])
  })

  test('somebody else’s dimensions find nothing', async () => {
    const of = (dimensions: object) => ({ Dimensions: JSON.stringify(dimensions) })
    expect(await points(stranger, 'VpcEndpointInBps', of([{ instanceId: scene.endpoint }]))).toEqual([])
    expect(await points(stranger, 'VpcEndpointInBps', of([{ userId: consumer }]))).toEqual([])
    expect(await points(consumer, 'VpcEndpointInBps', of({ instanceId: scene.endpoint }))).toHaveLength(1)
  })
})

describe('how it is asked', () => {
  beforeEach(async () => {
    for (let packets = 60; packets <= 600; packets += 60)
      await minute({ wires: [wire({ inPackets: packets * packets })] })
  })

  test('page by page, each point once', async () => {
    const all = await points(consumer, 'VpcEndpointInPps')
    expect(all).toHaveLength(10)
    const seen: Datapoint[] = []
    let token: string | undefined
    do {
      const answer = await scene.of.call(consumer, 'Cms.DescribeMetricList', {
        Namespace: 'acs_privatelink',
        MetricName: 'VpcEndpointInPps',
        StartTime: new Date(start - 3_600_000).toISOString().replace('.000', ''),
        EndTime: new Date(start).toISOString().slice(0, 19).replace('T', ' '),
        Length: 3,
        ...(token === undefined ? {} : { NextToken: token }),
      })
      seen.push(...(JSON.parse(String(answer['Datapoints'])) as Datapoint[]))
      token = answer['NextToken'] as string | undefined
    } while (token !== undefined)
    expect(seen).toEqual(all)
  })

  test('a range begins after its start and ends with its end', async () => {
    const all = await points(consumer, 'VpcEndpointInPps')
    const [, second, third, fourth] = all
    const range = { StartTime: second?.timestamp ?? 0, EndTime: fourth?.timestamp ?? 0 }
    expect(await points(consumer, 'VpcEndpointInPps', range)).toEqual([third, fourth])
  })

  test('a longer period has average, minimum and maximum of its minutes', async () => {
    const minutes = await points(consumer, 'VpcEndpointInPps')
    const periods = await points(consumer, 'VpcEndpointInPps', { Period: 300 })
    const [first] = periods
    const inside = minutes.filter(
      ({ timestamp }) => Math.floor(timestamp / 300_000) * 300_000 === first?.timestamp,
    )
    const values = inside.map(({ Average }) => Average)
    expect(first).toMatchObject({ Minimum: Math.min(...values), Maximum: Math.max(...values) })
    expect(first?.Average).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length)
  })

  test('the newest', async () => {
    const answer = await scene.of.call(consumer, 'Cms.DescribeMetricLast', {
      Namespace: 'acs_privatelink',
      MetricName: 'VpcEndpointInPps',
    })
    const newest = (await points(consumer, 'VpcEndpointInPps')).at(-1)
    expect(JSON.parse(String(answer['Datapoints']))).toEqual([newest])
  })
})

describe('refused', () => {
  const wanted = { Namespace: 'acs_privatelink', MetricName: 'VpcEndpointInBps' }
  const list = 'Cms.DescribeMetricList'
  refuses(
    () => scene.of,
    [
      [consumer, list, () => ({ ...wanted, MetricName: 'CPUUtilization' }), 'ResourceNotFound'],
      [consumer, list, () => ({ ...wanted, Namespace: 'acs_ecs_dashboard' }), 'ResourceNotFound'],
      [consumer, list, () => ({ Namespace: 'acs_privatelink' }), 'MissingParameter'],
      [consumer, list, () => ({ ...wanted, Period: 90 }), 'ParameterInvalid'],
      [consumer, list, () => ({ ...wanted, Dimensions: '[{"port":"80"}]' }), 'ParameterInvalid'],
      [consumer, list, () => ({ ...wanted, Dimensions: 'instanceId' }), 'ParameterInvalid'],
      [consumer, list, () => ({ ...wanted, StartTime: 'yesterday' }), 'ParameterInvalid'],
      [consumer, list, () => ({ ...wanted, StartTime: start, EndTime: start }), 'ParameterInvalid'],
      [consumer, list, () => ({ ...wanted, Express: '{"groupby":["userId"]}' }), 'ParameterInvalid'],
      [consumer, list, () => ({ ...wanted, NextToken: 'x' }), 'ParameterInvalid'],
      [consumer, 'Cms.DeleteMetricRules', () => ({ 'Id.1': 'none' }), 'ResourceNotFound'],
    ],
  )
})
