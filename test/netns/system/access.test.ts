/** No accept, no wire: what the API says about access is true of packets at that moment. */
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
import { command } from '../../fixtures/command.ts'
import { Workload } from '../dataplane-world.ts'
import { beatCommand, lineServer } from './programs.ts'
import { connectionStatus, decide, refusal, startSystem, type System } from './system.ts'

const scope = new AsyncDisposableStack()
let system: System
let provider: Account
let consumer: Account
let service: string
let balancer: string
let client: string
let network: Consumer
let made: EndpointMade
/** Connects within a millisecond of being told to, which a command started for it could not. */
let prober: Workload

beforeAll(async () => {
  system = scope.use(await startSystem())
  provider = system
  consumer = await system.account('consumer')
  await openPrivatelink(consumer)
  const offer = await makeConsumer(provider)
  const backend = await makeInstance(provider, offer.vswitch, offer.group, lineServer('tcp/80'))
  balancer = await makeBalancer(provider, { ...offer, backends: [backend] })
  service = await makeService(provider, [{ balancer, zone }], false)
  network = await makeConsumer(consumer)
  client = await makeInstance(consumer, network.vswitch, network.group, '')
  prober = new Workload(system.netns(client), 'prober')
  scope.defer(() => prober.end())
})

afterAll(() => scope.disposeAsync())

const passes = async (address = made.address) => / /.test(await prober.knock(address, 80))

const privatelink = (account: Account, action: string, params: Record<string, string>) =>
  account.call('Privatelink', action, params)

test('who is not in the whitelist cannot even ask', async () => {
  expect(await refusal(makeEndpoint(consumer, service, network, ['Wait']))).toBe(
    'EndpointServiceNotAuthorized',
  )
  await privatelink(provider, 'AddUserToVpcEndpointService', { ServiceId: service, UserId: consumer.id })
  made = await makeEndpoint(consumer, service, network, ['Wait'])
})

test('before accept nothing passes, with Connected it does', async () => {
  expect(await connectionStatus(provider, service, made.endpoint)).toBe('Disconnected')
  expect(await passes()).toBe(false)
  await decide(provider, 'Enable', service, made.endpoint)
  expect(await passes()).toBe(true)
})

test('a deny resets the open connection, and Disconnected means that no new one passes', async () => {
  for (let round = 0; round < 3; round++) {
    const held = system.hold(client, beatCommand('held', made.address))
    await held.line(/^i-/)
    await decide(provider, 'Disable', service, made.endpoint)
    expect(await passes()).toBe(false)
    expect(await held.line(/^cut/)).toMatch(/Connection (reset by peer|refused)/)
    await decide(provider, 'Enable', service, made.endpoint)
    expect(await passes()).toBe(true)
  }
})

test('a zone that is cut by its own is cut alone', async () => {
  const which = { ServiceId: service, EndpointId: made.endpoint, ZoneId: zone }
  const zoneStatus = async () => {
    const answer = await privatelink(consumer, 'ListVpcEndpointZones', { EndpointId: made.endpoint })
    return (answer['Zones'] as { ZoneStatus: string }[])[0]?.ZoneStatus
  }
  await privatelink(provider, 'DisableVpcEndpointZoneConnection', which)
  await until('the zone to be cut', async () => (await zoneStatus()) === 'Disconnected' || undefined)
  expect(await passes()).toBe(false)
  await privatelink(provider, 'EnableVpcEndpointZoneConnection', which)
  await until('the zone to be back', async () => (await zoneStatus()) === 'Connected' || undefined)
  expect(await passes()).toBe(true)
})

test('a rule that was revoked admits no new connection after the answer, and ends open ones', async () => {
  const rule = { IpProtocol: 'TCP', PortRange: '1/65535', SourceCidrIp: '0.0.0.0/0' }
  const change = { SecurityGroupId: network.group, Permissions: [rule] }
  // The client is a member of the group, so inner access would let it in.
  await consumer.call('Ecs', 'ModifySecurityGroupPolicy', {
    SecurityGroupId: network.group,
    InnerAccessPolicy: 'Drop',
  })
  expect(await passes()).toBe(true)
  for (let round = 0; round < 3; round++) {
    const say = await prober.open(made.address, 80)
    await consumer.call('Ecs', 'RevokeSecurityGroup', change)
    expect(await passes()).toBe(false)
    expect(await say()).toHaveProperty('error')
    await consumer.call('Ecs', 'AuthorizeSecurityGroup', change)
    expect(await passes()).toBe(true)
  }
})

test('a security group counts for an endpoint from Attached on, and not after it is detached', async () => {
  const SecurityGroupId = await makeGroup(consumer, network.vpc, [{ PortRange: '80/80', Policy: 'drop' }])
  const which = { EndpointId: made.endpoint, SecurityGroupId }
  const idle = () =>
    until('the endpoint to be idle', async () => {
      const answer = await privatelink(consumer, 'GetVpcEndpointAttribute', { EndpointId: made.endpoint })
      return answer['EndpointStatus'] === 'Active' || undefined
    })
  await privatelink(consumer, 'AttachSecurityGroupToVpcEndpoint', which)
  await idle()
  expect(await passes()).toBe(false)
  await privatelink(consumer, 'DetachSecurityGroupFromVpcEndpoint', which)
  await idle()
  expect(await passes()).toBe(true)
})

test('a listener that is stopped takes nothing', async () => {
  const which = { LoadBalancerId: balancer, ListenerPort: 80 }
  const settled = (status: string) =>
    until(`the listener to be ${status}`, async () => {
      const answer = await provider.call('Slb', 'DescribeLoadBalancerTCPListenerAttribute', which)
      return answer['Status'] === status || undefined
    })
  await provider.call('Slb', 'StopLoadBalancerListener', which)
  await settled('stopped')
  expect(await passes()).toBe(false)
  await provider.call('Slb', 'StartLoadBalancerListener', which)
  await settled('running')
  expect(await passes()).toBe(true)
})

test('out of the whitelist, an account keeps what it has and gets nothing more', async () => {
  await privatelink(provider, 'RemoveUserFromVpcEndpointService', { ServiceId: service, UserId: consumer.id })
  expect(await refusal(makeEndpoint(consumer, service, network, ['Wait']))).toBe(
    'EndpointServiceNotAuthorized',
  )
  expect(await passes()).toBe(true)
})

test('a deleted endpoint is gone from the kernel when it is gone from the API', async () => {
  const EndpointId = made.endpoint
  const wires = async () => await command('ip', '-n', system.netns(network.vpc), '-o', 'link')
  expect(await wires()).toContain('cw-')
  await privatelink(consumer, 'RemoveZoneFromVpcEndpoint', { EndpointId, ZoneId: zone })
  await until('the zone to be gone', async () => {
    const answer = await privatelink(consumer, 'ListVpcEndpointZones', { EndpointId })
    return (answer['Zones'] as unknown[]).length === 0 || undefined
  })
  expect(await wires()).not.toContain('cw-')
  expect(await passes()).toBe(false)
  await privatelink(consumer, 'DeleteVpcEndpoint', { EndpointId })
  await until('the endpoint to be gone', async () => {
    const code = await refusal(privatelink(consumer, 'GetVpcEndpointAttribute', { EndpointId }))
    return code === 'EndpointNotFound' || undefined
  })
})
