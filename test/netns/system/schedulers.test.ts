/** Consistent hashing seen by packets, one server at several ports, and checks that come and go. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ParamValues } from '../../../src/cli/client.ts'
import { inNetns } from '../../fixtures/command.ts'
import { until } from '../../fixtures/deployment.ts'
import {
  makeBalancer,
  makeGroup,
  makeInstance,
  makeVpc,
  makeVSwitch,
  type Consumer,
} from '../../fixtures/topology.ts'
import { Workload } from '../dataplane-world.ts'
import { inBackground, lineServer, statusServer } from './programs.ts'
import { startSystem, type System } from './system.ts'

const scope = new AsyncDisposableStack()
let system: System
let offer: Consumer
let client: Workload
let sources: readonly string[]

beforeAll(async () => {
  system = scope.use(await startSystem())
  const vpc = await makeVpc(system)
  const vswitch = await makeVSwitch(system, vpc, '10.0.0.0/22')
  const rules = [{ PortRange: '1/65535' }, { PortRange: '1/65535', IpProtocol: 'UDP' }]
  offer = { vpc, vswitch, group: await makeGroup(system, vpc, rules) }
  const id = await makeInstance(system, vswitch, offer.group, '')
  const { NetworkInterfaceSets } = await system.call('Ecs', 'DescribeNetworkInterfaces', { InstanceId: id })
  const [eni] = (
    NetworkInterfaceSets as {
      NetworkInterfaceSet: { NetworkInterfaceId: string; PrivateIpAddress: string }[]
    }
  ).NetworkInterfaceSet
  const { AssignedPrivateIpAddressesSet } = await system.call('Ecs', 'AssignPrivateIpAddresses', {
    NetworkInterfaceId: eni?.NetworkInterfaceId,
    SecondaryPrivateIpAddressCount: 9,
  })
  const { PrivateIpSet } = AssignedPrivateIpAddressesSet as { PrivateIpSet: { PrivateIpAddress: string[] } }
  sources = [eni?.PrivateIpAddress ?? '', ...PrivateIpSet.PrivateIpAddress]
  client = new Workload(system.netns(id), 'client')
  scope.defer(() => client.end())
})
afterAll(() => scope.disposeAsync())

const slb = (action: string, params: ParamValues) => system.call('Slb', action, params)

const makeServers = (userData: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => makeInstance(system, offer.vswitch, offer.group, userData)))

async function addressOf(LoadBalancerId: string): Promise<string> {
  return String((await slb('DescribeLoadBalancerAttribute', { LoadBalancerId }))['Address'])
}

/** A caller: an address and a port. */
type Flow = readonly [from: string, fromPort: number]

async function startDatagrams(servers: readonly string[], Scheduler: 'sch' | 'tch') {
  const LoadBalancerId = await makeBalancer(system, { ...offer, backends: servers })
  const listener = { LoadBalancerId, ListenerPort: 53 }
  const unchecked = { BackendServerPort: 53, HealthCheckSwitch: 'off' }
  await slb('CreateLoadBalancerUDPListener', { ...listener, ...unchecked, Scheduler })
  await slb('StartLoadBalancerListener', { ...listener, ListenerProtocol: 'udp' })
  const address = await addressOf(LoadBalancerId)
  return {
    balancer: LoadBalancerId,
    /** Who answers each flow, as if none of them had been there before. */
    async choices(flows: readonly Flow[]): Promise<readonly string[]> {
      await inNetns(system.netns(offer.vpc), 'conntrack', '-F')
      const names: string[] = []
      for (const [from, fromPort] of flows) {
        const options = { protocol: 'udp', from, fromPort } as const
        names.push((await client.call(address, 53, options)).split(' ')[0] ?? '')
      }
      return names
    },
  }
}

/** The share of the flows whose server is another one, and how many of them had the server that left. */
function moved(before: readonly string[], after: readonly string[], gone: string) {
  const other = before.filter((name, index) => after[index] !== name)
  return { count: other.length, needless: other.filter((name) => name !== gone).length }
}

test.each(['sch', 'tch'] as const)(
  '%s moves only the flows of the server that leaves',
  async (scheduler) => {
    const servers = await makeServers(lineServer('udp/53'), 4)
    const { balancer, choices } = await startDatagrams(servers, scheduler)
    const flows = sources.flatMap((from, index): Flow[] =>
      [0, 1, 2, 3].map((turn) => [from, 20_000 + index * 10 + turn]),
    )
    const before = await until('all to answer', async () => {
      const names = await choices(flows)
      return names.every((name) => servers.includes(name)) ? names : undefined
    })
    expect(await choices(flows)).toEqual(before)
    const ofSource = sources.map((_, index) => new Set(before.slice(index * 4, index * 4 + 4)).size)
    // By the source alone, or by its ports as well.
    if (scheduler === 'sch') expect(new Set(ofSource)).toEqual(new Set([1]))
    else expect(Math.max(...ofSource)).toBeGreaterThan(1)
    expect(new Set(before).size).toBeGreaterThan(1)

    const [gone = ''] = before
    const only = JSON.stringify([{ ServerId: gone, Weight: 100 }])
    await slb('RemoveBackendServers', { LoadBalancerId: balancer, BackendServers: only })
    const after = await choices(flows)
    expect(after).not.toContain(gone)
    const expected = before.filter((name) => name === gone).length
    expect(moved(before, after, gone)).toEqual({ count: expected, needless: 0 })
    await slb('AddBackendServers', { LoadBalancerId: balancer, BackendServers: only })
    expect(await choices(flows)).toEqual(before)
  },
  120_000,
)

test('one server is in a group at several ports, and each port is a backend of its own', async () => {
  const [server = '', other = ''] = await makeServers(lineServer('tcp/81', 'tcp/82'), 2)
  const LoadBalancerId = await makeBalancer(system, { ...offer, backends: [] })
  const inGroup = [81, 82].map((Port) => ({ ServerId: server, Port, Weight: 100 }))
  const { VServerGroupId } = await slb('CreateVServerGroup', {
    LoadBalancerId,
    BackendServers: JSON.stringify([...inGroup, { ServerId: other, Port: 82, Weight: 100 }]),
  })
  const listener = { LoadBalancerId, ListenerPort: 80 }
  await slb('SetLoadBalancerTCPListenerAttribute', {
    ...listener,
    VServerGroup: 'on',
    VServerGroupId: String(VServerGroupId),
    HealthCheckSwitch: 'off',
  })
  const address = await addressOf(LoadBalancerId)
  const counts = async () => {
    const names: string[] = []
    for (let turn = 0; turn < 6; turn++) names.push((await client.call(address, 80)).split(' ')[0] ?? '')
    return [server, other].map((id) => names.filter((name) => name === id).length)
  }
  await until('two of three turns', async () => (await counts()).join() === '4,2' || undefined)
  await slb('SetVServerGroupAttribute', {
    VServerGroupId: String(VServerGroupId),
    BackendServers: JSON.stringify([{ ServerId: server, Port: 81, Weight: 0 }]),
  })
  await until('half of the turns', async () => (await counts()).join() === '3,3' || undefined)
})

test('a check that comes and goes takes nobody out before its threshold, and without a check nothing is known', async () => {
  const [server = ''] = await makeServers(statusServer, 1)
  const listener = {
    HealthCheckType: 'http',
    HealthCheckURI: '/healthy',
    HealthCheckMethod: 'get',
    HealthCheckInterval: 1,
    HealthyThreshold: 2,
    UnhealthyThreshold: 3,
  }
  const LoadBalancerId = await makeBalancer(system, { ...offer, backends: [server], listener })
  const status = async () => {
    const { BackendServers } = await slb('DescribeHealthStatus', { LoadBalancerId, ListenerPort: 80 })
    const [one] = (BackendServers as { BackendServer: { ServerHealthStatus: string }[] }).BackendServer
    return one?.ServerHealthStatus ?? ''
  }
  await until('a normal server', async () => (await status()) === 'normal' || undefined)
  // Bad for a second and good for two, six times over: two checks in a row can fail, three cannot.
  const turns =
    'for turn in 1 2 3 4 5 6; do echo 503 >status; sleep 1; echo 200 >status; sleep 2; echo $turn; done'
  await system.run(server, inBackground('turns', ['sh', '-c', turns]))
  const seen = new Set<string>()
  await until('the turns', async () => {
    seen.add(await status())
    return (await system.home(server, 'turns')).includes('6') || undefined
  })
  expect(seen).toEqual(new Set(['normal']))
  await system.run(server, ['sh', '-c', 'echo 503 >status'])
  await until('an abnormal server', async () => (await status()) === 'abnormal' || undefined)
  await slb('SetLoadBalancerTCPListenerAttribute', {
    LoadBalancerId,
    ListenerPort: 80,
    HealthCheckSwitch: 'off',
  })
  await until('nothing known', async () => (await status()) === 'unavailable' || undefined)
  const address = await addressOf(LoadBalancerId)
  await until('the server', async () => (await client.call(address, 80)).startsWith(server) || undefined)
}, 120_000)
