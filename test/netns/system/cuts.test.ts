/** A cut ends open flows of its connection at both ends and at once, and nothing else. */
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
import { endCommand, endServer, inBackground } from './programs.ts'
import { decide, startSystem, type System } from './system.ts'

const scope = new AsyncDisposableStack()
let system: System
let consumer: Account
let service: string
let network: Consumer
let client: string
let server: string
let made: EndpointMade
let other: EndpointMade
let group: string
/** Talks to another endpoint of the same service, in the same VPC and from the same instance. */
let bystander: () => Promise<object>
let ends = 0
/** Calls whose events were seen. */
const told = new Set<string>()

beforeAll(async () => {
  system = scope.use(await startSystem())
  consumer = await system.account('consumer')
  await openPrivatelink(consumer)
  const offer = await makeConsumer(system)
  server = await makeInstance(system, offer.vswitch, offer.group, endServer)
  const balancer = await makeBalancer(system, { ...offer, backends: [server] })
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

/** An open connection that says nothing; `cut` must end it at both ends within a second. */
async function expectCut(
  name: string,
  action: string,
  cut: () => Promise<unknown>,
  flows = 1,
): Promise<void> {
  await system.run(client, inBackground(name, endCommand(made.address)))
  await lines(client, name, 1)
  const startMs = performance.now()
  await cut()
  const answeredMs = performance.now() - startMs
  const [, ending] = await lines(client, name, 2)
  expect(ending).toMatch(/^reset /)
  expect(await lines(server, 'ends', ++ends)).toEqual(Array.from({ length: ends }, () => 'reset'))
  const endedMs = performance.now() - startMs
  console.log(
    `${name}: answered after ${Math.round(answeredMs)} ms, both ends reset after ${Math.round(endedMs)} ms`,
  )
  expect(endedMs).toBeLessThan(3000)
  expect(await bystander()).toHaveProperty('text')
  await expectEvent(action, flows, endedMs)
}

/** The cut is on record, with its call and the time that it took; later than the ends by the way to the store. */
async function expectEvent(action: string, flows: number, endedMs: number): Promise<void> {
  const event = await until(`an event of ${action}`, async () => {
    const words = ['events', '--since', '1h', '--endpoint', made.endpoint, '--output', 'json']
    const { Events } = JSON.parse(await system.postern(...words)) as {
      Events: (Record<string, string> & { TookMs: number; FlowsEnded: number })[]
    }
    const last = Events.at(-1)
    return last && !told.has(last['RequestId'] ?? '') ? last : undefined
  })
  told.add(event['RequestId'] ?? '')
  expect(event).toMatchObject({ EndpointId: made.endpoint, ZoneId: zone, Action: action, FlowsEnded: flows })
  expect(Date.parse(event['CalledAt'] ?? '')).toBeLessThanOrEqual(Date.parse(event['KernelAt'] ?? ''))
  expect(Date.parse(event['KernelAt'] ?? '')).toBeLessThanOrEqual(Date.parse(event['EndedAt'] ?? ''))
  // A reset arrives a little before the program that caused it has ended.
  expect(event.TookMs).toBeLessThan(endedMs + 500)
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

test('a zone that is removed', async () => {
  const which = { EndpointId: made.endpoint, ZoneId: zone }
  await expectCut(
    'removed',
    'RemoveZoneFromVpcEndpoint',
    async () => {
      // The connection of the test before ends as well.
      ends++
      await consumer.call('Privatelink', 'RemoveZoneFromVpcEndpoint', which)
    },
    2,
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
