/** Rules that watch metrics, and what a real receiver is told. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { watchRules } from '../../src/monitor/alarms.ts'
import { createPost } from '../../src/monitor/webhook.ts'
import { nothingMeasured } from '../../src/model/metric-points.ts'
import { wireSeries } from '../../src/store/metric-objects.ts'
import { createGroupCommit, type GroupCommit } from '../../src/store/group-commit.ts'
import { addPoints } from '../../src/store/metrics.ts'
import type { WireParams } from './call.ts'
import { consumer, provider, refuses, setScene, stranger, type Scene } from './scene.ts'
import { zone } from './side.ts'

let scene: Scene
let commits: GroupCommit
let receiver: Server
let url: string
let received: Record<string, string>[]
/** What the receiver answers. */
let answer: number
const warned: unknown[] = []
const minuteMs = 60_000
const start = Date.UTC(2026, 10, 23)
let nowMs: number

beforeAll(async () => {
  scene = await setScene()
  commits = createGroupCommit(scene.of.db)
  receiver = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      received.push(JSON.parse(body) as Record<string, string>)
      response.writeHead(answer).end('thanks')
    })
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/alarm`
})
afterAll(async () => {
  receiver.close()
  await scene.of.db.destroy()
})

beforeEach(async () => {
  for (const table of ['metric_hour', 'metric_series', 'metric_rule'] as const) {
    await scene.of.db.deleteFrom(table).execute()
  }
  received = []
  answer = 200
  nowMs = start
  warned.length = 0
})

const post = createPost(['127.0.0.0/8'])

async function watch(how = post): Promise<void> {
  const log = { warn: (fields: unknown) => void warned.push(fields) }
  await watchRules({ commits, post: how, clock: () => new Date(nowMs), log })
}

/** A minute passes in which this many packets a second went in; without a number nothing was measured. */
async function minute(packetsPerSecond?: number): Promise<void> {
  if (packetsPerSecond !== undefined) {
    const values = { ...nothingMeasured, inPackets: packetsPerSecond * 60 }
    await commits.run(async (tx) => {
      const series = (await wireSeries(tx)).get(`${scene.endpoint}/${zone}`)
      if (!series) throw new Error('the endpoint has no zone')
      await addPoints(tx, new Map(), [{ series, minute: nowMs / minuteMs, values }])
    })
  }
  nowMs += minuteMs
  await watch()
}

const usual = (): WireParams => ({
  RuleId: 'busy',
  RuleName: 'busy endpoint',
  Namespace: 'acs_privatelink',
  MetricName: 'VpcEndpointInPps',
  Resources: JSON.stringify([{ instanceId: scene.endpoint }]),
  ContactGroups: 'operators',
  Webhook: url,
  'Escalations.Critical.Statistics': 'Average',
  'Escalations.Critical.ComparisonOperator': 'GreaterThanThreshold',
  'Escalations.Critical.Threshold': '100',
  'Escalations.Critical.Times': 2,
})

const put = (change: WireParams = {}, account = consumer) =>
  scene.of.call(account, 'Cms.PutResourceMetricRule', { ...usual(), ...change })

interface Alarm {
  readonly RuleId: string
  readonly AlertState: string
  readonly EnableState: boolean
}

async function alarms(account: string, params: WireParams = {}): Promise<readonly Alarm[]> {
  const { Alarms } = await scene.of.call(account, 'Cms.DescribeMetricRuleList', params)
  return (Alarms as { readonly Alarm: readonly Alarm[] }).Alarm
}

const state = async () => (await alarms(consumer))[0]?.AlertState

describe('a rule', () => {
  test('is without data, fine, an alarm after so many minutes in a row, and fine again', async () => {
    await put()
    expect(await state()).toBe('INSUFFICIENT_DATA')
    await minute(50)
    expect(await state()).toBe('OK')
    await minute(200)
    expect(await state()).toBe('OK')
    await minute(300)
    expect(await state()).toBe('ALARM')
    await minute(400)
    await minute(50)
    expect(await state()).toBe('OK')
    expect(received.map(({ alertState, curValue }) => [alertState, curValue])).toEqual([
      ['ALARM', '300'],
      ['OK', '50'],
    ])
    expect(received[0]).toMatchObject({
      userId: consumer,
      alertName: 'busy endpoint',
      ruleId: 'busy',
      metricName: 'VpcEndpointInPps',
      namespace: 'acs_privatelink',
      triggerLevel: 'CRITICAL',
      dimensions: JSON.stringify([{ userId: consumer, instanceId: scene.endpoint }]),
      expression: '[{"expression":"$Average>100","level":2,"times":2}]',
    })
  })

  test('that lasts is told again after the silence', async () => {
    await put({ SilenceTime: 180, 'Escalations.Critical.Times': 1 })
    for (let passed = 0; passed < 6; passed++) await minute(500)
    expect(received.map(({ timestamp }) => (Number(timestamp) - start) / minuteMs)).toEqual([1, 4])
  })

  test('is told with its gravest level', async () => {
    const warn = {
      'Escalations.Warn.Statistics': 'Maximum',
      'Escalations.Warn.ComparisonOperator': 'GreaterThanOrEqualToThreshold',
      'Escalations.Warn.Threshold': '10.5',
      'Escalations.Warn.Times': 1,
    }
    await put({ ...warn, 'Escalations.Critical.Times': 1 })
    await minute(11)
    await minute(200)
    expect(received.map(({ triggerLevel }) => triggerLevel)).toEqual(['WARN', 'CRITICAL'])
  })

  test('keeps its state without data, unless it says otherwise', async () => {
    await put({ 'Escalations.Critical.Times': 1 })
    await put({ RuleId: 'strict', NoDataPolicy: 'INSUFFICIENT_DATA', 'Escalations.Critical.Times': 1 })
    await minute(500)
    await minute()
    const states = (await alarms(consumer)).map(({ RuleId, AlertState }) => [RuleId, AlertState])
    expect(states).toEqual([
      ['busy', 'ALARM'],
      ['strict', 'INSUFFICIENT_DATA'],
    ])
  })

  test('sees only its own account', async () => {
    await put({ 'Escalations.Critical.Times': 1 }, stranger)
    await minute(500)
    expect((await alarms(stranger))[0]?.AlertState).toBe('INSUFFICIENT_DATA')
    expect(received).toEqual([])
    expect(await alarms(consumer)).toEqual([])
    expect(await scene.of.refusal(consumer, 'Cms.DeleteMetricRules', { 'Id.1': 'busy' })).toBe(
      'ResourceNotFound',
    )
  })

  test('that is off says nothing; switched on, changed and deleted', async () => {
    await put({ 'Escalations.Critical.Times': 1 })
    await scene.of.call(consumer, 'Cms.DisableMetricRules', { 'RuleId.1': 'busy' })
    await minute(500)
    expect(received).toEqual([])
    expect((await alarms(consumer, { EnableState: false })).map(({ RuleId }) => RuleId)).toEqual(['busy'])
    await scene.of.call(consumer, 'Cms.EnableMetricRules', { 'RuleId.1': 'busy' })
    await minute(500)
    expect(received).toHaveLength(1)
    await put({ 'Escalations.Critical.Threshold': '1000', 'Escalations.Critical.Times': 1 })
    await minute(500)
    expect(await state()).toBe('OK')
    await scene.of.call(consumer, 'Cms.DeleteMetricRules', { 'Id.1': 'busy' })
    expect(await alarms(consumer)).toEqual([])
  })
})

describe('telling it', () => {
  test('is tried four times, with the minutes that follow', async () => {
    await put({ 'Escalations.Critical.Times': 1 })
    answer = 503
    await minute(500)
    await minute(500)
    answer = 200
    await minute(500)
    await minute(500)
    expect(received).toHaveLength(3)
    answer = 503
    received = []
    for (let passed = 0; passed < 7; passed++) await minute(5)
    expect(received).toHaveLength(4)
    expect(warned).toHaveLength(6)
  })

  test.each([
    ['http://127.0.0.1:PORT/'],
    ['http://localhost:PORT/'],
    ['http://[::ffff:127.0.0.1]:PORT/'],
    ['http://[::1]:PORT/'],
    ['http://0.0.0.0:PORT/'],
    ['http://169.254.169.254/latest/meta-data'],
    ['http://2130706433:PORT/'],
  ])('%s is closed unless it was opened', async (target) => {
    const { port } = receiver.address() as AddressInfo
    const closed = createPost([])
    await expect(closed(target.replace('PORT', String(port)), '{}')).rejects.toThrow(
      'is not an address to tell alarms to',
    )
    expect(received).toEqual([])
  })

  test('a redirection is not followed', async () => {
    answer = 302
    await expect(post(url, '{}')).rejects.toThrow('answered 302')
    expect(received).toHaveLength(1)
  })
})

describe('refused', () => {
  const rule = 'Cms.PutResourceMetricRule'
  const but = (change: WireParams) => () => ({ ...usual(), ...change })
  refuses(
    () => scene.of,
    [
      [provider, rule, but({ MetricName: 'CPUUtilization' }), 'ResourceNotFound'],
      [provider, rule, but({ Webhook: 'file:///etc/passwd' }), 'ParameterInvalid'],
      [provider, rule, but({ Webhook: 'nowhere' }), 'ParameterInvalid'],
      [provider, rule, but({ Resources: '[]' }), 'ParameterInvalid'],
      [provider, rule, but({ 'Escalations.Critical.Threshold': 'many' }), 'ParameterInvalid'],
      [
        provider,
        rule,
        but({ 'Escalations.Critical.ComparisonOperator': 'GreaterThanYesterday' }),
        'ParameterInvalid',
      ],
      [provider, rule, but({ 'Prometheus.PromQL': 'up' }), 'ParameterInvalid'],
      [provider, rule, but({ EffectiveInterval: '08:00-18:00' }), 'ParameterInvalid'],
      [provider, 'Cms.EnableMetricRules', () => ({ 'RuleId.1': 'busy' }), 'ResourceNotFound'],
      [provider, 'Cms.DisableMetricRules', () => ({ 'RuleId.1': 'busy' }), 'ResourceNotFound'],
    ],
  )
})
