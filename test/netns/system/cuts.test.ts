/** A cut ends open flows of its connection at both ends and at once, and nothing else. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until, type Account } from '../../fixtures/deployment.ts'
import {
  makeBalancer,
  makeConsumer,
  makeEndpoint,
  makeGroup,
  makeInstance,
  makeService,
  openPrivatelink,
  zone,
  type Consumer,
  type EndpointMade,
} from '../../fixtures/topology.ts'
import { Workload } from '../dataplane-world.ts'
import { crash, ready } from '../../fixtures/restart.ts'
import { endCommand, endServer, inBackground, steadyCommand } from './programs.ts'
import { Arrivals } from './arrivals.ts'
import { decide, refusal, startSystem, type System } from './system.ts'

const scope = new AsyncDisposableStack()
let system: System
let consumer: Account
let service: string
let network: Consumer
let client: string
let server: string
let balancer: string
let made: EndpointMade
let other: EndpointMade
let group: string
/** Talks to another endpoint of the same service, in the same VPC and from the same instance. */
let bystander: () => Promise<object>
/** How many connections were reset at the server's end. */
let ends = 0
/** Calls whose events were seen. */
const told = new Set<string>()

beforeAll(async () => {
  system = scope.use(await startSystem())
  consumer = await system.account('consumer')
  await openPrivatelink(consumer)
  const offer = await makeConsumer(system)
  server = await makeInstance(system, offer.vswitch, offer.group, endServer)
  balancer = await makeBalancer(system, { ...offer, backends: [server] })
  service = await makeService(system, [{ balancer, zone }], true)
  await system.call('Privatelink', 'AddUserToVpcEndpointService', {
    ServiceId: service,
    UserId: consumer.id,
  })
  network = await makeConsumer(consumer)
  client = await makeInstance(consumer, network.vswitch, network.group, '')
  group = await makeGroup(consumer, network.vpc, [{ PortRange: '80/80' }])
  made = await makeEndpoint(consumer, service, { ...network, group }, ['Connected'])
  other = await makeEndpoint(consumer, service, network, ['Connected'])
  const workload = new Workload(system.netns(client), 'bystander')
  scope.defer(() => workload.end())
  bystander = await workload.open(other.address, 80)
})

afterAll(() => scope.disposeAsync())

/** Lines of a file in an instance's home, as soon as there are so many. */
async function lines(instance: string, file: string, count: number): Promise<readonly string[]> {
  return await until(`${count} lines in ${file}`, async () => {
    const text = await system.home(instance, file).catch(() => '')
    const found = text.split('\n').slice(0, -1)
    return found.length >= count ? found : undefined
  })
}

/** Two open connections, one that says nothing and one that never stops; `cut` must end them at both ends within a second. */
async function expectCut(
  name: string,
  action: string,
  cut: () => Promise<unknown>,
  flows = 2,
): Promise<void> {
  const steady = `${name}-steady`
  await system.run(client, inBackground(name, endCommand(made.address)))
  await system.run(client, inBackground(steady, steadyCommand(made.address)))
  for (const file of [name, steady]) await lines(client, file, 1)
  using asked = await Arrivals.start(system.netns(server))
  using answered = await Arrivals.start(system.netns(client))
  for (const side of [asked, answered]) await side.count(20)
  const startMs = performance.now()
  await cut()
  const answeredMs = performance.now() - startMs
  for (const file of [name, steady]) expect((await lines(client, file, 2))[1]).toMatch(/^reset /)
  ends += 2
  expect(await resets()).toBe(ends)
  const endedMs = performance.now() - startMs
  expect(endedMs).toBeLessThan(3000)
  const lastMs = Math.max(asked.lastMs(), answered.lastMs())
  expect(await bystander()).toHaveProperty('text')
  const event = await expectEvent(action, flows, endedMs)
  const after = (time: number) => Math.round(time - Date.parse(event['CalledAt'] ?? ''))
  const [kernelAt, endedAt] = [Date.parse(event['KernelAt'] ?? ''), Date.parse(event['EndedAt'] ?? '')]
  console.log(
    `${name}: after the call its last packet ${after(lastMs)} ms, event ${after(kernelAt)} and ${after(endedAt)} ms; answered after ${Math.round(answeredMs)} ms, all ends reset after ${Math.round(endedMs)} ms`,
  )
  // Data came until the cut, and none after the time that the event tells, which is cut to whole milliseconds.
  expect(after(lastMs)).toBeGreaterThanOrEqual(-20)
  expect(lastMs).toBeLessThan(endedAt + 1)
  if (event['Cause'] === 'disconnected') expect(lastMs).toBeLessThan(kernelAt + 1)
}

/** How many connections the server has seen being reset, as soon as they are as many as they should be. */
async function resets(): Promise<number> {
  return await until(`${ends} connections to be reset`, async () => {
    const text = await system.home(server, 'ends').catch(() => '')
    const count = text.split('\n').filter((line) => line === 'reset').length
    return count >= ends ? count : undefined
  })
}

/** The cut is on record, with its call and the time that it took; later than the ends by the way to the store. */
async function expectEvent(action: string, flows: number, endedMs: number): Promise<Record<string, string>> {
  const event = await until(`an event of ${action}`, async () => {
    const last = (await events()).at(-1)
    return last && !told.has(last['RequestId'] ?? '') ? last : undefined
  })
  told.add(event['RequestId'] ?? '')
  expect(event).toMatchObject({ EndpointId: made.endpoint, ZoneId: zone, Action: action })
  // The one that never stops may have met the missing device, and ended by itself, before it was forgotten.
  expect([flows - 1, flows]).toContain(event['FlowsEnded'])
  expect(Date.parse(event['CalledAt'] ?? '')).toBeLessThanOrEqual(Date.parse(event['KernelAt'] ?? ''))
  expect(Date.parse(event['KernelAt'] ?? '')).toBeLessThanOrEqual(Date.parse(event['EndedAt'] ?? ''))
  // A reset arrives a little before the program that caused it has ended.
  expect(Number(event['TookMs'])).toBeLessThan(endedMs + 500)
  return event
}

async function events(): Promise<readonly Record<string, string>[]> {
  const words = ['events', '--since', '1h', '--endpoint', made.endpoint, '--output', 'json']
  const { Events } = JSON.parse(await system.postern(...words)) as { Events: Record<string, string>[] }
  return Events
}

test('a deny', async () => {
  const which = { ServiceId: service, EndpointId: made.endpoint }
  await expectCut('deny', 'DisableVpcEndpointConnection', () =>
    system.call('Privatelink', 'DisableVpcEndpointConnection', which),
  )
  await until('Disconnected', async () => {
    const answer = await consumer.call('Privatelink', 'GetVpcEndpointAttribute', {
      EndpointId: made.endpoint,
    })
    return answer['ConnectionStatus'] === 'Disconnected' || undefined
  })
  await decide(system, 'Enable', service, made.endpoint)
})

test('a server that is killed before it has stored a cut loses no event, and tells none twice', async () => {
  const known = (await events()).length
  await system.run(client, inBackground('killed', endCommand(made.address)))
  await lines(client, 'killed', 1)
  const which = { ServiceId: service, EndpointId: made.endpoint }
  const applied = async () => {
    const log = await readFile(join(system.state, 'log', 'agent.log'), 'utf8')
    return log.match(/"msg":"applied"/g)?.length ?? 0
  }
  const before = await applied()
  const denial = system.call('Privatelink', 'DisableVpcEndpointConnection', which).catch(() => undefined)
  await lines(client, 'killed', 2)
  // It hears of the cut and does nothing any more.
  process.kill(system.pid('server'), 'SIGSTOP')
  await until('the agent to have told', async () => (await applied()) > before || undefined)
  await crash(system, 'server')
  await denial
  await system.postern('up')
  await until('the deployment to be ready', () => ready(system))
  ends++
  expect(await resets()).toBe(ends)
  await expectEvent('DisableVpcEndpointConnection', 1, 10_000)
  await decide(system, 'Enable', service, made.endpoint)
  expect(await events()).toHaveLength(known + 1)
})

test('a zone that is disabled', async () => {
  const which = { ServiceId: service, EndpointId: made.endpoint, ZoneId: zone }
  await expectCut('zone', 'DisableVpcEndpointZoneConnection', () =>
    system.call('Privatelink', 'DisableVpcEndpointZoneConnection', which),
  )
  await zoneIs('Disconnected')
  await system.call('Privatelink', 'EnableVpcEndpointZoneConnection', which)
  await zoneIs('Connected')
})

async function zoneIs(status: string): Promise<void> {
  await until(`the zone to be ${status}`, async () => {
    const answer = await consumer.call('Privatelink', 'ListVpcEndpointZones', { EndpointId: made.endpoint })
    return (answer['Zones'] as { ZoneStatus: string }[])[0]?.ZoneStatus === status || undefined
  })
}

test('a rule of a security group that is revoked', async () => {
  const rule = { IpProtocol: 'TCP', PortRange: '80/80', SourceCidrIp: '0.0.0.0/0' }
  const change = { SecurityGroupId: group, Permissions: [rule] }
  await expectCut('revoke', 'RevokeSecurityGroup', () => consumer.call('Ecs', 'RevokeSecurityGroup', change))
  await consumer.call('Ecs', 'AuthorizeSecurityGroup', change)
})

test('a security group that is attached and forbids', async () => {
  const SecurityGroupId = await makeGroup(consumer, network.vpc, [{ PortRange: '80/80', Policy: 'drop' }])
  const which = { EndpointId: made.endpoint, SecurityGroupId }
  await expectCut('attach', 'AttachSecurityGroupToVpcEndpoint', () =>
    consumer.call('Privatelink', 'AttachSecurityGroupToVpcEndpoint', which),
  )
  await endpointIsActive()
  await consumer.call('Privatelink', 'DetachSecurityGroupFromVpcEndpoint', which)
  await endpointIsActive()
})

test('a security group that is detached and was what admitted', async () => {
  const SecurityGroupId = await makeGroup(consumer, network.vpc)
  const which = { EndpointId: made.endpoint }
  await consumer.call('Privatelink', 'AttachSecurityGroupToVpcEndpoint', { ...which, SecurityGroupId })
  await endpointIsActive()
  const detach = { ...which, SecurityGroupId: group }
  await expectCut('detach', 'DetachSecurityGroupFromVpcEndpoint', () =>
    consumer.call('Privatelink', 'DetachSecurityGroupFromVpcEndpoint', detach),
  )
  await endpointIsActive()
  await consumer.call('Privatelink', 'AttachSecurityGroupToVpcEndpoint', detach)
  await endpointIsActive()
})

async function endpointIsActive(): Promise<void> {
  await until('the endpoint to be idle', async () => {
    const answer = await consumer.call('Privatelink', 'GetVpcEndpointAttribute', {
      EndpointId: made.endpoint,
    })
    return answer['EndpointStatus'] === 'Active' || undefined
  })
}

test('a change of groups that admits the flow all the same leaves it alone', async () => {
  const workload = new Workload(system.netns(client), 'stays')
  scope.defer(() => workload.end())
  const say = await workload.open(made.address, 80)
  expect(await say()).toHaveProperty('text')
  const rule = { IpProtocol: 'TCP', PortRange: '90/90', SourceCidrIp: '0.0.0.0/0' }
  const change = { SecurityGroupId: group, Permissions: [rule] }
  await consumer.call('Ecs', 'AuthorizeSecurityGroup', change)
  await consumer.call('Ecs', 'RevokeSecurityGroup', change)
  expect(await say()).toHaveProperty('text')
})

test('an instance that leaves the group that a rule is about', async () => {
  const peer = await makeGroup(consumer, network.vpc)
  const member = { SecurityGroupId: peer, InstanceId: client }
  await consumer.call('Ecs', 'JoinSecurityGroup', member)
  const rules = [{ PortRange: '80/80', SourceGroupId: peer }]
  const SecurityGroupId = await makeGroup(consumer, network.vpc, rules)
  const of = (id: string) => ({ EndpointId: made.endpoint, SecurityGroupId: id })
  // All groups of the endpoint are replaced: what the new one admits goes on.
  const workload = new Workload(system.netns(client), 'replaced')
  scope.defer(() => workload.end())
  const say = await workload.open(made.address, 80)
  await consumer.call('Privatelink', 'AttachSecurityGroupToVpcEndpoint', of(SecurityGroupId))
  await endpointIsActive()
  await consumer.call('Privatelink', 'DetachSecurityGroupFromVpcEndpoint', of(group))
  await endpointIsActive()
  expect(await say()).toHaveProperty('text')
  const deletion = () => consumer.call('Ecs', 'DeleteSecurityGroup', { SecurityGroupId: peer })
  expect(await refusal(deletion())).toBe('DependencyViolation')
  expect(await say()).toHaveProperty('text')
  await expectCut(
    'left',
    'LeaveSecurityGroup',
    async () => {
      // That one, and the one of the test before.
      ends += 2
      await consumer.call('Ecs', 'LeaveSecurityGroup', member)
    },
    4,
  )
  expect(await say()).toMatchObject({ error: 'ECONNRESET' })
  await consumer.call('Privatelink', 'AttachSecurityGroupToVpcEndpoint', of(group))
  await endpointIsActive()
  await consumer.call('Privatelink', 'DetachSecurityGroupFromVpcEndpoint', of(SecurityGroupId))
  await endpointIsActive()
})

test('a stopped listener and an inactive balancer take nobody, and keep who is there', async () => {
  const workload = new Workload(system.netns(client), 'kept')
  scope.defer(() => workload.end())
  const say = await workload.open(made.address, 80)
  expect(await say()).toHaveProperty('text')
  const which = { LoadBalancerId: balancer }
  const listener = { ...which, ListenerPort: 80 }
  const status = (LoadBalancerStatus: string) =>
    system.call('Slb', 'SetLoadBalancerStatus', { ...which, LoadBalancerStatus })
  for (const [stop, start] of [
    [
      () => system.call('Slb', 'StopLoadBalancerListener', listener),
      () => system.call('Slb', 'StartLoadBalancerListener', listener),
    ],
    [() => status('inactive'), () => status('active')],
  ] as const) {
    await stop()
    await until(
      'new ones to be refused',
      async () => (await called(workload)) === 'ECONNREFUSED' || undefined,
    )
    expect(await say()).toHaveProperty('text')
    expect(await bystander()).toHaveProperty('text')
    await start()
    await until('new ones to be taken', async () => (await called(workload)).startsWith('i-') || undefined)
    expect(await say()).toHaveProperty('text')
  }
})

const called = (workload: Workload) => workload.call(made.address, 80)

test('what is refused while something is open cuts nothing', async () => {
  const workload = new Workload(system.netns(client), 'refused')
  const say = await workload.open(made.address, 80)
  const detach = { ServiceId: service, ResourceId: balancer, ResourceType: 'slb' }
  const deletions = [
    system.call('Privatelink', 'DetachResourceFromVpcEndpointService', detach),
    system.call('Privatelink', 'DeleteVpcEndpointService', { ServiceId: service }),
    consumer.call('Privatelink', 'DeleteVpcEndpoint', { EndpointId: made.endpoint }),
  ]
  expect(await Promise.all(deletions.map(refusal))).toEqual([
    'EndpointServiceConnectionDependence',
    'EndpointServiceConnectionDependence',
    'EndpointDependenceViolation',
  ])
  expect(await say()).toHaveProperty('text')
  await workload.end()
})

test('a zone that is removed', async () => {
  const which = { EndpointId: made.endpoint, ZoneId: zone }
  await expectCut(
    'removed',
    'RemoveZoneFromVpcEndpoint',
    async () => {
      // The connection that a stopped listener kept ends as well.
      ends++
      await consumer.call('Privatelink', 'RemoveZoneFromVpcEndpoint', which)
    },
    3,
  )
})

test('an account that leaves the whitelist, where the service says so, and nobody who is still listed', async () => {
  made = await makeEndpoint(consumer, service, network, ['Connected'])
  const entry = { ServiceId: service, UserId: consumer.id }
  const remove = () => system.call('Privatelink', 'RemoveUserFromVpcEndpointService', entry)
  await remove()
  expect(await statusOf(made)).toBe('Connected')
  expect(await bystander()).toHaveProperty('text')

  await system.call('Privatelink', 'AddUserToVpcEndpointService', entry)
  await system.call('Privatelink', 'TagResources', {
    ResourceType: 'vpcendpointservice',
    ResourceId: [service],
    Tag: [{ Key: 'postern:whitelist', Value: 'reconcile' }],
  })
  const listed = await system.account('listed')
  await openPrivatelink(listed)
  await system.call('Privatelink', 'AddUserToVpcEndpointService', { ServiceId: service, UserId: listed.id })
  const theirs = await makeConsumer(listed)
  const their = await makeInstance(listed, theirs.vswitch, theirs.group, '')
  const stays = await makeEndpoint(listed, service, theirs, ['Connected'])
  const workload = new Workload(system.netns(their), 'listed')
  scope.defer(() => workload.end())
  bystander = await workload.open(stays.address, 80)

  await expectCut('whitelist', 'RemoveUserFromVpcEndpointService', async () => {
    // The consumer's other connection ends as well.
    ends++
    await remove()
  })
  for (const endpoint of [made, other]) {
    await until('Disconnected', async () => (await statusOf(endpoint)) === 'Disconnected' || undefined)
  }
  expect(await statusOf(stays)).toBe('Connected')
})

async function statusOf({ endpoint }: EndpointMade): Promise<unknown> {
  const which = { ServiceId: service, EndpointId: endpoint }
  const { Connections } = await system.call('Privatelink', 'ListVpcEndpointConnections', which)
  return (Connections as { ConnectionStatus: string }[])[0]?.ConnectionStatus
}
