import { expect, test } from 'vitest'
import { planOf, twoVpcsWords } from '../../test/fixtures/plans.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import { withHealth, type HealthMap } from './with-health.ts'
import { withLivingZones } from './living-zones.ts'

const words = twoVpcsWords('test')
const check = { probe: { kind: 'tcp' }, port: undefined, intervalMs: 1, timeoutMs: 1 } as const
const healthCheck = { ...check, healthyThreshold: 2, unhealthyThreshold: 2 }

/** One endpoint with a zone at each of two balancers, and the names of it. */
const plan = build()

function build(): HostPlan {
  const [made] = words.balancers ?? []
  const [endpoint] = words.endpoints ?? []
  if (!made || !endpoint) throw new Error('the words have no endpoint')
  const zones = ['b', 'c'].map((zone, index) => ({
    ...endpoint,
    id: `ep-${zone}`,
    zone,
    address: `10.0.9.${index + 1}`,
    wire: { balancer: `lb-${zone}`, pair: index + 1 },
  }))
  const balancers = ['lb-b', 'lb-c'].map((id) => ({ ...made, id }))
  const { links, ...rest } = planOf({ ...words, balancers, endpoints: zones })
  const answers = zones.map(({ zone, address }) => ({ zone, address }))
  const name = (id: string, of: typeof answers) => ({
    id,
    vpc: endpoint.vpc,
    name: id,
    zoneAffinity: true,
    answers: of,
  })
  return {
    ...rest,
    links: {
      ...links,
      balancers: links.balancers.map((balancer) => ({
        ...balancer,
        listeners: balancer.listeners.map((listener) => ({ ...listener, healthCheck })),
      })),
      names: [name('both', answers), name('zone-b', answers.slice(0, 1))],
    },
  }
}

const abnormal = (...balancers: readonly string[]): HealthMap =>
  new Map(
    plan.links.balancers
      .filter(({ id }) => balancers.includes(id))
      .flatMap(({ id, listeners }) =>
        listeners.flatMap(({ protocol, port, backends }) =>
          backends.map(
            (backend) => [`${id} ${protocol} ${port} ${backend.server} ${backend.port}`, 'abnormal'] as const,
          ),
        ),
      ),
  )

function answered(health: HealthMap): readonly string[] {
  const { links } = withLivingZones(plan, withHealth(plan, health))
  return links.names.map(({ answers }) => answers.map(({ zone }) => zone).join())
}

test('a zone whose servers are all abnormal is left out of the endpoint name, and never of its own', () => {
  expect(answered(new Map())).toEqual(['b,c', 'b'])
  expect(answered(abnormal('lb-b'))).toEqual(['c', 'b'])
  expect(answered(abnormal('lb-c'))).toEqual(['b', 'b'])
})

/** One server of it. */
const one = (balancer: string): HealthMap => new Map([...abnormal(balancer)].slice(0, 1))

test('one healthy server keeps a zone, and with no healthy zone all are told', () => {
  expect(plan.links.balancers[0]?.listeners[0]?.backends.length).toBeGreaterThan(1)
  expect(answered(one('lb-b'))).toEqual(['b,c', 'b'])
  expect(answered(abnormal('lb-b', 'lb-c'))).toEqual(['b,c', 'b'])
})

test('what health does not touch stays the same object', () => {
  expect(withLivingZones(plan, withHealth(plan, new Map()))).toBe(plan)
  expect(withLivingZones(plan, withHealth(plan, one('lb-b')))).toBe(plan)
})
