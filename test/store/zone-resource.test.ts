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
    expect(after).toMatchObject({ id: before?.id, eniAddress: before?.eniAddress, balancer: second })
    for (const key of ['consumerAddress', 'providerAddress', 'consumerDevice', 'providerDevice'] as const) {
      expect(after?.[key]).not.toBe(before?.[key])
    }
    await scene.of.settle()
    expect([await seen(), await serviceStatus()]).toEqual([[second, 'Connected'], 'Active'])
    const detach = { ServiceId: scene.service, ResourceId: scene.clb }
    await provide('Privatelink.DetachResourceFromVpcEndpointService', detach)
  })

  test.each([
    ['the old one may still be allocated', () => ({}), 'OperationDenied.CurrentResourceAutoAllocated'],
    ['no resource', () => ({ ResourceId: '' }), 'MissingParam.ResourceId'],
    ['a strange resource', () => ({ ResourceId: 'lb-none' }), 'EndpointServiceResourceNotFound'],
    ['of another kind', () => ({ ResourceType: 'nlb' }), 'EndpointServiceResourceTypeNotSupport'],
    ['not carried', () => ({ ResourceReplaceMode: 'Graceful' }), 'IllegalParam.ResourceReplaceMode'],
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
