/** All PrivateLink actions succeed, in the order of a life with them, through every kind of client and both protocols. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allActions } from '../../../src/api/actions/all.ts'
import { startServer, type RunningServer } from '../../fixtures/running-server.ts'
import { families, refusalOf, type Answer, type Call } from './clients.ts'
import { differences, shapes } from './shapes.ts'
import {
  endpointIs,
  makeBalancer,
  makeNetwork,
  makeParty,
  partyOf,
  serviceIs,
  zone,
  zoneIs,
  type Party,
} from './stage.ts'

let server: RunningServer

beforeAll(async () => {
  server = await startServer()
})

afterAll(() => server[Symbol.asyncDispose]())

const matrix = families.flatMap((family) =>
  (['HTTP', 'HTTPS'] as const).map((protocol) => [family, protocol] as const),
)
const actions = allActions.filter(({ product }) => product === 'Privatelink')
const writes = new Set(actions.filter(({ effect }) => effect === 'write').map(({ name }) => name))
const policy = '{\n  "Version": "1",   "Statement": [ ]\n}'

/**
 * Notes each action, and compares its answer with the reference. A write is tried without effect before; afterwards its
 * token gives the same answer, to the same parameters only.
 */
function watched(call: Call, called: Set<string>): Call {
  return async (action, params = {}) => {
    called.add(action)
    if (!writes.has(action)) return checked(action, await call(action, params))
    const refusal = await refusalOf(call(action, { ...params, DryRun: true }))
    expect([action, refusal?.code]).toEqual([action, 'DryRunOperation'])
    const ClientToken = randomUUID()
    const { RequestId, ...answer } = checked(action, await call(action, { ...params, ClientToken }))
    const { RequestId: another, ...again } = await call(action, { ...params, ClientToken })
    expect(again).toEqual(answer)
    expect(another).not.toBe(RequestId)
    const changed = await refusalOf(call(action, { ...params, ClientToken, Other: '1' }))
    expect([action, changed?.code]).toEqual([action, 'IdempotentParameterMismatch'])
    return answer
  }
}

function checked(action: string, answer: Answer): Answer {
  const { RequestId, ...rest } = answer
  expect(RequestId).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/)
  expect(differences(shapes[action] ?? {}, rest, action)).toEqual([])
  return answer
}

/** The one item of a list. */
function only(answer: Answer, list: string): Readonly<Record<string, unknown>> {
  const items = answer[list] as readonly Readonly<Record<string, unknown>>[]
  expect(items).toHaveLength(1)
  return items[0] ?? {}
}

test.each(matrix)('%s over %s', { timeout: 20_000 }, async (family, protocol) => {
  const called = new Set<string>()
  const turn = String(matrix.findIndex(([f, p]) => f === family && p === protocol))
  const make = async (id: string): Promise<Party> => {
    const party = partyOf(server, (await makeParty(server, id)).credentials, family, protocol)
    return { ...party, privatelink: watched(party.privatelink, called) }
  }
  const provider = await make(`8765432${turn}`)
  const consumer = await make(`1234567${turn}`)
  const offer = provider.privatelink
  const use = consumer.privatelink
  for (const { privatelink } of [provider, consumer]) {
    await privatelink('OpenPrivateLinkService')
    expect(await privatelink('CheckProductOpen')).toMatchObject({ Success: true })
  }
  const regions = (await use('DescribeRegions'))['Regions'] as { Region: { RegionId: string }[] }
  expect(regions.Region.map(({ RegionId }) => RegionId)).toContain('eu-central-1')
  const zones = (await use('DescribeZones'))['Zones'] as { Zone: { ZoneId: string }[] }
  expect(zones.Zone.map(({ ZoneId }) => ZoneId)).toContain(zone)

  const theirs = await makeNetwork(provider)
  const ours = await makeNetwork(consumer)
  const [first, second] = [await makeBalancer(provider, theirs), await makeBalancer(provider, theirs)]
  const made = await offer('CreateVpcEndpointService', {
    ServiceDescription: 'a service 服务',
    ZoneAffinityEnabled: true,
    Resource: [{ ResourceType: 'slb', ResourceId: first, ZoneId: zone }],
    Tag: [{ Key: 'env', Value: 'test' }],
  })
  expect(made).toMatchObject({
    ServiceStatus: 'Creating',
    ServiceDescription: 'a service 服务',
    AutoAcceptEnabled: false,
  })
  const ServiceId = String(made['ServiceId'])
  await serviceIs({ privatelink: offer }, ServiceId, 'Active')
  await offer('UpdateVpcEndpointServiceAttribute', {
    ServiceId,
    ConnectBandwidth: 1024,
    ServiceDescription: 'changed',
  })
  const service = await offer('GetVpcEndpointServiceAttribute', { ServiceId })
  expect(service).toMatchObject({ ServiceDescription: 'changed', ZoneAffinityEnabled: true, Zones: [zone] })
  await offer('AttachResourceToVpcEndpointService', {
    ServiceId,
    ResourceId: second,
    ResourceType: 'slb',
    ZoneId: '',
  })
  const reserve = { ServiceId, ResourceId: first, AutoAllocatedEnabled: false }

  await offer('AddUserToVpcEndpointService', { ServiceId, UserId: consumer.id })
  const users = await offer('ListVpcEndpointServiceUsers', { ServiceId, UserId: consumer.id })
  expect(users['TotalCount']).toBe('1')
  expect(String(only(users, 'Users')['UserId'])).toBe(consumer.id)
  const open = only(
    await use('ListVpcEndpointServicesByEndUser', { ServiceName: made['ServiceName'] }),
    'Services',
  )
  expect(open).toMatchObject({ ServiceId, Zones: [zone], Tags: [{ Key: 'env', Value: 'test' }] })

  const created = await use('CreateVpcEndpoint', {
    ServiceName: made['ServiceName'],
    ServiceId,
    VpcId: ours.vpc,
    EndpointName: 'ep-1',
    SecurityGroupId: [ours.group],
    PolicyDocument: policy,
    Tag: [{ Key: 'empty', Value: '' }],
  })
  expect(created).toMatchObject({ EndpointStatus: 'Creating', ConnectionStatus: 'Disconnected' })
  const EndpointId = String(created['EndpointId'])
  await endpointIs({ privatelink: use }, EndpointId, 'EndpointStatus', 'Active')
  const ip = '10.0.0.77'
  await use('AddZoneToVpcEndpoint', { EndpointId, ZoneId: zone, VSwitchId: ours.vswitch, ip })
  await zoneIs({ privatelink: use }, EndpointId, 'Wait')
  expect(only(await use('ListVpcEndpointZones', { EndpointId }), 'Zones')).toMatchObject({ EniIp: ip })
  const endpoint = await use('GetVpcEndpointAttribute', { EndpointId })
  expect(endpoint).toMatchObject({
    PolicyDocument: policy,
    ResourceOwner: false,
    CrossRegionBandwidth: expect.anything(),
  })
  await use('UpdateVpcEndpointAttribute', { EndpointId, EndpointName: 'renamed', ResetPolicy: true })
  const listed = only(await use('ListVpcEndpoints', { EndpointName: 'renamed' }), 'Endpoints')
  const document: unknown = JSON.parse(String(listed['PolicyDocument']))
  expect(document).toMatchObject({
    Statement: [{ Effect: 'Allow', Action: '*', Principal: '*', Resource: '*' }],
  })

  const group = String((await consumer.ecs('CreateSecurityGroup', { VpcId: ours.vpc }))['SecurityGroupId'])
  await use('AttachSecurityGroupToVpcEndpoint', { EndpointId, SecurityGroupId: group })
  await endpointIs({ privatelink: use }, EndpointId, 'EndpointStatus', 'Active')
  await use('DetachSecurityGroupFromVpcEndpoint', { EndpointId, SecurityGroupId: ours.group })
  await endpointIs({ privatelink: use }, EndpointId, 'EndpointStatus', 'Active')
  const groups = await use('ListVpcEndpointSecurityGroups', { EndpointId })
  expect(only(groups, 'SecurityGroups')).toEqual({ SecurityGroupId: group, SecurityGroupStatus: 'Attached' })

  const connection = { ServiceId, EndpointId }
  const here = { ...connection, ZoneId: zone }
  const choose = { ...here, ResourceType: 'slb', ResourceId: first, ResourceAllocateMode: 'Manual' }
  await offer('UpdateVpcEndpointZoneConnectionResourceAttribute', choose)
  await serviceIs({ privatelink: offer }, ServiceId, 'Active')
  await offer('EnableVpcEndpointConnection', {
    ...connection,
    Bandwidth: 200,
    TrafficControlMode: 'BandwidthLimit',
  })
  await endpointIs({ privatelink: use }, EndpointId, 'ConnectionStatus', 'Connected')
  await zoneIs({ privatelink: use }, EndpointId, 'Connected')
  await offer('UpdateVpcEndpointConnectionAttribute', { ...connection, Bandwidth: 300 })
  await endpointIs({ privatelink: use }, EndpointId, 'ConnectionStatus', 'Connected')
  const connected = only(await offer('ListVpcEndpointConnections', connection), 'Connections')
  expect(String(connected['EndpointOwnerId'])).toBe(consumer.id)
  expect(String(connected['Bandwidth'])).toBe('300')

  await offer('UpdateVpcEndpointServiceResourceAttribute', reserve)
  const replace = { ...here, ResourceType: 'slb', ResourceId: second, ResourceReplaceMode: 'Graceful' }
  await offer('UpdateVpcEndpointZoneConnectionResourceAttribute', replace)
  await zoneIs({ privatelink: use }, EndpointId, 'Migrated')
  const migrated = only(
    await offer('ListVpcEndpointConnections', { ReplacedResourceId: first }),
    'Connections',
  )
  expect(migrated['Zones']).toMatchObject([
    { ResourceId: second, ReplacedResourceId: first, ZoneStatus: 'Migrated' },
  ])
  const resources = (await offer('ListVpcEndpointServiceResources', { ServiceId }))['Resources'] as Answer[]
  expect(
    resources.map(
      (item) => `${String(item['RelatedEndpointCount'])}/${String(item['RelatedDeprecatedEndpointCount'])}`,
    ),
  ).toEqual(['0/1', '1/0'])
  await offer('DisableVpcEndpointZoneConnection', { ...here, ReplacedResource: true })
  await zoneIs({ privatelink: use }, EndpointId, 'Connected')
  await offer('DisableVpcEndpointZoneConnection', here)
  await zoneIs({ privatelink: use }, EndpointId, 'Disconnected')
  await offer('EnableVpcEndpointZoneConnection', here)
  await zoneIs({ privatelink: use }, EndpointId, 'Connected')

  const target = { ResourceType: 'VpcEndpoint', ResourceId: [EndpointId] }
  await use('TagResources', { ...target, Tag: [{ Key: 'a b&c', Value: '值/1' }] })
  const tagged = (await use('ListTagResources', { ...target, Tag: [{ Key: 'a b&c', Value: '值/1' }] }))[
    'TagResources'
  ]
  expect(tagged).toMatchObject([
    { TagKey: 'a b&c', TagValue: '值/1' },
    { TagKey: 'empty', TagValue: '' },
  ])
  await use('UntagResources', { ...target, TagKey: ['a b&c'] })
  await use('UntagResources', { ...target, All: true })
  expect((await use('ListTagResources', target))['TagResources']).toEqual([])
  const madeGroup = await consumer.resourceManager('CreateResourceGroup', {
    Name: 'second',
    DisplayName: 'second',
  })
  const ResourceGroupId = (madeGroup['ResourceGroup'] as { Id: string }).Id
  await use('ChangeResourceGroup', { ResourceId: EndpointId, ResourceGroupId, ResourceType: 'VpcEndpoint' })
  expect(only(await use('ListVpcEndpoints', { ResourceGroupId }), 'Endpoints')).toMatchObject({ EndpointId })

  await offer('DisableVpcEndpointConnection', connection)
  await endpointIs({ privatelink: use }, EndpointId, 'ConnectionStatus', 'Disconnected')
  await use('RemoveZoneFromVpcEndpoint', { EndpointId, ZoneId: zone })
  await zoneIs({ privatelink: use }, EndpointId, undefined)
  await use('DeleteVpcEndpoint', { EndpointId })
  await expect.poll(async () => (await use('ListVpcEndpoints'))['Endpoints']).toEqual([])
  for (const ResourceId of [first, second]) {
    await offer('DetachResourceFromVpcEndpointService', { ServiceId, ResourceId, ResourceType: 'slb' })
  }
  await offer('RemoveUserFromVpcEndpointService', { ServiceId, UserId: consumer.id })
  await offer('DeleteVpcEndpointService', { ServiceId })
  await expect.poll(async () => (await offer('ListVpcEndpointServices'))['Services']).toEqual([])
  expect([...called].sort()).toEqual(actions.map(({ name }) => name).sort())
})
