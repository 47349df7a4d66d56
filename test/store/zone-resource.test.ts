/** The resource of a zone is chosen before it is connected, and replaced while it is. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { check } from '../../src/compile/check.ts'
import { compileHost } from '../../src/compile/compile-host.ts'
import type { WireParams } from './call.ts'
import { consumer, provider, setScene, type Scene } from './scene.ts'
import { side, zone } from './side.ts'

const action = 'Privatelink.UpdateVpcEndpointZoneConnectionResourceAttribute'

let scene: Scene
let second: string
beforeEach(async () => {
  scene = await setScene()
  second = await side(scene.of, provider).loadBalancer(scene.vpc2, [scene.ecs2])
  const attach = { ServiceId: scene.service, ResourceType: 'slb', ResourceId: second }
  await provide('Privatelink.AttachResourceToVpcEndpointService', attach)
})
afterEach(() => scene.of.db.destroy())

const provide = (name: string, params: WireParams) => scene.of.call(provider, name, params)
const connection = () => ({ ServiceId: scene.service, EndpointId: scene.endpoint })
const here = (change: WireParams) => ({ ...connection(), ZoneId: zone, ResourceType: 'slb', ...change })
const refused = (change: WireParams) => scene.of.refusal(provider, action, here(change))

async function connect(): Promise<void> {
  await provide('Privatelink.EnableVpcEndpointConnection', connection())
  await scene.of.settle()
}

/** What the provider sees of the zone, without its names. */
async function seen(): Promise<unknown> {
  const answer = await provide('Privatelink.ListVpcEndpointConnections', connection())
  const [first] = answer['Connections'] as { Zones: Record<string, unknown>[] }[]
  const { ResourceId, ZoneStatus, ReplacedResourceId, ReplacedEniId } = first?.Zones[0] ?? {}
  expect([ReplacedResourceId, ReplacedEniId]).toEqual(['', ''])
  return [ResourceId, ZoneStatus]
}

async function sides(): Promise<Record<string, unknown>> {
  const answer = await provide('Privatelink.ListVpcEndpointConnections', connection())
  const [first] = answer['Connections'] as { Zones: Record<string, unknown>[] }[]
  const [only] = first?.Zones ?? []
  if (!only) throw new Error('the endpoint has no zone')
  return only
}

/** How many endpoints each resource serves, and how many it still drains. */
async function counts(): Promise<unknown> {
  const answer = await provide('Privatelink.ListVpcEndpointServiceResources', { ServiceId: scene.service })
  const resources = answer['Resources'] as Record<string, unknown>[]
  return Object.fromEntries(
    resources.map((resource) => [
      resource['ResourceId'],
      [resource['RelatedEndpointCount'], resource['RelatedDeprecatedEndpointCount']],
    ]),
  )
}

/** Where the name of the zone leads. */
async function zoneAddress(): Promise<string | undefined> {
  const { plan } = compileHost(await scene.of.world())
  return plan.links.names.find(({ name }) => name.startsWith(`${scene.endpoint}-${zone}.`))?.answers[0]
    ?.address
}

async function serviceStatus(): Promise<unknown> {
  const params = { ServiceId: scene.service }
  return (await provide('Privatelink.GetVpcEndpointServiceAttribute', params))['ServiceStatus']
}

async function wires() {
  const { plan, problems } = compileHost(await scene.of.world())
  expect([problems, check(plan)]).toEqual([[], []])
  return plan.links.wires
}

/** Lets the resource that the zone has be replaced. */
async function reserve(ResourceId: string): Promise<void> {
  await provide('Privatelink.UpdateVpcEndpointServiceResourceAttribute', {
    ServiceId: scene.service,
    ResourceId,
    AutoAllocatedEnabled: false,
  })
}

describe('before the connection', () => {
  test('a manual choice is what the zone is connected by, and Auto takes it back', async () => {
    expect(await seen()).toEqual([scene.clb, 'Wait'])
    await provide(action, here({ ResourceAllocateMode: 'Manual', ResourceId: second }))
    expect([await seen(), await serviceStatus()]).toEqual([[second, 'Wait'], 'Pending'])
    await scene.of.settle()
    expect(await serviceStatus()).toBe('Active')
    await connect()
    expect(await seen()).toEqual([second, 'Connected'])
    expect((await wires()).map(({ balancer }) => balancer)).toEqual([second])

    await provide('Privatelink.DisableVpcEndpointConnection', connection())
    await scene.of.settle()
    await reserve(second)
    await provide(action, here({ ResourceAllocateMode: 'Auto' }))
    expect(await seen()).toEqual([scene.clb, 'Disconnected'])
  })

  test('a replacement is refused', async () => {
    expect(await refused({ ResourceReplaceMode: 'Force', ResourceId: second })).toBe(
      'EndpointConnectionOperationDenied',
    )
  })
})

describe('of a connected zone', () => {
  beforeEach(connect)

  test('Force leads a fresh wire to the other load balancer, under the same address', async () => {
    const [before] = await wires()
    await reserve(scene.clb)
    await provide(action, here({ ResourceReplaceMode: 'Force', ResourceId: second }))
    expect([await seen(), await serviceStatus()]).toEqual([[second, 'Connecting'], 'Pending'])
    const [after, ...others] = await wires()
    expect(others).toEqual([])
    expect(after).toMatchObject({ id: before?.id, eniAddresses: before?.eniAddresses, balancer: second })
    for (const key of ['consumerAddress', 'providerAddress', 'consumerDevice', 'providerDevice'] as const) {
      expect(after?.[key]).not.toBe(before?.[key])
    }
    await scene.of.settle()
    expect([await seen(), await serviceStatus()]).toEqual([[second, 'Connected'], 'Active'])
    const detach = { ServiceId: scene.service, ResourceId: scene.clb }
    await provide('Privatelink.DetachResourceFromVpcEndpointService', detach)
  })

  test('Graceful leads new flows to the other one, over an ENI and a wire of their own, when the wire is there', async () => {
    const [before] = await wires()
    const [old = ''] = before?.eniAddresses ?? []
    await reserve(scene.clb)
    await provide(action, here({ ResourceReplaceMode: 'Graceful', ResourceId: second }))
    expect(await sides()).toMatchObject({
      ZoneStatus: 'Migrating',
      ResourceId: second,
      ReplacedResourceId: scene.clb,
    })
    expect(await wires()).toEqual([
      expect.objectContaining({ balancer: second }),
      { ...before, id: `${before?.id}/replaced` },
    ])
    expect(await zoneAddress()).toBe(old)

    await scene.of.settle()
    expect(await sides()).toMatchObject({ ZoneStatus: 'Migrating' })
    const [fresh, draining] = await wires()
    expect(fresh?.eniAddresses).toContain(old)
    expect(fresh?.eniAddresses).toHaveLength(2)
    expect(draining).toEqual({ ...before, id: `${before?.id}/replaced`, eniAddresses: [] })
    expect(await zoneAddress()).not.toBe(old)

    await scene.of.settle()
    const migrated = await sides()
    expect(migrated).toMatchObject({
      ZoneStatus: 'Migrated',
      ResourceId: second,
      ReplacedResourceId: scene.clb,
    })
    expect(migrated['EniId']).not.toBe(migrated['ReplacedEniId'])
    expect(await counts()).toEqual({ [scene.clb]: [0, 1], [second]: [1, 0] })
    const detach = { ServiceId: scene.service, ResourceId: scene.clb }
    expect(await scene.of.refusal(provider, 'Privatelink.DetachResourceFromVpcEndpointService', detach)).toBe(
      'EndpointServiceResourceCannotRemove',
    )
    expect(await refused({ ResourceReplaceMode: 'Force', ResourceId: second })).toBe('ZoneOperationDenied')

    const close = { ...connection(), ZoneId: zone, ReplacedResource: true }
    await provide('Privatelink.DisableVpcEndpointZoneConnection', close)
    const [left, ...gone] = await wires()
    expect([left?.balancer, left?.eniAddresses.includes(old), gone]).toEqual([second, false, []])
    await scene.of.settle()
    expect(await sides()).toMatchObject({
      ZoneStatus: 'Connected',
      ReplacedResourceId: '',
      ReplacedEniId: '',
    })
    expect(await counts()).toEqual({ [scene.clb]: [0, 0], [second]: [1, 0] })
    await provide('Privatelink.DetachResourceFromVpcEndpointService', detach)
    expect(await scene.of.refusal(provider, 'Privatelink.DisableVpcEndpointZoneConnection', close)).toBe(
      'IncorrectStatus.VpcEndpointZone',
    )
  })

  test.each([
    ['the connection is denied', 'Privatelink.DisableVpcEndpointConnection', 'Disconnected'],
    ['the zone is cut', 'Privatelink.DisableVpcEndpointZoneConnection', 'Disconnected'],
    ['the zone is removed', 'Privatelink.RemoveZoneFromVpcEndpoint', undefined],
  ])('both sides of a migrated zone end when %s', async (_, name, status) => {
    const [address] = (await wires()).flatMap(({ eniAddresses }) => eniAddresses)
    await reserve(scene.clb)
    await provide(action, here({ ResourceReplaceMode: 'Graceful', ResourceId: second }))
    await scene.of.settle()
    await scene.of.settle()
    const caller = name.includes('Remove') ? consumer : provider
    await scene.of.call(caller, name, { ...connection(), ZoneId: zone })
    expect(await wires()).toEqual([])
    await scene.of.settle()
    const left = await sides().catch(() => ({}))
    expect(left).toEqual(
      status === undefined ? {} : expect.objectContaining({ ZoneStatus: status, ReplacedEniId: '' }),
    )
    const query = { PrimaryIpAddress: address ?? '', VpcId: scene.vpc1.vpc }
    const enis = await scene.of.call(consumer, 'Ecs.DescribeNetworkInterfaces', query)
    expect(enis['TotalCount']).toBe(0)
  })

  test.each([
    ['the old one may still be allocated', () => ({}), 'OperationDenied.CurrentResourceAutoAllocated'],
    ['no resource', () => ({ ResourceId: '' }), 'MissingParam.ResourceId'],
    ['a strange resource', () => ({ ResourceId: 'lb-none' }), 'EndpointServiceResourceNotFound'],
    ['of another kind', () => ({ ResourceType: 'nlb' }), 'EndpointServiceResourceTypeNotSupport'],
    ['an unknown mode', () => ({ ResourceReplaceMode: 'Soft' }), 'IllegalParam.ResourceReplaceMode'],
    ['both modes', () => ({ ResourceAllocateMode: 'Auto' }), 'IllegalParam.ResourceReplaceMode'],
    ['no mode', () => ({ ResourceReplaceMode: '' }), 'MissingParam.ResourceAllocateMode'],
    [
      'a choice too late',
      () => ({ ResourceReplaceMode: '', ResourceAllocateMode: 'Auto' }),
      'EndpointConnectionOperationDenied',
    ],
    ['another zone', () => ({ ZoneId: 'eu-central-1a' }), 'EndpointZoneNotFound'],
    ['another endpoint', () => ({ EndpointId: 'ep-none' }), 'EndpointConnectionNotFound'],
    ['another service', () => ({ ServiceId: 'epsrv-none' }), 'EndpointServiceNotFound'],
  ])('refused: %s', async (_, change, code) => {
    const force = { ResourceReplaceMode: 'Force', ResourceId: second }
    expect(await refused({ ...force, ...change() })).toBe(code)
  })

  test('refused: while the zone or the service is on its way, or in another zone', async () => {
    const force = { ResourceReplaceMode: 'Force', ResourceId: second }
    const elsewhere = { ServiceId: scene.service, ResourceId: await inOtherZone(), ResourceType: 'slb' }
    await provide('Privatelink.AttachResourceToVpcEndpointService', elsewhere)
    expect(await refused({ ...force, ResourceId: elsewhere.ResourceId })).toBe('Mismatch.ZoneId')
    await provide('Privatelink.DisableVpcEndpointZoneConnection', { ...connection(), ZoneId: zone })
    expect(await refused(force)).toBe('ZoneOperationDenied')
    await scene.of.settle()
    await provide('Privatelink.EnableVpcEndpointZoneConnection', { ...connection(), ZoneId: zone })
    await scene.of.settle()
    await reserve(scene.clb)
    await provide(action, here(force))
    expect(await refused(force)).toBe('EndpointServiceLocked')
  })

  test('only the owner of the service replaces it', async () => {
    const params = here({ ResourceReplaceMode: 'Force', ResourceId: second })
    expect(await scene.of.refusal(consumer, action, params)).toBe('EndpointServiceNotFound')
  })
})

async function inOtherZone(): Promise<string> {
  const answer = await provide('Slb.CreateLoadBalancer', {
    VSwitchId: scene.vpc2.vswitch,
    LoadBalancerSpec: 'slb.s1.small',
    MasterZoneId: 'eu-central-1a',
    SlaveZoneId: zone,
  })
  return String(answer['LoadBalancerId'])
}
