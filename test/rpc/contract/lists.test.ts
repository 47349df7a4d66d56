/** PrivateLink's lists: every filter alone and together with others, pages of every size, and their bounds. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type RunningServer } from '../../fixtures/running-server.ts'
import { refusalOf, type Answer, type Params } from './clients.ts'
import {
  endpointIs,
  makeBalancer,
  makeEndpoint,
  makeNetwork,
  makeParty,
  makeService,
  zone,
  type Party,
} from './stage.ts'

let server: RunningServer
let provider: Party
let consumer: Party
let ids: Readonly<Record<string, string>>

/** Two services, the first with a resource; two endpoints of the first, one of them connected, and one of the second. */
beforeAll(async () => {
  server = await startServer()
  provider = await makeParty(server, '87654321')
  consumer = await makeParty(server, '12345678')
  for (const { privatelink } of [provider, consumer]) await privatelink('OpenPrivateLinkService')
  const offer = await makeNetwork(provider)
  const network = await makeNetwork(consumer)
  const balancer = await makeBalancer(provider, offer)
  const tag = (Value: string) => ({ Tag: [{ Key: 'team', Value }] })
  const service = await makeService(provider, [balancer], [consumer], {
    ...tag('a'),
    ZoneAffinityEnabled: true,
  })
  const other = await makeService(provider, [], [consumer], { ...tag('b'), AutoAcceptEnabled: true })
  const connected = await makeEndpoint(consumer, service, network)
  const waiting = await makeEndpoint(consumer, service, network, [])
  const auto = await makeEndpoint(consumer, other, network, [])
  await endpointIs(consumer, auto, 'ConnectionStatus', 'Connected')
  const connection = { ServiceId: service, EndpointId: connected }
  await provider.privatelink('EnableVpcEndpointConnection', connection)
  await endpointIs(consumer, connected, 'ConnectionStatus', 'Connected')
  await consumer.privatelink('UpdateVpcEndpointAttribute', { EndpointId: waiting, EndpointName: 'second' })
  const target = { ResourceType: 'VpcEndpoint', ResourceId: [waiting] }
  await consumer.privatelink('TagResources', {
    ...target,
    Tag: [
      { Key: 'team', Value: 'b' },
      { Key: 'x', Value: '' },
    ],
  })
  const zones = (await consumer.privatelink('ListVpcEndpointZones', { EndpointId: connected }))[
    'Zones'
  ] as Answer[]
  const group = (await consumer.privatelink('GetVpcEndpointAttribute', { EndpointId: waiting }))[
    'ResourceGroupId'
  ]
  const theirs = await provider.privatelink('GetVpcEndpointServiceAttribute', { ServiceId: service })
  ids = {
    balancer,
    service,
    other,
    connected,
    waiting,
    auto,
    vpc: network.vpc,
    eni: String(zones[0]?.['EniId']),
    group: String(group),
    theirGroup: String(theirs['ResourceGroupId']),
  }
})

afterAll(() => server[Symbol.asyncDispose]())

const nameOf = (service: string) => `com.aliyuncs.privatelink.eu-central-1.${ids[service]}`
const tagged = (...Tag: readonly Params[]) => ({ Tag })
type Filter = readonly [about: string, filter: () => Params, found: readonly string[]]

/** Which of the known ids a list has, by name. */
async function found(
  of: () => Party,
  action: string,
  list: string,
  key: string,
  filter: Params,
): Promise<unknown> {
  const answer = await of().privatelink(action, filter)
  const items = answer[list] as Answer[]
  expect(Number(answer['TotalCount'])).toBe(items.length)
  const names = new Map(Object.entries(ids).map(([name, id]) => [id, name]))
  return items.map((item) => names.get(String(item[key])) ?? 'stranger').sort()
}

describe('ListVpcEndpointServices', () => {
  const filters: readonly Filter[] = [
    ['none', () => ({}), ['other', 'service']],
    ['id', () => ({ ServiceId: ids['other'] }), ['other']],
    ['name', () => ({ ServiceName: nameOf('service') }), ['service']],
    ['a name of nothing', () => ({ ServiceName: 'com.aliyuncs.privatelink.eu-central-1.oss' }), []],
    ['name and another id', () => ({ ServiceName: nameOf('service'), ServiceId: ids['other'] }), []],
    ['status', () => ({ ServiceStatus: 'Active' }), ['other', 'service']],
    ['another status', () => ({ ServiceStatus: 'Pending' }), []],
    ['business status', () => ({ ServiceBusinessStatus: 'FinancialLocked' }), []],
    ['accepting', () => ({ AutoAcceptEnabled: true }), ['other']],
    ['not accepting', () => ({ AutoAcceptEnabled: false }), ['service']],
    ['affinity', () => ({ ZoneAffinityEnabled: true }), ['service']],
    ['affinity and accepting', () => ({ ZoneAffinityEnabled: true, AutoAcceptEnabled: true }), []],
    ['type', () => ({ ServiceResourceType: 'slb' }), ['other', 'service']],
    ['another type', () => ({ ServiceResourceType: 'gwlb' }), []],
    ['resource', () => ({ ResourceId: ids['balancer'] }), ['service']],
    ['IP version', () => ({ AddressIpVersion: 'DualStack' }), []],
    ['resource group', () => ({ ResourceGroupId: ids['theirGroup'] }), ['other', 'service']],
    ['another group', () => ({ ResourceGroupId: ids['group'] }), []],
    ['tag', () => tagged({ Key: 'team', Value: 'a' }), ['service']],
    ['tag key', () => tagged({ Key: 'team' }), ['other', 'service']],
    ['two tags', () => tagged({ Key: 'team', Value: 'a' }, { Key: 'x' }), []],
  ]
  test.each(filters)('%s', async (_, filter, expected) => {
    expect(await found(() => provider, 'ListVpcEndpointServices', 'Services', 'ServiceId', filter())).toEqual(
      expected,
    )
  })
})

describe('ListVpcEndpointServicesByEndUser', () => {
  const filters: readonly Filter[] = [
    ['none', () => ({}), ['other', 'service']],
    ['id', () => ({ ServiceId: ids['other'] }), ['other']],
    ['name', () => ({ ServiceName: nameOf('service') }), ['service']],
    ['type', () => ({ ServiceType: 'Interface' }), ['other', 'service']],
    ['another type', () => ({ ServiceType: 'GatewayLoadBalancer' }), []],
    ['region', () => ({ ServiceRegionId: 'eu-central-1' }), ['other', 'service']],
    ['another region', () => ({ ServiceRegionId: 'cn-hangzhou' }), []],
    ['tag', () => tagged({ Key: 'team', Value: 'b' }), ['other']],
    ['resource group', () => ({ ResourceGroupId: ids['theirGroup'], ServiceId: ids['other'] }), ['other']],
  ]
  test.each(filters)('%s', async (_, filter, expected) => {
    const action = 'ListVpcEndpointServicesByEndUser'
    expect(await found(() => consumer, action, 'Services', 'ServiceId', filter())).toEqual(expected)
  })
})

describe('ListVpcEndpoints', () => {
  const filters: readonly Filter[] = [
    ['none', () => ({}), ['auto', 'connected', 'waiting']],
    ['id', () => ({ EndpointId: ids['auto'] }), ['auto']],
    ['name', () => ({ EndpointName: 'second' }), ['waiting']],
    ['status', () => ({ EndpointStatus: 'Active' }), ['auto', 'connected', 'waiting']],
    ['another status', () => ({ EndpointStatus: 'Inactive' }), []],
    ['type', () => ({ EndpointType: 'Interface' }), ['auto', 'connected', 'waiting']],
    ['another type', () => ({ EndpointType: 'Reverse' }), []],
    ['connection', () => ({ ConnectionStatus: 'Disconnected' }), ['waiting']],
    ['service', () => ({ ServiceName: nameOf('service') }), ['connected', 'waiting']],
    [
      'service and connection',
      () => ({ ServiceName: nameOf('service'), ConnectionStatus: 'Connected' }),
      ['connected'],
    ],
    ['VPC', () => ({ VpcId: ids['vpc'] }), ['auto', 'connected', 'waiting']],
    ['another VPC', () => ({ VpcId: 'vpc-none' }), []],
    ['region', () => ({ ServiceRegionId: 'cn-hangzhou' }), []],
    ['IP version', () => ({ AddressIpVersion: 'IPv4', EndpointId: ids['auto'] }), ['auto']],
    ['resource group', () => ({ ResourceGroupId: ids['group'], EndpointName: 'second' }), ['waiting']],
    ['two tags', () => tagged({ Key: 'team', Value: 'b' }, { Key: 'x' }), ['waiting']],
  ]
  test.each(filters)('%s', async (_, filter, expected) => {
    expect(await found(() => consumer, 'ListVpcEndpoints', 'Endpoints', 'EndpointId', filter())).toEqual(
      expected,
    )
  })
})

describe('ListVpcEndpointConnections', () => {
  const filters: readonly Filter[] = [
    ['none', () => ({}), ['auto', 'connected', 'waiting']],
    ['service', () => ({ ServiceId: ids['service'] }), ['connected', 'waiting']],
    ['endpoint', () => ({ EndpointId: ids['auto'] }), ['auto']],
    ['both', () => ({ ServiceId: ids['other'], EndpointId: ids['connected'] }), []],
    ['owner', () => ({ EndpointOwnerId: '12345678' }), ['auto', 'connected', 'waiting']],
    ['another owner', () => ({ EndpointOwnerId: '87654321' }), []],
    ['status', () => ({ ConnectionStatus: 'Connected' }), ['auto', 'connected']],
    ['a status of none', () => ({ ConnectionStatus: 'Pending' }), []],
    ['ENI', () => ({ EniId: ids['eni'] }), ['connected']],
    ['resource', () => ({ ResourceId: ids['balancer'] }), ['connected']],
    ['replaced resource', () => ({ ReplacedResourceId: ids['balancer'] }), []],
    ['resource group', () => ({ ResourceGroupId: ids['theirGroup'], EniId: ids['eni'] }), ['connected']],
    ['the group of the endpoint', () => ({ ResourceGroupId: ids['group'] }), []],
  ]
  test.each(filters)('%s', async (_, filter, expected) => {
    const action = 'ListVpcEndpointConnections'
    expect(await found(() => provider, action, 'Connections', 'EndpointId', filter())).toEqual(expected)
  })

  test('who owns the endpoints, but not the service, sees none', async () => {
    expect((await consumer.privatelink('ListVpcEndpointConnections'))['Connections']).toEqual([])
  })
})

describe('ListVpcEndpointServiceUsers', () => {
  const list = (params: Params) =>
    provider.privatelink('ListVpcEndpointServiceUsers', { ServiceId: ids['other'], ...params })

  test('as numbers, as ARNs, and everyone, who has no number', async () => {
    await provider.privatelink('AddUserToVpcEndpointService', {
      ServiceId: ids['other'],
      UserARN: 'acs:ram:*:*:*',
    })
    expect(await list({})).toMatchObject({
      Users: [{ UserId: 87654321 }, { UserId: 12345678 }],
      UserARNs: [],
      TotalCount: '2',
    })
    expect(await list({ UserListType: 'UserARNs' })).toMatchObject({
      Users: [],
      UserARNs: [
        { UserARN: 'acs:ram:*:87654321:*' },
        { UserARN: 'acs:ram:*:12345678:*' },
        { UserARN: 'acs:ram:*:*:*' },
      ],
      TotalCount: '3',
    })
    expect(await list({ UserId: '12345678' })).toMatchObject({
      Users: [{ UserId: 12345678 }],
      TotalCount: '1',
    })
    expect(await list({ UserId: '99999999' })).toMatchObject({ Users: [], TotalCount: '0' })
  })
})

describe('pages', () => {
  const lists = [
    ['ListVpcEndpointServices', 'Services', 1000, () => provider, () => ({})],
    ['ListVpcEndpointServicesByEndUser', 'Services', 1000, () => consumer, () => ({})],
    ['ListVpcEndpoints', 'Endpoints', 1000, () => consumer, () => ({})],
    ['ListVpcEndpointConnections', 'Connections', 1000, () => provider, () => ({})],
    ['ListVpcEndpointZones', 'Zones', 1000, () => consumer, () => ({ EndpointId: ids['connected'] })],
    [
      'ListVpcEndpointSecurityGroups',
      'SecurityGroups',
      50,
      () => consumer,
      () => ({ EndpointId: ids['auto'] }),
    ],
    [
      'ListVpcEndpointServiceResources',
      'Resources',
      50,
      () => provider,
      () => ({ ServiceId: ids['service'] }),
    ],
    ['ListVpcEndpointServiceUsers', 'Users', 50, () => provider, () => ({ ServiceId: ids['service'] })],
    [
      'ListTagResources',
      'TagResources',
      1000,
      () => consumer,
      () => ({ ResourceType: 'vpcendpoint', ResourceId: [ids['waiting']] }),
    ],
  ] as const

  test.each(lists)('%s', async (action, list, most, of, params) => {
    const call = (more: Params) => of().privatelink(action, { ...params(), ...more })
    const all = await call({ MaxResults: most })
    expect(all['NextToken']).toBe('')
    const collected: unknown[] = []
    let NextToken: unknown = undefined
    do {
      const page: Answer = await call({ MaxResults: 1, NextToken })
      expect((page[list] as unknown[]).length).toBeLessThanOrEqual(1)
      if ('MaxResults' in all) expect(page['MaxResults']).toBe(1)
      if ('TotalCount' in all) expect(page['TotalCount']).toBe(all['TotalCount'])
      collected.push(...(page[list] as unknown[]))
      NextToken = page['NextToken']
    } while (NextToken !== '')
    expect(collected).toEqual(all[list])
    expect(collected.length).toBeGreaterThan(0)
    if ('MaxResults' in all) expect((await call({}))['MaxResults']).toBe(50)
    const refused = async (more: Params) => (await refusalOf(call(more)))?.code
    expect(await refused({ MaxResults: 0 })).toBe('IllegalParamFormat.MaxResults')
    expect(await refused({ MaxResults: most + 1 })).toBe('IllegalParamFormat.MaxResults')
    expect(await refused({ NextToken: 'nonsense' })).toBe('IllegalParamFormat.NextToken')
  })
})

test('a failed attempt does not use up its token', async () => {
  const service = await makeService(provider, [])
  const token = {
    ServiceId: service,
    ClientToken: 'TF-DetachResource-1',
    ResourceId: ids['balancer'],
    ResourceType: 'slb',
  }
  const refusal = await refusalOf(provider.privatelink('DetachResourceFromVpcEndpointService', token))
  expect(refusal?.code).toBe('EndpointServiceResourceNotFound')
  await provider.privatelink('AttachResourceToVpcEndpointService', {
    ...token,
    ClientToken: 'another',
    ZoneId: zone,
  })
  await provider.privatelink('DetachResourceFromVpcEndpointService', token)
  await provider.privatelink('DetachResourceFromVpcEndpointService', token)
})
