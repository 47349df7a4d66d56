/** Every action of Cms by each family of clients, on a server that kept points; and the same for Prometheus. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nothingMeasured } from '../../../src/model/metric-points.ts'
import { openDatabase } from '../../../src/store/database.ts'
import { addPoints, type SeriesKey } from '../../../src/store/metrics.ts'
import { startServer, type RunningServer } from '../../fixtures/running-server.ts'
import { families, refusalOf } from './clients.ts'
import { makeParty, partyOf, type Party } from './stage.ts'

const account = '12345678'
const endpoint = 'ep-0000000000000000kept'
const nowMinute = Math.floor(Date.now() / 60_000)
const wire: SeriesKey = {
  kind: 'wire',
  account_id: account,
  provider_id: '87654321',
  endpoint_id: endpoint,
  zone_id: 'eu-central-1b',
  eni_id: 'eni-1',
  service_id: 'epsrv-1',
  resource_id: 'lb-1',
  vip: '',
  protocol: '',
  port: 0,
}

let server: RunningServer
let owner: Party

beforeAll(async () => {
  server = await startServer({
    async prepare(file) {
      const db = await openDatabase(file)
      const points = [3, 2, 1].map((ago) => ({
        series: wire,
        minute: nowMinute - ago,
        values: { ...nothingMeasured, inBytes: ago * 600 },
      }))
      await db.transaction().execute((tx) => addPoints(tx, new Map(), points))
      await db.destroy()
    },
  })
  owner = await makeParty(server, account)
})

afterAll(() => server[Symbol.asyncDispose]())

describe.each(families)('%s', (family) => {
  const party = () => partyOf(server, owner.credentials, family, 'HTTP')

  test('measurements, page by page', async () => {
    const { cms } = party()
    const wanted = {
      Namespace: 'acs_privatelink',
      MetricName: 'VpcEndpointInBps',
      Dimensions: JSON.stringify([{ instanceId: endpoint }]),
      Period: '60',
      StartTime: String((nowMinute - 10) * 60_000),
    }
    const first = await cms('DescribeMetricList', { ...wanted, Length: '2' })
    expect(first).toMatchObject({ Code: '200', Success: true, Period: '60' })
    const { NextToken } = first
    const rest = await cms('DescribeMetricList', { ...wanted, NextToken })
    const values = [first, rest].flatMap(({ Datapoints }) => JSON.parse(String(Datapoints)) as object[])
    const point = { userId: account, instanceId: endpoint }
    expect(values).toEqual(
      [3, 2, 1].map((ago) => {
        const value = ago * 80
        const timestamp = (nowMinute - ago) * 60_000
        return { ...point, timestamp, Minimum: value, Average: value, Maximum: value }
      }),
    )
    expect(rest['NextToken']).toBeUndefined()
    const last = await cms('DescribeMetricLast', wanted)
    expect(JSON.parse(String(last['Datapoints']))).toEqual([values.at(-1)])
    const unknown = cms('DescribeMetricList', { ...wanted, MetricName: 'CPUUtilization' })
    expect(await refusalOf(unknown)).toMatchObject({ code: 'ResourceNotFound' })
  })

  test('what can be asked for', async () => {
    const { cms } = party()
    const metrics = await cms('DescribeMetricMetaList', { Namespace: 'acs_privatelink', PageSize: '100' })
    expect(Number(metrics['TotalCount'])).toBeGreaterThan(60)
    expect(metrics['Resources']).toMatchObject({
      Resource: expect.arrayContaining([
        expect.objectContaining({
          MetricName: 'VpcEndpointZoneOutDropPps',
          Dimensions: 'userId,instanceId,zoneId',
          Unit: 'packet/s',
          Statistics: 'Average,Minimum,Maximum',
        }),
      ]) as unknown,
    })
    const projects = await cms('DescribeProjectMeta')
    expect(projects).toMatchObject({ Total: '3', Code: '200' })
  })

  test('a rule, from its making to its end', async () => {
    const { cms } = party()
    const RuleId = `rule-${family.replaceAll(/\W/g, '-')}`
    await cms('PutResourceMetricRule', {
      RuleId,
      RuleName: family,
      Namespace: 'acs_privatelink',
      MetricName: 'VpcEndpointInBps',
      Resources: JSON.stringify([{ instanceId: endpoint }]),
      ContactGroups: 'nobody',
      'Escalations.Critical.Statistics': 'Average',
      'Escalations.Critical.ComparisonOperator': 'GreaterThanOrEqualToThreshold',
      'Escalations.Critical.Threshold': '90',
      'Escalations.Critical.Times': 3,
    })
    await cms('DisableMetricRules', { RuleId: [RuleId] })
    const listed = await cms('DescribeMetricRuleList', { RuleIds: RuleId })
    expect(listed).toMatchObject({
      Code: 200,
      Total: '1',
      Alarms: {
        Alarm: [
          {
            RuleId,
            EnableState: false,
            AlertState: 'INSUFFICIENT_DATA',
            Escalations: { Critical: { Threshold: '90', Times: '3' } },
          },
        ],
      },
    })
    await cms('EnableMetricRules', { RuleId: [RuleId] })
    expect(await cms('DeleteMetricRules', { Id: [RuleId] })).toMatchObject({ Code: '200', Success: true })
    expect(await refusalOf(cms('DeleteMetricRules', { Id: [RuleId] }))).toMatchObject({
      code: 'ResourceNotFound',
    })
  })
})

describe('/metrics', () => {
  const get = (headers: Readonly<Record<string, string>>) =>
    fetch(`http://${server.host}/metrics`, { headers: { ...headers } })

  test('is read with the token of the state directory, which is the server’s alone', async () => {
    const file = join(server.state, 'metrics-token')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const token = (await readFile(file, 'utf8')).trim()
    const answer = await get({ authorization: `Bearer ${token}` })
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(await answer.text()).toMatch(/^postern_agent_connected 1$/m)
  })

  test.each([{}, { authorization: 'Bearer wrong' }, { authorization: 'Bearer ' }])(
    'is closed with %j',
    async (headers) => {
      const answer = await get(headers)
      expect(answer.status).toBe(401)
      expect(await answer.text()).not.toContain('postern_')
    },
  )
})
