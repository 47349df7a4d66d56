/** Relays in the plan: where each is, which port it has, and what its header may say. */
import { describe, expect, test } from 'vitest'
import { walkthrough } from '../../test/fixtures/walkthrough.ts'
import type { ProxyProtocol, World } from '../model/world.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import { check } from './check.ts'
import { compileHost } from './compile-host.ts'
import { createMemo } from './memo.ts'

const all: ProxyProtocol = { clientAddress: true, vpcId: true, endpointId: true, serviceId: true }
const none: ProxyProtocol = { clientAddress: false, vpcId: false, endpointId: false, serviceId: false }

function proxied(proxyProtocol: ProxyProtocol | undefined, change: Partial<World> = {}): World {
  const loadBalancers = walkthrough.loadBalancers.map((balancer) => ({
    ...balancer,
    addresses: [...balancer.addresses, { zone: 'eu-central-1a', backup: undefined, address: '10.0.0.99' }],
    listeners: balancer.listeners.map((listener) => ({ ...listener, proxyProtocol })),
  }))
  return { ...walkthrough, loadBalancers, ...change }
}

function compiled(world: World): HostPlan {
  const { plan, problems } = compileHost(world)
  expect([problems, check(plan)]).toEqual([[], []])
  return plan
}

const ofWire = (plan: HostPlan) => plan.links.wires[0]?.relays ?? []
const ofBalancer = (plan: HostPlan) => plan.links.balancers[0]?.relays ?? []

test('a listener without the protocol has none', () => {
  const plan = compiled(proxied(undefined))
  expect([ofWire(plan), ofBalancer(plan)]).toEqual([[], []])
})

describe('a listener with it', () => {
  const plan = compiled(proxied(all))

  test('has one per wire, at the endpoint’s address, that says all it was told to', () => {
    expect(ofWire(plan)).toEqual([
      {
        address: '10.0.0.50',
        port: 80,
        relayPort: expect.any(Number) as number,
        header: {
          source: undefined,
          // The zone's own address: nothing of the consumer's.
          destination: '10.0.0.100',
          vpc: 'vpc-consumer',
          endpoint: 'ep-1',
          service: 'epsrv-1',
        },
      },
    ])
  })

  test('has one per address of the balancer for the clients of its VPC, with no ids', () => {
    expect(ofBalancer(plan).map(({ address, header }) => [address, header])).toEqual(
      ['10.0.0.100', '10.0.0.99'].map((destination) => [
        destination,
        { source: undefined, destination, vpc: undefined, endpoint: undefined, service: undefined },
      ]),
    )
    expect(new Set(ofBalancer(plan).map(({ relayPort }) => relayPort)).size).toBe(2)
  })

  test('of a range of ports has one for each', () => {
    const loadBalancers = proxied(all).loadBalancers.map((balancer) => ({
      ...balancer,
      listeners: balancer.listeners.map((listener) => ({ ...listener, lastPort: 82 })),
    }))
    const ranged = compiled({ ...walkthrough, loadBalancers })
    expect(ofWire(ranged).map(({ port }) => port)).toEqual([80, 81, 82])
    expect(new Set(ofWire(ranged).map(({ relayPort }) => relayPort)).size).toBe(3)
    expect(ofBalancer(ranged)).toHaveLength(6)
  })

  test('of a CLB, names the translated address and nothing of the consumer', () => {
    expect(ofWire(compiled(proxied(none)))).toMatchObject([
      { header: { source: '100.64.0.10', vpc: undefined, endpoint: undefined, service: undefined } },
    ])
  })

  test('has none where it is not reached: stopped, or not accepted', () => {
    const world = proxied(all)
    const loadBalancers = world.loadBalancers.map((balancer) => ({
      ...balancer,
      listeners: balancer.listeners.map((listener) => ({ ...listener, status: 'stopped' as const })),
    }))
    expect(ofWire(compiled({ ...world, loadBalancers }))).toEqual([])
    const endpoints = world.endpoints.map((endpoint) => ({
      ...endpoint,
      connection: 'Disconnected' as const,
    }))
    const cut = compiled({ ...world, endpoints })
    expect(cut.links.wires).toEqual([])
    expect(ofBalancer(cut)).toHaveLength(2)
  })

  test('keeps its port when others come and go', () => {
    const [first] = walkthrough.endpoints
    if (!first) throw new Error('no endpoint')
    const more = Array.from({ length: 50 }, (_, i) => ({
      ...first,
      id: `ep-${i + 100}` as typeof first.id,
      zones: first.zones.map((zone) => ({
        ...zone,
        wire: { first: `100.65.0.${i * 2}`, second: `100.65.0.${i * 2 + 1}` },
      })),
    }))
    const crowded = compileHost(proxied(all, { endpoints: [first, ...more] })).plan
    expect(crowded.links.wires).toHaveLength(51)
    const ports = [...crowded.links.wires, ...crowded.links.balancers].flatMap(({ relays }) => relays)
    const perVpc = crowded.links.wires.flatMap(({ relays }) => relays.map(({ relayPort }) => relayPort))
    expect(new Set(perVpc).size).toBe(51)
    expect(ports.every(({ relayPort }) => relayPort >= 10_000 && relayPort <= 29_999)).toBe(true)
    const own = crowded.links.wires.find(({ endpoint }) => endpoint === first.id)
    expect(own?.relays).toEqual(ofWire(plan))
  })

  test('compiled with a memory is the same, and the same object', () => {
    const memo = createMemo()
    const world = proxied(all)
    const before = compileHost(world, memo.round()).plan
    const after = compileHost({ ...world, generation: 8 }, memo.round()).plan
    expect(before.links).toEqual(compileHost(world).plan.links)
    expect(after.links.wires[0]).toBe(before.links.wires[0])
    expect(after.links.balancers[0]).toBe(before.links.balancers[0])
  })
})

test('two relays of a VPC on one port are a finding', () => {
  const plan = compiled(proxied(all))
  const balancers = plan.links.balancers.map((balancer) => ({
    ...balancer,
    relays: balancer.relays.map((relay) => ({ ...relay, relayPort: 10_000 })),
  }))
  expect(check({ ...plan, links: { ...plan.links, balancers } })).toEqual([
    { rule: 'DuplicateRelayPort', ids: ['lb-1', 'lb-1'] },
  ])
  const low = balancers.map((balancer) => ({
    ...balancer,
    relays: balancer.relays.slice(0, 1).map((relay) => ({ ...relay, relayPort: 53 })),
  }))
  expect(check({ ...plan, links: { ...plan.links, balancers: low } })).toEqual([
    { rule: 'RelayPortOutOfRange', ids: ['lb-1'] },
  ])
})
