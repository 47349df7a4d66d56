/** Another region file, and everything that is derived from it. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { allActions } from '../../src/api/actions/all.ts'
import { buildTable } from '../../src/api/table.ts'
import type { RegionTable } from '../../src/model/regions.ts'
import { openTestServer, type TestServer } from './server.ts'
import { call, requestV3 } from './signed-request.ts'

const regions: RegionTable = {
  defaultRegion: 'xx-north-1',
  domainSuffix: 'link.example.test',
  regions: [
    {
      id: 'xx-north-1',
      name: { zh: '北一', en: 'North 1' },
      zones: [
        { id: 'xx-north-1a', name: { zh: '北一 可用区A', en: 'North 1 Zone A' } },
        { id: 'xx-north-1z', name: { zh: '北一 可用区Z', en: 'North 1 Zone Z' } },
      ],
    },
  ],
}

let server: TestServer
beforeEach(async () => {
  server = await openTestServer({ regions, table: buildTable(allActions) })
})
afterEach(() => server.db.destroy())

const ask = async (version: string, action: string, query: Record<string, string> = {}) => {
  const request = requestV3(server, { action, query, headers: { 'x-acs-version': version } })
  return await call(server, request)
}
const products = { Vpc: '2016-04-28', Ecs: '2014-05-26', Slb: '2014-05-15', Privatelink: '2020-04-15' }

test.each(Object.values(products))(
  '%s lists its regions and zones, in the language asked for',
  async (version) => {
    const inEnglish = { AcceptLanguage: 'en-US' }
    expect((await ask(version, 'DescribeRegions', inEnglish)).body).toMatchObject({
      Regions: { Region: [{ RegionId: 'xx-north-1', LocalName: 'North 1' }] },
    })
    expect((await ask(version, 'DescribeZones')).body).toMatchObject({
      Zones: {
        Zone: [
          { ZoneId: 'xx-north-1a', LocalName: '北一 可用区A' },
          { ZoneId: 'xx-north-1z', LocalName: '北一 可用区Z' },
        ],
      },
    })
  },
)

test('Nlb lists them too, in its plainer shape', async () => {
  expect((await ask('2022-04-30', 'DescribeRegions')).body).toMatchObject({
    Regions: [{ RegionId: 'xx-north-1', LocalName: '北一' }],
  })
  expect((await ask('2022-04-30', 'DescribeZones', { AcceptLanguage: 'en-US' })).body).toMatchObject({
    Zones: [
      { ZoneId: 'xx-north-1a', LocalName: 'North 1 Zone A' },
      { ZoneId: 'xx-north-1z', LocalName: 'North 1 Zone Z' },
    ],
  })
})

test('a request names one of its regions, or means the default one', async () => {
  expect((await ask(products.Vpc, 'DescribeVpcs', { RegionId: 'eu-central-1' })).body).toMatchObject({
    Code: 'InvalidRegionId.NotFound',
  })
  const made = await ask(products.Vpc, 'CreateVpc', { CidrBlock: '10.0.0.0/16' })
  const VpcId = String(made.body['VpcId'])
  expect((await ask(products.Vpc, 'DescribeVpcAttribute', { VpcId })).body).toMatchObject({
    RegionId: 'xx-north-1',
  })
})

test('addresses are those of its regions', async () => {
  const addresses = async (Id: string) => {
    const { body } = await ask('2015-06-12', 'DescribeEndpoints', { Id, ServiceCode: 'vpc' })
    return (body['Endpoints'] as { Endpoint: { Id: string }[] }).Endpoint.map((one) => one.Id)
  }
  expect(await addresses('xx-north-1')).toEqual(['xx-north-1'])
  expect(await addresses('eu-central-1')).toEqual([])
})

test('the names of services end with its suffix', async () => {
  await ask(products.Privatelink, 'OpenPrivateLinkService')
  const made = await ask(products.Privatelink, 'CreateVpcEndpointService')
  expect(String(made.body['ServiceDomain'])).toMatch(/^epsrv-\w+\.xx-north-1\.link\.example\.test$/)
})

test.each([
  ['2015-04-01', 'GetCallerIdentity'],
  ['2015-05-01', 'ListUsers'],
  ['2020-03-31', 'ListResourceGroups'],
  ['2017-12-14', 'QueryAvailableInstances'],
])('%s has no regions: %s takes any RegionId, and none', async (version, action) => {
  for (const query of [{ RegionId: 'cn-shanghai' }, { RegionId: '' }, {}]) {
    expect((await ask(version, action, query)).status).toBe(200)
  }
})

test('a call without RegionId is one in the default region', async () => {
  const { body } = await ask(products.Vpc, 'CreateVpc')
  const { VpcId } = body as { VpcId: string }
  expect((await ask(products.Vpc, 'DescribeVpcAttribute', { VpcId })).body).toMatchObject({
    RegionId: 'xx-north-1',
  })
})
