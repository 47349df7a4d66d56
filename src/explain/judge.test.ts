import { describe, expect, test } from 'vitest'
import { walkthrough } from '../../test/fixtures/walkthrough.ts'
import type { ForwardingRuleId, SecurityGroupId } from '../model/ids.ts'
import type { Endpoint, EndpointZone, Listener, LoadBalancer, World } from '../model/world.ts'
import { withApplication } from './application.ts'
import { judge } from './judge.ts'
import { isUncertain, type Question, type Reason } from './judgement.ts'
import { blamed } from './limits.ts'
import { mendOf } from './mend.ts'
import type { Scene } from './scene.ts'

type Rule = World['securityGroups'][number]['rules'][number]
const rule = (change: Partial<Rule>): Rule => ({
  id: 'sgr-x' as Rule['id'],
  direction: 'ingress',
  protocol: 'TCP',
  fromPort: 80,
  toPort: 80,
  policy: 'Accept',
  priority: 1,
  peer: { kind: 'cidr', cidr: '0.0.0.0/0' },
  ...change,
})

function withRules(world: World, rules: readonly Rule[], group = 'sg-consumer'): World {
  const securityGroups = world.securityGroups.map((one) => (one.id === group ? { ...one, rules } : one))
  return { ...world, securityGroups }
}

/** The walkthrough with everything open. */
const open = withRules(withRules(walkthrough, [rule({})]), [rule({})], 'sg-provider')

const withEndpoint = (change: Partial<Endpoint>): World => ({
  ...open,
  endpoints: open.endpoints.map((endpoint) => ({ ...endpoint, ...change })),
})
const withZone = (change: Partial<EndpointZone>): World =>
  withEndpoint({ zones: open.endpoints[0]?.zones.map((zone) => ({ ...zone, ...change })) ?? [] })
const withBalancer = (change: Partial<LoadBalancer>, zonesDown: readonly string[] = []): World => ({
  ...open,
  zonesDown,
  loadBalancers: open.loadBalancers.map((balancer) => ({ ...balancer, ...change })),
})
const withListener = (change: Partial<Listener>): World =>
  withBalancer({ listeners: open.loadBalancers[0]?.listeners.map((one) => ({ ...one, ...change })) ?? [] })
const plain: NonNullable<Listener['http']> = {
  sticky: undefined,
  idleTimeoutS: 15,
  requestTimeoutS: 60,
  gzip: false,
  forwarded: [],
  redirectPort: undefined,
  redirectCode: 301,
  tls: undefined,
  identity: undefined,
  rules: [],
}
const withHttp = (change: Partial<typeof plain> = {}, protocol: 'http' | 'https' = 'http'): World =>
  withListener({ protocol, http: { ...plain, ...change } })
const request = { host: 'www.shop.example', path: '/cart/1' }
const forwarding = (domain: string, path: string) => [
  { id: 'rule-1' as ForwardingRuleId, domain, path, servers: servers.slice(0, 1) },
]
const servers = open.loadBalancers[0]?.listeners[0]?.servers ?? []
const withInstance = (id: string, status: 'Running' | 'Stopped'): World => ({
  ...open,
  instances: open.instances.map((one) => (one.id === id ? { ...one, status } : one)),
})
const detached = (id: string): World => ({
  ...open,
  enis: open.enis.map((eni) => (eni.id === id ? { ...eni, attachment: { kind: 'none' } } : eni)),
})
const withRoute = (nextHop: string): World => {
  const routeTable = 'vtb-1' as World['vswitches'][number]['routeTable']
  return {
    ...open,
    vswitches: open.vswitches.map((vswitch) => ({ ...vswitch, routeTable })),
    routes: [
      {
        id: 'rte-1' as World['routes'][number]['id'],
        vpc: 'vpc-consumer' as World['routes'][number]['vpc'],
        table: routeTable,
        destination: '172.16.0.0/12',
        nextHop: nextHop as World['routes'][number]['nextHop'],
      },
    ],
  }
}

const sceneOf = (world: World, more: Partial<Scene> = {}): Scene => ({
  world,
  health: [],
  whitelist: [{ service: 'epsrv-1', user: '12345678' }],
  ...more,
})
const asking = (question: Partial<Question> = {}): Question => ({
  client: 'i-ecs1',
  target: 'ep-1',
  port: 80,
  protocol: 'tcp',
  ...question,
})
const suffix = 'epsrv-1.eu-central-1.privatelink.aliyuncs.com'

function lastReason(scene: Scene, question: Question): Reason {
  const { steps, passes } = judge(scene, question)
  expect(steps.slice(0, -1).every(({ verdict }) => verdict === 'passes')).toBe(true)
  const last = steps.at(-1)
  if (!last) throw new Error('a judgement without steps')
  expect(last.verdict === 'passes').toBe(passes)
  return last.reason
}

const abnormal = servers.map(({ server, port }) => ({
  balancer: 'lb-1',
  protocol: 'tcp',
  port: 80,
  server,
  backendPort: port,
  status: 'abnormal' as const,
}))

test('a limit that drops is told, and is what a packet without an answer met', () => {
  const [endpoint] = open.endpoints
  const [balancer] = open.loadBalancers
  if (!endpoint || !balancer) throw new Error('the walkthrough has neither')
  const wire = `${endpoint.id}/eu-central-1b`
  const limited = {
    ...withBalancer({ limits: { connections: 5000, newConnectionsPerS: 3000 } }),
    endpoints: open.endpoints.map((one) => ({ ...one, bandwidthMbps: 100 })),
    consumerLimits: [{ consumer: 'all', connections: 20 }],
  }
  const cases = [
    ['bandwidthFull', wire, 'bandwidth', 100, 'Bandwidth 200'],
    ['consumerFull', wire, 'consumer', 20, 'limit set 12345678 40'],
    ['balancerFull', balancer.id, 'connections', 5000, undefined],
    ['balancerBusy', balancer.id, 'newConnections', 3000, undefined],
  ] as const
  for (const [code, id, limit, most, mend] of cases) {
    const scene = { world: limited, health: [], whitelist: [], drops: [{ id, limit, count: 3 }] }
    const judged = judge(scene, { client: 'i-ecs1', target: '10.0.0.50', port: 80, protocol: 'tcp' })
    expect(judged.passes, code).toBe(true)
    expect(isUncertain(judged), code).toBe(true)
    const last = blamed(judged)?.steps.at(-1)
    expect(last).toMatchObject({ verdict: 'stops', reason: { code, limit: most, dropped: 3 } })
    if (last && mend !== undefined) expect(mendOf(last.reason)).toContain(mend)
  }
})

test('a range of ports leads to the port that was called, and to no other', () => {
  const listeners = open.loadBalancers[0]?.listeners.map((listener) => ({
    ...listener,
    port: 70,
    lastPort: 90,
    servers: listener.servers.map((server) => ({ ...server, port: 0 })),
  }))
  const ranged = withBalancer({ listeners: listeners ?? [] })
  const { passes, destinations } = judge(sceneOf(ranged), asking({ port: 80 }))
  expect([passes, [...new Set(destinations.map(({ port }) => port))]]).toEqual([true, [80]])
  const other = withBalancer({ listeners: (listeners ?? []).map((one) => ({ ...one, lastPort: 79 })) })
  expect(lastReason(sceneOf(other), asking({ port: 80 }))).toMatchObject({
    code: 'listenerAbsent',
    existing: ['tcp/70-79'],
  })
})

describe('what stops a packet is named', () => {
  const cases: readonly [Reason['code'], World, Partial<Question>, (string | undefined)?, Partial<Scene>?][] =
    [
      ['clientUnknown', open, { client: 'i-none' }],
      ['clientState', withInstance('i-ecs1', 'Stopped'), {}, 'StartInstance'],
      ['clientWithoutAddress', { ...open, enis: [] }, { target: '10.0.0.9' }],
      ['objectUnknown', open, { target: 'i-none' }],
      ['nameUnknown', open, { target: `ep-2.${suffix}` }],
      ['nameOutside', open, { target: 'example.com' }],
      ['nameOfOtherVpc', open, { client: 'i-ecs2' }],
      ['nameEmpty', withEndpoint({ zones: [] }), {}],
      ['otherVpc', open, { target: 'i-ecs2' }],
      ['otherVpc', open, { target: '10.0.0.200' }],
      ['addressOfNobody', open, { target: '10.0.0.77' }],
      ['addressOfRouter', open, { target: '10.0.0.253' }],
      ['addressUnattached', detached('eni-ecs3'), { client: 'i-ecs2', target: '10.0.0.201' }],
      ['routeWithoutHop', withRoute('eni-none'), { target: '172.16.0.1' }],
      [
        'mayNotLeave',
        withRules(open, [rule({ direction: 'egress', policy: 'Drop' })]),
        {},
        'RevokeSecurityGroupEgress',
      ],
      ['mayNotEnter', withRules(open, [rule({ policy: 'Drop' })]), {}, 'RevokeSecurityGroup '],
      ['connectionState', withEndpoint({ connection: 'Disconnected' }), {}, 'EnableVpcEndpointConnection'],
      [
        'connectionState',
        withEndpoint({ connection: 'Disconnected' }),
        { target: '10.0.0.50' },
        'AddUserToVpcEndpointService',
        { whitelist: [] },
      ],
      ['endpointZoneState', withZone({ status: 'Disconnected' }), {}, 'EnableVpcEndpointZoneConnection'],
      ['zoneDown', { ...open, zonesDown: ['eu-central-1b'] }, {}, 'zone up eu-central-1b'],
      ['zoneDown', { ...open, zonesDown: ['eu-central-1b'] }, { target: '10.0.0.50' }, 'zone up'],
      [
        'zoneDown',
        withBalancer({ addresses: [{ zone: 'eu-central-1c', backup: undefined, address: '10.0.0.100' }] }, [
          'eu-central-1c',
        ]),
        { client: 'i-ecs2', target: 'lb-1' },
        'zone up eu-central-1c',
      ],
      ['zoneWithoutResource', withZone({ loadBalancer: undefined }), {}],
      ['resourceGone', { ...open, loadBalancers: [] }, {}],
      ['sameVpc', withBalancer({ vpc: 'vpc-consumer' as LoadBalancer['vpc'] }), {}],
      ['noBandwidth', withEndpoint({ bandwidthMbps: 0 }), {}, 'Bandwidth'],
      ['balancerState', withBalancer({ status: 'inactive' }), {}, 'SetLoadBalancerStatus'],
      ['listenerAbsent', withBalancer({ listeners: [] }), {}],
      ['listenerAbsent', open, { protocol: 'udp', target: 'ep-1' }],
      ['listenerStopped', withListener({ status: 'stopped' }), {}, 'StartLoadBalancerListener'],
      ['listenerAbsent', withHttp(), { protocol: 'udp', target: 'ep-1' }],
      ['ruleForOtherPaths', withHttp({ rules: forwarding('*.shop.example', '/img') }), { request }],
      [
        'needsCertificate',
        withHttp(
          {
            tls: {
              certificate: 'cert-1',
              clientAuthority: 'ca-1',
              cipherPolicy: 'tls_cipher_policy_1_0',
              http2: true,
            },
          },
          'https',
        ),
        { request },
      ],
      [
        'noBackends',
        withHttp({ rules: forwarding('', '/cart').map((one) => ({ ...one, servers: [] })) }),
        { request },
      ],
      [
        'allAbnormal',
        withHttp(),
        { request },
        undefined,
        { health: abnormal.map((one) => ({ ...one, protocol: 'http' })) },
      ],
      ['noBackends', withListener({ servers: [] }), {}],
      ['weightsZero', withListener({ servers: servers.map((one) => ({ ...one, weight: 0 })) }), {}],
      ['onlyItself', withListener({ servers: servers.slice(1) }), { client: 'i-ecs2', target: 'lb-1' }],
      ['allAbnormal', open, {}, undefined, { health: abnormal }],
      [
        'backendsStopped',
        { ...open, instances: open.instances.filter(({ hostName }) => hostName === 'i-ecs1') },
        {},
      ],
      [
        'instanceState',
        withInstance('i-ecs3', 'Stopped'),
        { client: 'i-ecs2', target: 'i-ecs3' },
        'StartInstance',
      ],
    ]
  test.each(cases)('%s', (code, world, question, mend, more) => {
    // Security groups know the protocol: what is asked by UDP has to be let in first.
    const opened = question.protocol === 'udp' ? withRules(world, [rule({ protocol: 'ALL' })]) : world
    const reason = lastReason(sceneOf(opened, more), asking(question))
    expect(reason.code).toBe(code)
    if (mend !== undefined) expect(mendOf(reason)).toContain(mend)
  })
})

describe('what lets a packet through', () => {
  const passing: readonly [Reason['code'], World, Partial<Question>, readonly (string | undefined)[]][] = [
    ['backendsTake', open, {}, ['i-ecs3', 'i-ecs2']],
    ['backendsTake', open, { target: `ep-1.${suffix}` }, ['i-ecs3', 'i-ecs2']],
    ['backendsTake', open, { target: `EP-1-eu-central-1b.${suffix}.` }, ['i-ecs3', 'i-ecs2']],
    ['backendsTake', open, { target: '10.0.0.50' }, ['i-ecs3', 'i-ecs2']],
    ['proxyAnswers', withHttp(), {}, [undefined]],
    ['redirects', withHttp({ redirectPort: 443 }), { request }, [undefined]],
    ['backendsTake', withHttp(), { request }, ['i-ecs3', 'i-ecs2']],
    ['backendsTake', withHttp({ rules: forwarding('*.shop.example', '/cart') }), { request }, ['i-ecs3']],
    ['backendsTake', withHttp({ rules: forwarding('', '/img') }), { request }, ['i-ecs3', 'i-ecs2']],
    // The proxy calls the servers, so a server reaches itself.
    ['backendsTake', withHttp(), { request, client: 'i-ecs2', target: 'lb-1' }, ['i-ecs3', 'i-ecs2']],
    ['someUnreached', open, { client: 'i-ecs2', target: 'lb-1' }, ['i-ecs3']],
    ['arrives', open, { client: 'i-ecs2', target: 'i-ecs3' }, ['i-ecs3']],
    ['ownAddress', open, { target: '127.0.0.1' }, ['i-ecs1']],
    ['ownAddress', open, { target: '10.0.0.182' }, ['i-ecs1']],
    ['resolver', open, { target: '100.100.2.136', port: 53, protocol: 'udp' }, [undefined]],
    ['arrives', withRoute('i-ecs1'), { target: '172.16.0.1' }, ['i-ecs1']],
  ]
  test.each(passing)('%s', (code, world, question, instances) => {
    const scene = sceneOf(world)
    expect(lastReason(scene, asking(question)).code).toBe(code)
    expect(judge(scene, asking(question)).destinations.map(({ instance }) => instance)).toEqual(instances)
  })

  test('a server on standby takes connections only when no other can', () => {
    const standby = servers.map((one) => ({ ...one, standby: String(one.server) === 'i-ecs2' }))
    const world = withListener({ servers: standby })
    const takers = (more: Partial<Scene>) =>
      judge(sceneOf(world, more), asking()).destinations.map(({ instance }) => instance)
    expect(takers({})).toEqual(['i-ecs3'])
    expect(takers({ health: abnormal.filter(({ server }) => String(server) === 'i-ecs3') })).toEqual([
      'i-ecs2',
    ])
  })

  test('a rule by group, priority and same-group access decide as documented', () => {
    const group: Rule['peer'] = { kind: 'group', group: 'sg-consumer' as SecurityGroupId }
    const decisive = (rules: readonly Rule[]) => lastReason(sceneOf(withRules(open, rules)), asking())
    expect(decisive([]).code).toBe('backendsTake')
    expect(decisive([rule({}), rule({ policy: 'Drop' })]).code).toBe('mayNotEnter')
    expect(decisive([rule({}), rule({ policy: 'Drop', priority: 2 })]).code).toBe('backendsTake')
    expect(decisive([rule({ policy: 'Drop', peer: group })])).toMatchObject({
      code: 'mayNotEnter',
      decision: { by: 'rule', group: 'sg-consumer', rule: 'sgr-x', priority: 1, policy: 'Drop' },
    })
  })
})

describe('whether a program listens', () => {
  const judged = judge(sceneOf(open), asking())
  const withOpen = (instances: readonly string[]) =>
    withApplication(judged, 'tcp', (instance) => instances.includes(instance))

  test('nobody, some, everybody, and nobody can look', () => {
    expect(withOpen([])).toMatchObject({ passes: false, destinations: [] })
    expect(withOpen([]).steps.at(-1)?.reason.code).toBe('nobodyListens')
    expect(withOpen(['i-ecs2']).steps.at(-1)?.reason).toMatchObject({
      code: 'someListen',
      places: ['i-ecs3 80'],
    })
    expect(withOpen(['i-ecs2', 'i-ecs3']).steps.at(-1)?.reason.code).toBe('listens')
    expect(withApplication(judged, 'tcp', () => undefined)).toEqual(judged)
  })
})
