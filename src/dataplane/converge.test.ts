import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EndpointWords, Words } from '../../test/fixtures/plans.ts'
import { planOf, twoVpcsWords } from '../../test/fixtures/plans.ts'
import { applyChange, planChange } from '../plan/change.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import { createDataplane } from './converge.ts'
import { FakeKernel } from './fake.ts'
import { diffObjects } from './netns/diff.ts'
import { diffTable } from './nft/diff.ts'
import { renderNamespaces } from './render/namespaces.ts'
import { forwarding } from './state.ts'

const deployment = 'test'
const full = twoVpcsWords(deployment)

const bare = { ...full, groups: [], instances: [], balancers: [], endpoints: [] } satisfies Words

const route = (destination: string, instance: string | undefined): NonNullable<Words['routes']>[number] => ({
  id: `rte-${destination}`,
  vpc: 'vpc-provider',
  destination,
  instance,
})

const endpoint = (zone: number, wire?: EndpointWords['wire']): EndpointWords => ({
  id: `ep-${zone}`,
  vpc: 'vpc-consumer',
  zone: 'eu-central-1b',
  address: `10.0.0.${zone}`,
  groups: ['sg-endpoint'],
  ...(wire && { wire }),
})
const wire = (pair: number, bandwidthMbps?: number) => ({
  balancer: 'lb-app',
  pair,
  ...(bandwidthMbps !== undefined && { bandwidthMbps }),
})
const weights = (first: number, second: number): NonNullable<Words['balancers']> => [
  {
    id: 'lb-app',
    vpc: 'vpc-provider',
    address: '10.0.0.100',
    listeners: [{ port: 80, backends: [`10.0.0.200:80*${first}`, `10.0.0.201:80*${second}`] }],
  },
]

/** The balancer with what beside chains of backends there is: limits, a memory of sources, relays. */
const elaborate: NonNullable<Words['balancers']> = weights(1, 1).map((balancer) => ({
  ...balancer,
  limits: { connections: 10, newConnectionsPerS: 5 },
  proxied: [80],
  listeners: balancer.listeners.map((listener) => ({ ...listener, persistenceS: 60, newConnectionsPerS: 2 })),
}))

/** A life, from nothing to nothing. */
const life: readonly Words[] = [
  { ...bare, vpcs: [] },
  bare,
  { ...full, balancers: [], endpoints: [] },
  { ...full, endpoints: [endpoint(1)] },
  { ...full, endpoints: [endpoint(1, wire(1))] },
  { ...full, endpoints: [endpoint(1, wire(1)), endpoint(2, wire(2, 100))] },
  { ...full, endpoints: [endpoint(1, wire(1, 10)), endpoint(2, wire(2, 200))], balancers: weights(2, 1) },
  { ...full, endpoints: [endpoint(1, wire(1)), endpoint(2, wire(2))], balancers: elaborate },
  { ...full, endpoints: [endpoint(1), endpoint(2, wire(3))], balancers: weights(0, 0) },
  { ...full, endpoints: [endpoint(2, wire(3))], groups: full.groups.toReversed() },
  { ...full, endpoints: [], routes: [route('172.30.0.0/16', 'i-one'), route('0.0.0.0/0', 'i-two')] },
  { ...full, endpoints: [], routes: [route('172.30.0.0/16', 'i-two'), route('8.8.8.8/32', undefined)] },
  { ...full, endpoints: [], balancers: [], instances: full.instances.slice(0, 2) },
  { ...bare, vpcs: full.vpcs.slice(1) },
]
const plans = life.map((words, i) => planOf({ ...words, generation: i + 1 }))

/** The second plan as it comes to an agent that has the first: what did not change is the same object. */
const arriving = (from: HostPlan, to: HostPlan) => applyChange(from, planChange(from, to))

/** A kernel that is watched: nothing may be forwarded where the rules are not loaded. */
function watchedKernel(): FakeKernel {
  return new FakeKernel((kernel) => {
    for (const id of ['vpc-consumer', 'vpc-provider']) {
      const state = kernel.state(`postern-${deployment}-${id}`)
      if (state?.sysctls.get('net.ipv4.conf.all.rp_filter') !== '1') continue
      if (state.sysctls.get(forwarding) !== '1') continue
      expect(state.table?.chains.get('forward')?.base).toContain('policy drop')
    }
  })
}

const dataplaneOf = (kernel: FakeKernel) => createDataplane({ deployment, kernel })

/** What a kernel holds that never held anything but this plan. */
async function wanted(plan: HostPlan): Promise<string> {
  const kernel = watchedKernel()
  expect(await dataplaneOf(kernel).apply(plan, 'observed')).toEqual([])
  return kernel.dump()
}

const orders: readonly (readonly [string, readonly HostPlan[]])[] = [
  ['forward', plans],
  ['backward', plans.toReversed()],
  ['with nothing between', plans.flatMap((plan) => [plan, planOf({ ...bare, vpcs: [] })])],
  ['every second one', plans.filter((_, i) => i % 2 === 0)],
  ['from one to the far other', plans.flatMap((plan, i) => [plan, plans.at(-i - 1) ?? plan])],
]

describe.each(orders)('a life, %s', (_, list) => {
  test.each(['cached', 'observed'] as const)('%s', async (how) => {
    const kernel = watchedKernel()
    const dataplane = dataplaneOf(kernel)
    let plan = planOf({ ...bare, vpcs: [], generation: 0 })
    for (const next of list) {
      plan = arriving(plan, next)
      expect(await dataplane.apply(plan, how)).toEqual([])
      expect(kernel.dump()).toBe(await wanted(next))
      kernel.restart()
      expect(await dataplane.apply(plan, how)).toEqual([])
      expect(kernel.log).toBe('')
    }
  })

  test('with a restart between any two', async () => {
    const kernel = watchedKernel()
    for (const plan of list) {
      expect(await dataplaneOf(kernel).apply(plan, 'observed')).toEqual([])
      expect(kernel.dump()).toBe(await wanted(plan))
    }
  })
})

/** How many operations it takes from one plan to the next. */
async function operations(from: HostPlan, to: HostPlan): Promise<number> {
  const kernel = watchedKernel()
  const dataplane = dataplaneOf(kernel)
  await dataplane.apply(from, 'observed')
  kernel.restart()
  await dataplane.apply(to, 'cached')
  return kernel.operations
}

describe.each(plans.slice(1).map((to, i) => [i + 1, plans[i] ?? to, to] as const))(
  'step %i of a life',
  (_, from, next) => {
    const to = arriving(from, next)

    test('any one operation fails, and is done when tried again', async () => {
      const count = await operations(from, to)
      for (let failing = 1; failing <= count; failing++) {
        const kernel = watchedKernel()
        const dataplane = dataplaneOf(kernel)
        await dataplane.apply(from, 'observed')
        kernel.restart((operation) => operation === failing)
        const problems = await dataplane.apply(to, 'cached')
        expect(problems.length, `operation ${failing}`).toBeGreaterThan(0)
        kernel.restart()
        expect(await dataplane.apply(to, 'cached')).toEqual([])
        expect(kernel.dump(), `operation ${failing}`).toBe(await wanted(to))
      }
    })

    test('it ends after any operation, and a new one without memory goes on', async () => {
      const count = await operations(from, to)
      const goal = await wanted(to)
      for (let last = 0; last < count; last++) {
        const kernel = watchedKernel()
        const dataplane = dataplaneOf(kernel)
        await dataplane.apply(from, 'observed')
        kernel.restart((operation) => operation > last)
        await dataplane.apply(to, 'cached')
        kernel.restart()
        expect(await dataplaneOf(kernel).apply(to, 'observed')).toEqual([])
        expect(kernel.dump(), `ended after ${last}`).toBe(goal)
      }
    })
  },
)

const someEndpoints = fc
  .uniqueArray(fc.record({ zone: fc.integer({ min: 1, max: 4 }), pair: fc.integer({ min: 0, max: 3 }) }), {
    selector: ({ zone }) => zone,
    maxLength: 4,
  })
  .map((all) =>
    all.map(({ zone, pair }) => endpoint(zone, pair === 0 ? undefined : wire(zone * 4 + pair, pair))),
  )
const somePlan = fc
  .record({
    vpcs: fc.constant(full.vpcs),
    groups: fc.subarray(full.groups),
    instances: fc.subarray(full.instances),
    balancers: fc.tuple(fc.nat(3), fc.nat(3)).map(([first, second]) => weights(first, second)),
    endpoints: someEndpoints,
  })
  .map((words) => planOf({ ...words, deployment }))

describe('any two plans', () => {
  test('what is there already needs nothing', () => {
    fc.assert(
      fc.property(somePlan, (plan) => {
        for (const state of renderNamespaces(plan).values()) {
          expect(diffObjects(state, state, new Set())).toEqual([])
          if (state.table) expect(diffTable(state.table, state.table)).toEqual([])
        }
      }),
      { numRuns: 30 },
    )
  })

  test('from one to the other, with memory and without, gives the other', async () => {
    await fc.assert(
      fc.asyncProperty(somePlan, somePlan, fc.boolean(), async (from, to, remembers) => {
        const kernel = watchedKernel()
        const dataplane = dataplaneOf(kernel)
        expect(await dataplane.apply(from, 'observed')).toEqual([])
        const next = remembers ? dataplane : dataplaneOf(kernel)
        const plan = arriving(from, to)
        expect(await next.apply(plan, remembers ? 'cached' : 'observed')).toEqual([])
        expect(kernel.dump()).toBe(await wanted(to))
      }),
      { numRuns: 60 },
    )
  })
})

/** Three VPCs; wires of two lead into the third. Says by number which accept of an endpoint it is, 0 for none. */
const threeVpcs = (accepts: readonly number[]) => ({
  ...full,
  vpcs: [...full.vpcs, ...full.vpcs.slice(0, 1).map((vpc) => ({ ...vpc, id: 'vpc-other', number: 7 }))],
  endpoints: accepts.map((accept, i) => ({
    ...endpoint(i + 1, accept === 0 ? undefined : wire(i * 4 + accept)),
    vpc: i % 2 === 0 ? 'vpc-consumer' : 'vpc-other',
    groups: [],
  })),
})

describe('many plans', () => {
  const someChange = fc.record({ endpoint: fc.nat(3), accept: fc.nat(2) })
  const arrival = fc.constantFrom('as a change', 'whole', 'whole after a restart', 'with a failure')
  const someLife = fc.record({
    start: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
    steps: fc.array(fc.tuple(someChange, arrival), { minLength: 2, maxLength: 8 }),
  })
  const keptWires = (before: HostPlan, after: HostPlan) =>
    after.links.wires.filter((kept) =>
      before.links.wires.some((old) => JSON.stringify(old) === JSON.stringify(kept)),
    )

  test(
    'as changes and whole, with restarts and failures between, cut no wire that stays',
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(someLife, async ({ start, steps }) => {
          const kernel = watchedKernel()
          let dataplane = dataplaneOf(kernel)
          let accepts: readonly number[] = start
          let plan = planOf({ ...threeVpcs(accepts), generation: 1 })
          await dataplane.apply(plan, 'observed')
          for (const [i, [{ endpoint: at, accept }, how]] of steps.entries()) {
            accepts = accepts.with(at, accept)
            const before = plan
            const next = planOf({ ...threeVpcs(accepts), generation: i + 2 })
            plan = how.startsWith('whole') ? next : arriving(before, next)
            if (how === 'whole after a restart') dataplane = dataplaneOf(kernel)
            kernel.restart(how === 'with a failure' ? (operation) => operation === 2 : undefined)
            const problems = await dataplane.apply(plan, 'cached')
            const kept = keptWires(before, plan).flatMap((one) => [one.consumerDevice, one.providerDevice])
            for (const device of kept) expect(kernel.log).not.toContain(`link del ${device}`)
            if (how === 'with a failure') continue
            expect(problems).toEqual([])
            expect(kernel.dump()).toBe(await wanted(next))
          }
        }),
        { numRuns: 100 },
      )
    },
  )
})

describe('one more wire', () => {
  test('touches two namespaces, and the first thing a denial does is to cut it', async () => {
    const kernel = watchedKernel()
    const dataplane = dataplaneOf(kernel)
    const with1 = planOf({ ...full, endpoints: [endpoint(1, wire(1))] })
    const with2 = planOf({ ...full, endpoints: [endpoint(1, wire(1)), endpoint(2, wire(2))] })
    await dataplane.apply(with1, 'observed')
    kernel.restart()
    await dataplane.apply(arriving(with1, with2), 'cached')
    await expect(kernel.log).toMatchFileSnapshot('golden/wire-added.txt')
    kernel.restart()
    await dataplane.apply(with1, 'cached')
    await expect(kernel.log).toMatchFileSnapshot('golden/wire-denied.txt')
    expect(kernel.log.split('\n')[0]).toMatch(/link del cw-/)
  })
})

describe('problems', () => {
  test('name the item whose device failed, and leave the others alone', async () => {
    const kernel = watchedKernel()
    const dataplane = dataplaneOf(kernel)
    const without = planOf({ ...full, endpoints: [] })
    const withTwo = planOf({ ...full, endpoints: [endpoint(1, wire(1)), endpoint(2, wire(2))] })
    await dataplane.apply(without, 'observed')
    kernel.restart()
    await dataplane.apply(withTwo, 'cached')
    const added = kernel.log.split('\n').filter((line) => !line.startsWith('  '))
    const second = added.findLastIndex((line) => line.includes('link add cw-')) + 1

    const again = dataplaneOf(kernel)
    await again.apply(without, 'observed')
    kernel.restart((operation) => operation === second)
    expect(new Set((await again.apply(withTwo, 'cached')).map(({ id }) => id))).toEqual(
      new Set(['ep-2/eu-central-1b']),
    )
  })

  test('a wire into a VPC that the plan does not have', async () => {
    const plan = planOf(full)
    const alone = { ...plan, fabric: { ...plan.fabric, vpcs: plan.fabric.vpcs.slice(0, 1) } }
    const problems = await dataplaneOf(watchedKernel()).apply(alone, 'observed')
    expect(problems).toContainEqual({
      id: 'ep-app/eu-central-1b',
      message: 'vpc-provider is not in the plan',
    })
  })

  test('a wire from a VPC to itself', async () => {
    const balancers = weights(1, 1).map((balancer) => ({ ...balancer, vpc: 'vpc-consumer' }))
    const kernel = watchedKernel()
    const problems = await dataplaneOf(kernel).apply(planOf({ ...full, balancers }), 'observed')
    expect(problems).toEqual([
      { id: 'ep-app/eu-central-1b', message: 'endpoint and service are in the same VPC' },
    ])
    expect(kernel.log).not.toMatch(/link add cw-/)
  })

  test('a program that cannot be run fails what it was for, and is tried again', async () => {
    const kernel = watchedKernel()
    const dataplane = dataplaneOf(kernel)
    await dataplane.apply(planOf({ ...full, endpoints: [] }), 'observed')
    const changeLinks = kernel.changeLinks.bind(kernel)
    kernel.changeLinks = () => Promise.reject(new Error('cannot run ip'))
    const problems = await dataplane.apply(planOf(full), 'cached')
    expect(problems).toContainEqual({ id: 'ep-app/eu-central-1b', message: 'cannot run ip' })
    kernel.changeLinks = changeLinks
    expect(await dataplane.apply(planOf(full), 'cached')).toEqual([])
    expect(kernel.dump()).toBe(await wanted(planOf(full)))
  })
})

test('open flows of a wire end, and are told of once, whatever fails and whenever its agent dies', async () => {
  const [from, to] = [planOf(full), planOf({ ...full, endpoints: [] })]
  const leaving = from.links.wires
  const forgets = leaving.flatMap(({ providerAddress }) => [
    `--reply-src ${providerAddress}`,
    `-d ${providerAddress}`,
  ])
  const count = await operations(from, arriving(from, to))
  const ways: readonly ((failing: number) => (operation: number) => boolean)[] = [
    (failing) => (operation) => operation === failing,
    (last) => (operation) => operation > last,
  ]
  for (const [way, fails] of ways.entries()) {
    for (let turn = 1; turn <= count; turn++) {
      const kernel = watchedKernel()
      const dataplane = dataplaneOf(kernel)
      await dataplane.apply(from, 'observed')
      kernel.restart(fails(turn))
      const problems = await dataplane.apply(arriving(from, to), 'cached', leaving)
      const told = dataplane.takeCuts()
      kernel.restart()
      const next = dataplaneOf(kernel)
      expect(await next.apply(to, 'observed', told.length === 0 ? leaving : [])).toEqual([])
      const cuts = [...told, ...next.takeCuts()]
      expect(
        cuts.map((cut) => cut.wire),
        `${way} ${turn}`,
      ).toEqual(leaving.map(({ id }) => id))
      if (told.length === 0) for (const text of forgets) expect(kernel.log, `${way} ${turn}`).toContain(text)
      else if (problems.length > 0) expect(way, `${turn}`).toBe(0)
    }
  }
})

test('removeAll deletes what carries the mark, and nothing else', async () => {
  const kernel = watchedKernel()
  await kernel.addNamespaces(['other', 'postern-tes-x', `postern-${deployment}-left-over`])
  const dataplane = dataplaneOf(kernel)
  await dataplane.apply(planOf(full), 'observed')
  await dataplane.removeAll()
  expect(await kernel.namespaces('')).toEqual(['other', 'postern-tes-x'])
})

test('a custom route: a table for its vSwitch, and what leads to the next hop and back', async () => {
  const kernel = watchedKernel()
  const dataplane = dataplaneOf(kernel)
  const without = planOf({ ...full, endpoints: [] })
  const routes = [
    route('172.30.0.0/16', 'i-one'),
    route('0.0.0.0/0', 'i-two'),
    route('8.8.8.8/32', undefined),
  ]
  await dataplane.apply(without, 'observed')
  kernel.restart()
  await dataplane.apply(arriving(without, planOf({ ...full, endpoints: [], routes })), 'cached')
  await expect(kernel.log).toMatchFileSnapshot('golden/routes.txt')
})
