/** Two VPCs with the same addresses on either side of a provider: whose a flow is, and how it ended. */
import { expect, test } from 'vitest'
import { lineOf, type FlowEndWords } from '../../test/fixtures/flow-ends.ts'
import { planOf, type Words } from '../../test/fixtures/plans.ts'
import type { Refusal } from '../dataplane/refusals.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import { parseFlowEnd } from './flow-end.ts'
import type { Knowledge } from './outcome.ts'
import { createPlaces, keepGoneMs } from './places.ts'
import { attemptsOf, recordOf } from './records.ts'

const zone = 'eu-central-1b'
const vswitches = [{ zone, cidr: '10.0.0.0/24' }]
const endpoint = (id: string, vpc: string, pair: number) =>
  ({ id, vpc, zone, address: '10.0.0.9', groups: [], wire: { balancer: 'lb-1', pair } }) as const
const words: Words = {
  deployment: 'test',
  vpcs: ['vpc-1', 'vpc-2', 'vpc-p'].map((id, number) => ({ id, cidr: '10.0.0.0/16', number, vswitches })),
  instances: [
    { id: 'i-1', vpc: 'vpc-1', address: '10.0.0.5', groups: [] },
    { id: 'i-2', vpc: 'vpc-2', address: '10.0.0.5', groups: [] },
  ],
  balancers: [
    {
      id: 'lb-1',
      vpc: 'vpc-p',
      address: '10.0.0.100',
      listeners: [{ port: 80, backends: ['10.0.0.5:8080*100'] }],
    },
  ],
  endpoints: [endpoint('ep-1', 'vpc-1', 0), endpoint('ep-2', 'vpc-2', 1)],
}
const plan = planOf(words)

function knowing(now: HostPlan = plan, change: Partial<Knowledge> = {}): Knowledge {
  const places = createPlaces()
  places.update(plan, 0)
  places.update(now, 1)
  return { places, health: new Map(), ended: new Map(), dropped: new Map(), ...change }
}

/** Through the wire of `ep-1` or `ep-2`. */
const consumers = (pair: number, change: Partial<FlowEndWords> = {}) =>
  lineOf({
    original: '10.0.0.5:4000 > 10.0.0.9:80',
    reply: `100.64.0.${pair * 2 + 1}:80 > 100.64.0.${pair * 2}:4000`,
    state: 'TIME_WAIT',
    ...change,
  })
const providers = (pair: number, change: Partial<FlowEndWords> = {}) =>
  lineOf({
    original: `100.64.0.${pair * 2}:4000 > 100.64.0.${pair * 2 + 1}:80`,
    reply: `10.0.0.5:8080 > 100.64.0.${pair * 2}:4000`,
    state: 'TIME_WAIT',
    ...change,
  })

function told(line: string, vpc: string, knowledge = knowing()) {
  const end = parseFlowEnd(line)
  return end && recordOf(end, vpc, knowledge)
}

test.each([
  ['vpc-1', 0, 'ep-1', 'i-1'],
  ['vpc-2', 1, 'ep-2', 'i-2'],
])('the consumer in %s is told of its own flow', (vpc, pair, ep, instance) => {
  const one = told(consumers(pair), vpc)
  expect(one?.account).toBe('consumer')
  expect(one?.record).toMatchObject({
    EndpointId: ep,
    SourceInstanceId: instance,
    SourcePort: 4000,
    Result: 'closed',
  })
  expect(JSON.stringify(one)).not.toContain('100.64.')
})

test('the provider is told of its balancer and server, and of the address that it sees', () => {
  const one = told(providers(1), 'vpc-p')
  expect(one?.account).toBe('provider')
  expect(one?.record).toMatchObject({
    EndpointId: 'ep-2',
    ResourceId: 'lb-1',
    SourceAddress: '100.64.0.2',
    BackendServerId: expect.any(String),
    BackendAddress: '10.0.0.5',
    BackendPort: 8080,
  })
  expect(JSON.stringify(one)).not.toContain('10.0.0.9')
})

test('flows that are no endpoint’s, and a wire’s in another VPC, are nobody’s', () => {
  expect(
    told(
      consumers(0, { reply: '10.0.0.7:80 > 10.0.0.5:4000', original: '10.0.0.5:4000 > 10.0.0.7:80' }),
      'vpc-1',
    ),
  ).toBeUndefined()
  expect(told(providers(0), 'vpc-2')).toBeUndefined()
  const relay = plan.fabric.vpcs[0]?.serviceLeg.serviceAddress ?? ''
  expect(told(consumers(0, { original: `${relay}:4000 > 10.0.0.9:80` }), 'vpc-1')).toBeUndefined()
})

test('a flow to a relay is its endpoint’s, though it took no wire', () => {
  const relay = plan.fabric.vpcs[0]?.serviceLeg.serviceAddress ?? ''
  const one = told(consumers(0, { reply: `${relay}:20000 > 10.0.0.5:4000` }), 'vpc-1')
  expect(one?.record).toMatchObject({ EndpointId: 'ep-1', Result: 'closed' })
})

test.each([
  ['closed', { state: 'LAST_ACK' }, undefined],
  ['reset', { state: 'CLOSE' }, undefined],
  ['timed-out', { state: 'ESTABLISHED' }, 'idle'],
  ['unanswered', { state: 'SYN_SENT', unanswered: true }, undefined],
  ['ended', { protocol: 'udp', state: undefined }, undefined],
  ['unanswered', { protocol: 'udp', state: undefined, unanswered: true }, undefined],
  ['cut', { state: 'ESTABLISHED', cut: true, remainingS: 800 }, 'security-group'],
  ['closed', { state: 'TIME_WAIT', cut: true, remainingS: 100 }, undefined],
] as const)('%s: %o', (result, change, reason) => {
  for (const one of [
    told(consumers(0, change as object), 'vpc-1'),
    told(providers(0, change as object), 'vpc-p'),
  ]) {
    expect([one?.record.Result, one?.record.Reason]).toEqual([result, reason])
  }
})

const open = { state: 'ESTABLISHED', cut: true, remainingS: 800 } as const
const enis = plan.links.endpointEnis
const without = (ids: readonly string[], closed?: 'connection' | 'zone' | 'zone-down'): HostPlan => ({
  ...plan,
  links: {
    ...plan.links,
    wires: plan.links.wires.filter((wire) => wire.endpoint !== 'ep-1'),
    endpointEnis: enis
      .filter(({ id }) => !ids.includes(id))
      .map((eni) => (eni.endpoint === 'ep-1' ? { ...eni, closed } : eni)),
  },
})
const eniOfFirst = enis.find((eni) => eni.endpoint === 'ep-1')?.id ?? ''

test.each([
  ['connection-denied', without([], 'connection')],
  ['zone-disabled', without([], 'zone')],
  ['zone-down', without([], 'zone-down')],
  ['endpoint-deleted', without([eniOfFirst])],
] as const)('a wire that is gone: %s', (reason, now) => {
  for (const one of [
    told(consumers(0, open), 'vpc-1', knowing(now)),
    told(providers(0, open), 'vpc-p', knowing(now)),
  ]) {
    expect(one?.record).toMatchObject({ EndpointId: 'ep-1', Result: 'cut', Reason: reason })
  }
  // The other endpoint’s flows go on by their own wire.
  expect(told(consumers(1), 'vpc-2', knowing(now))?.record.Result).toBe('closed')
})

test('what has gone is known for an hour, and to the next process', () => {
  const places = createPlaces()
  places.update(plan, 0)
  const gone = places.update(without([eniOfFirst]), 1000)
  expect(gone.map(({ wire }) => wire?.id)).toEqual([`ep-1/${zone}`, undefined])
  const next = createPlaces(gone)
  next.update(without([eniOfFirst]), 2000)
  expect(told(providers(0, open), 'vpc-p', knowing(plan, { places: next }))?.record.Reason).toBe(
    'endpoint-deleted',
  )
  next.update({ ...without([eniOfFirst]) }, 1001 + keepGoneMs)
  expect(told(providers(0, open), 'vpc-p', knowing(plan, { places: next }))).toBeUndefined()
})

test('a flow that the agent ended says why, at both its halves', () => {
  const ended = new Map([['tcp 100.64.0.0:4000 100.64.0.1:80', 'idle' as const]])
  const knowledge = knowing(plan, { ended })
  for (const one of [
    told(consumers(0, open), 'vpc-1', knowledge),
    told(providers(0, open), 'vpc-p', knowledge),
  ]) {
    expect(one?.record).toMatchObject({ Result: 'timed-out', Reason: 'idle' })
  }
})

test('a reset in answer to the first packet has its reason', () => {
  const refused = { state: 'CLOSE', unanswered: true, counts: [1, 60, 1, 40] } as const
  const reasonOf = (line: string, knowledge = knowing()) => told(line, 'vpc-1', knowledge)?.record.Reason
  const toPort = (port: number) =>
    consumers(0, {
      ...refused,
      original: `10.0.0.5:4000 > 10.0.0.9:${port}`,
      reply: `100.64.0.1:${port} > 100.64.0.0:4000`,
    })
  expect(reasonOf(toPort(81))).toBe('no-listener')
  expect(reasonOf(toPort(80))).toBe('server')
  const backend = plan.links.balancers[0]?.listeners[0]?.backends[0]
  const health = new Map([[`lb-1 tcp 80 ${backend?.server} 8080`, 'abnormal' as const]])
  expect(reasonOf(toPort(80), knowing(plan, { health }))).toBe('no-healthy-server')
})

test('what a limit dropped is told to the provider, and explains the consumer’s unanswered flow', () => {
  const refusal: Refusal = {
    protocol: 'tcp',
    from: '100.64.0.0',
    to: '100.64.0.1',
    port: 80,
    why: 'rate-limit',
    packets: 9,
  }
  const one = attemptsOf(refusal, 'vpc-p', 4, 1000, 2000, knowing())
  expect(one?.record).toMatchObject({
    EndpointId: 'ep-1',
    Attempts: 4,
    Result: 'dropped',
    Reason: 'rate-limit',
  })
  const dropped = new Map([['tcp 100.64.0.1:80', 'rate-limit' as const]])
  const flow = told(
    consumers(0, { state: 'SYN_SENT', unanswered: true }),
    'vpc-1',
    knowing(plan, { dropped }),
  )
  expect(flow?.record).toMatchObject({ Result: 'dropped', Reason: 'rate-limit' })
})

test('what a group forbids is told to the consumer alone', () => {
  const refusal: Refusal = {
    protocol: 'udp',
    from: '10.0.0.5',
    to: '10.0.0.9',
    port: 53,
    why: 'security-group',
    packets: 2,
  }
  expect(attemptsOf(refusal, 'vpc-2', 2, 1000, 2000, knowing())).toMatchObject({
    account: 'consumer',
    record: {
      EndpointId: 'ep-2',
      SourceInstanceId: 'i-2',
      Attempts: 2,
      Result: 'dropped',
      Reason: 'security-group',
    },
  })
  expect(attemptsOf(refusal, 'vpc-p', 2, 1000, 2000, knowing())).toBeUndefined()
})
