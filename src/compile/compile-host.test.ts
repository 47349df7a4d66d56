import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { walkthrough } from '../../test/fixtures/walkthrough.ts'
import type { ConnectionStatus, Endpoint, World, ZoneStatus } from '../model/world.ts'
import { applyChange, planChange } from '../plan/change.ts'
import { check } from './check.ts'
import { compileHost } from './compile-host.ts'
import { createMemo } from './memo.ts'

function withEndpoint(change: Partial<Endpoint>): World {
  return { ...walkthrough, endpoints: walkthrough.endpoints.map((endpoint) => ({ ...endpoint, ...change })) }
}

function withStates(connection: ConnectionStatus, status: ZoneStatus): World {
  const zones = walkthrough.endpoints[0]?.zones.map((zone) => ({ ...zone, status })) ?? []
  return withEndpoint({ connection, zones })
}

describe('the walkthrough', () => {
  const { plan, problems } = compileHost(walkthrough)

  test('compiles without a problem into a plan without a finding', () => {
    expect(problems).toEqual([])
    expect(check(plan)).toEqual([])
  })

  test('has one wire, from the endpoint ENI to the load balancer, with the limits of the connection', () => {
    expect(plan.links.wires).toEqual([
      expect.objectContaining({
        id: 'ep-1/eu-central-1b',
        consumerVpc: 'vpc-consumer',
        providerVpc: 'vpc-provider',
        consumerAddress: '100.64.0.10',
        providerAddress: '100.64.0.11',
        eniAddresses: ['10.0.0.50'],
        balancer: 'lb-1',
        bandwidthMbps: 3072,
      }),
    ])
  })

  test('names resolve in the consumer VPC only', () => {
    expect(
      plan.links.names.map(({ vpc, name, answers }) => [vpc, name, answers.map((a) => a.address)]),
    ).toEqual([
      ['vpc-consumer', 'ep-1-eu-central-1b.epsrv-1.eu-central-1.privatelink.aliyuncs.com', ['10.0.0.50']],
      ['vpc-consumer', 'ep-1.epsrv-1.eu-central-1.privatelink.aliyuncs.com', ['10.0.0.50']],
    ])
  })

  test('drop comes before accept at equal priority', () => {
    const group = plan.fabric.securityGroups.find(({ id }) => id === 'sg-consumer')
    expect(group?.ingress.map(({ verdict }) => verdict)).toEqual(['drop', 'accept'])
    expect(group?.members).toEqual(['10.0.0.182', '10.0.0.50'])
  })
})

describe('no accept, no wire', () => {
  const connections: ConnectionStatus[] = [
    'Pending',
    'Connecting',
    'Connected',
    'Disconnecting',
    'Disconnected',
    'Deleting',
    'ServiceDeleted',
  ]
  const zones: ZoneStatus[] = [
    'Creating',
    'Wait',
    'Connecting',
    'Connected',
    'Disconnecting',
    'Disconnected',
    'Deleting',
  ]
  const wired = connections.flatMap((connection) =>
    zones
      .filter((zone) => compileHost(withStates(connection, zone)).plan.links.wires.length > 0)
      .map((zone) => `${connection}/${zone}`),
  )

  test('a wire exists in exactly these states', () => {
    expect(wired).toEqual([
      'Pending/Connecting',
      'Pending/Connected',
      'Connecting/Connecting',
      'Connecting/Connected',
      'Connected/Connecting',
      'Connected/Connected',
    ])
  })

  test('without a wire the endpoint name has no answer, the ENI keeps its address', () => {
    const { plan } = compileHost(withStates('Disconnected', 'Wait'))
    expect(plan.links.names.find(({ name }) => name.startsWith('ep-1.'))?.answers).toEqual([])
    expect(plan.links.endpointEnis).toHaveLength(1)
  })
})

describe('bad data leaves out what it touches and names it', () => {
  test.each<[string, Partial<World>, string]>([
    ['a load balancer that is gone', { loadBalancers: [] }, 'ep-1/eu-central-1b'],
    ['an endpoint ENI that is gone', { enis: walkthrough.enis.slice(0, 3) }, 'ep-1/eu-central-1b'],
    ['a vSwitch that is gone', { vswitches: walkthrough.vswitches.slice(1) }, 'eni-ecs1'],
    ['a VPC that is gone', { vpcs: walkthrough.vpcs.slice(0, 1) }, 'i-ecs2'],
  ])('%s', (_, change, id) => {
    const { problems } = compileHost({ ...walkthrough, ...change })
    expect(problems.map((problem) => problem.id)).toContain(id)
  })
})

describe('properties', () => {
  const shuffled = fc
    .infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }))
    .map((stream): World => shuffle(walkthrough, () => stream.next().value ?? 0))

  const worlds = fc.constantFrom(
    walkthrough,
    withStates('Disconnected', 'Wait'),
    withEndpoint({ bandwidthMbps: 100 }),
    { ...walkthrough, endpoints: [] },
    { ...walkthrough, instances: walkthrough.instances.slice(1), loadBalancers: [] },
  )

  test('the plan is a function of content, not of order', () => {
    const expected = JSON.stringify(compileHost(walkthrough))
    fc.assert(fc.property(shuffled, (world) => JSON.stringify(compileHost(world)) === expected))
  })

  test('a change applied to its base gives the plan it was made for, byte for byte', () => {
    fc.assert(
      fc.property(worlds, worlds, (a, b) => {
        const from = compileHost({ ...a, generation: 1 }).plan
        const to = compileHost({ ...b, generation: 2 }).plan
        expect(JSON.stringify(applyChange(from, planChange(from, to)))).toBe(JSON.stringify(to))
      }),
    )
  })

  test('compiling with a memo gives what compiling anew gives, and keeps what did not change', () => {
    const memo = createMemo()
    const first = compileHost(walkthrough, memo.round()).plan
    fc.assert(
      fc.property(fc.array(worlds, { minLength: 1 }), (sequence) => {
        for (const world of sequence) {
          expect(compileHost(world, memo.round())).toEqual(compileHost(world))
        }
        const again = compileHost(walkthrough, memo.round()).plan
        expect(compileHost(walkthrough, memo.round()).plan.links.wires[0]).toBe(again.links.wires[0])
        expect(again).toEqual(first)
      }),
    )
  })

  test('a change is refused on another base', () => {
    const { plan } = compileHost(walkthrough)
    const change = planChange({ ...plan, generation: 3 }, { ...plan, generation: 4 })
    expect(() => applyChange(plan, change)).toThrow('generation')
  })
})

function shuffle<Value>(value: Value, random: () => number): Value {
  if (Array.isArray(value)) {
    const copy = value.map((item: unknown) => shuffle(item, random))
    for (let i = copy.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1)) % (i + 1)
      ;[copy[i], copy[j]] = [copy[j], copy[i]]
    }
    return copy as Value
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, field]: [string, unknown]) => [key, shuffle(field, random)]),
  ) as Value
}
