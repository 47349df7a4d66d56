/** Secondary interfaces and prefix lists, in packets: what the API says of them is so at that moment. */
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until, type Account } from '../../fixtures/deployment.ts'
import { makeGroup, makeInstance, makeVpc, makeVSwitch } from '../../fixtures/topology.ts'
import { command } from '../../fixtures/command.ts'
import { Workload } from '../dataplane-world.ts'
import { lineServer } from './programs.ts'
import { startSystem, type System } from './system.ts'

const scope = new AsyncDisposableStack()
let system: System
let account: Account
let server: string
let prober: Workload
/** Of the client, and the group that the secondary interface is in. */
let client: string
let group: string
let outsideGroup: string
let vswitch: string
let vpc: string
/** Of the server's first interface. */
let firstGroup: string
let list: string
let eni: string
let address: string

beforeAll(async () => {
  system = scope.use(await startSystem())
  account = system
  vpc = await makeVpc(account)
  vswitch = await makeVSwitch(account, vpc, '10.0.0.0/24')
  const other = await makeVSwitch(account, vpc, '10.0.1.0/24')
  firstGroup = await makeGroup(account, vpc)
  group = await makeGroup(account, vpc)
  server = await makeInstance(account, vswitch, firstGroup, lineServer('tcp/80'))
  client = '10.0.1.10'
  outsideGroup = await makeGroup(account, vpc)
  const outside = await makeInstance(account, other, outsideGroup, '', client)
  const made = await ecs('CreateNetworkInterface', { VSwitchId: other, SecurityGroupId: group })
  eni = String(made['NetworkInterfaceId'])
  address = String(made['PrivateIpAddress'])
  list = String(
    (await ecs('CreatePrefixList', { PrefixListName: 'clients', AddressFamily: 'IPv4', MaxEntries: 5 }))[
      'PrefixListId'
    ],
  )
  prober = new Workload(system.netns(outside), 'prober')
  scope.defer(() => prober.end())
})

afterAll(() => scope.disposeAsync())

const ecs = (action: string, params: Readonly<Record<string, unknown>>) =>
  account.call('Ecs', action, params as Parameters<Account['call']>[2])
const passes = async () => / /.test(await prober.knock(address, 80))

async function status(wanted: string): Promise<void> {
  await until(`the interface to be ${wanted}`, async () => {
    const { Status } = await ecs('DescribeNetworkInterfaceAttribute', { NetworkInterfaceId: eni })
    return Status === wanted || undefined
  })
}

async function devices(): Promise<readonly string[]> {
  const text = await command('ip', '-n', system.netns(server), '-br', 'link')
  return [...text.matchAll(/^(eth\d+)/gm)].map(([, name]) => name ?? '').toSorted()
}

test('an interface comes to a running instance and answers at its own address, by its own groups', async () => {
  await ecs('AttachNetworkInterface', { NetworkInterfaceId: eni, InstanceId: server })
  await status('InUse')
  expect(await devices()).toEqual(['eth0', 'eth1'])
  expect(await passes()).toBe(false)
  const rule = { IpProtocol: 'TCP', PortRange: '80/80', SourcePrefixListId: list }
  await ecs('AuthorizeSecurityGroup', { SecurityGroupId: group, Permissions: [rule] })
  expect(await passes()).toBe(false)
})

test('a rule about a prefix list admits what the list holds at that moment', async () => {
  const change = (params: object) => ecs('ModifyPrefixList', { PrefixListId: list, ...params })
  await change({ AddEntry: [{ Cidr: '10.0.1.0/24' }, { Cidr: `${client}/32` }, { Cidr: '10.0.2.0/24' }] })
  expect(await passes()).toBe(true)
  for (let round = 0; round < 3; round++) {
    await change({ RemoveEntry: [{ Cidr: '10.0.1.0/24' }, { Cidr: `${client}/32` }] })
    expect(await passes()).toBe(false)
    await change({ AddEntry: [{ Cidr: `${client}/32` }] })
    expect(await passes()).toBe(true)
  }
})

test('the interface leaves while the instance runs, and comes back with the same address', async () => {
  const which = { NetworkInterfaceId: eni, InstanceId: server }
  for (let round = 0; round < 2; round++) {
    await ecs('DetachNetworkInterface', which)
    await status('Available')
    expect(await devices()).toEqual(['eth0'])
    expect(await passes()).toBe(false)
    await ecs('AttachNetworkInterface', which)
    await status('InUse')
    expect(await passes()).toBe(true)
  }
})

test('a further address answers as the first one does, in both directions, until it is taken away', async () => {
  const assigned = await ecs('AssignPrivateIpAddresses', {
    NetworkInterfaceId: eni,
    SecondaryPrivateIpAddressCount: 2,
  })
  const { PrivateIpSet } = assigned['AssignedPrivateIpAddressesSet'] as {
    PrivateIpSet: { PrivateIpAddress: string[] }
  }
  const [kept = '', gone = ''] = PrivateIpSet.PrivateIpAddress
  const answers = async (at: string) => / /.test(await prober.knock(at, 80))
  expect([await answers(kept), await answers(gone), await passes()]).toEqual([true, true, true])
  const local = new Workload(system.netns(server), 'local')
  await using _ = { [Symbol.asyncDispose]: () => local.end() }
  await prober.serve(8080)
  const inbound = { IpProtocol: 'TCP', PortRange: '8080/8080', SourceCidrIp: `${kept}/32` }
  await ecs('AuthorizeSecurityGroup', { SecurityGroupId: outsideGroup, Permissions: [inbound] })
  expect(await local.call(client, 8080, { from: kept })).toBe(`prober ${kept}`)
  expect(await local.knock(client, 8080, { from: gone })).toBe('timeout')
  await ecs('UnassignPrivateIpAddresses', { NetworkInterfaceId: eni, PrivateIpAddress: [gone] })
  expect([await answers(kept), await answers(gone), await passes()]).toEqual([true, false, true])
})

const is = (wanted: string) =>
  until(`the instance to be ${wanted}`, async () => {
    const answer = await ecs('DescribeInstanceStatus', { InstanceId: [server] })
    const [found] = (answer['InstanceStatuses'] as { InstanceStatus: { Status: string }[] }).InstanceStatus
    return found?.Status === wanted || undefined
  })

test('stopped and started, the instance has it again', async () => {
  await ecs('StopInstance', { InstanceId: server })
  await is('Stopped')
  expect(await passes()).toBe(false)
  await ecs('StartInstance', { InstanceId: server })
  await is('Running')
  await until('the server to answer', async () => (await passes()) || undefined)
})

test('one that was created runs nothing before its first start', async () => {
  const made = await ecs('CreateInstance', {
    ImageId: 'postern_sandbox',
    InstanceType: 'ecs.t5-lc1m1.small',
    VSwitchId: vswitch,
    SecurityGroupId: group,
    UserData: Buffer.from(lineServer('tcp/80')).toString('base64'),
    PrivateIpAddress: '10.0.0.88',
  })
  const InstanceId = String(made['InstanceId'])
  const answers = async () => / /.test(await prober.call('10.0.0.88', 80))
  await until('its network', () =>
    Promise.resolve(existsSync(`/run/netns/${system.netns(InstanceId)}`) || undefined),
  )
  expect(await answers()).toBe(false)
  await ecs('StartInstance', { InstanceId })
  await until('the new server to answer', async () => (await answers()) || undefined)
  await ecs('DeleteInstance', { InstanceId, Force: true })
})

test('stopped, it moves to another vSwitch, and answers there alone when it is started', async () => {
  const rule = { IpProtocol: 'TCP', PortRange: '80/80', SourceCidrIp: `${client}/32` }
  await ecs('AuthorizeSecurityGroup', { SecurityGroupId: firstGroup, Permissions: [rule] })
  const { Instances } = await ecs('DescribeInstances', { InstanceIds: JSON.stringify([server]) })
  const [shown] = (
    Instances as { Instance: { VpcAttributes: { PrivateIpAddress: { IpAddress: string[] } } }[] }
  ).Instance
  const [before = ''] = shown?.VpcAttributes.PrivateIpAddress.IpAddress ?? []
  const answers = async (at: string) => / /.test(await prober.call(at, 80))
  expect(await answers(before)).toBe(true)
  const third = await makeVSwitch(account, vpc, '10.0.2.0/24')
  await ecs('StopInstance', { InstanceId: server })
  await is('Stopped')
  const place = { InstanceId: server, VSwitchId: third, PrivateIpAddress: '10.0.2.77' }
  await ecs('ModifyInstanceVpcAttribute', place)
  await ecs('StartInstance', { InstanceId: server })
  await is('Running')
  await until('the server to answer there', async () => (await answers('10.0.2.77')) || undefined)
  expect(await answers(before)).toBe(false)
  expect(await command('ip', '-n', system.netns(server), '-4', '-br', 'address', 'show', 'eth0')).toContain(
    '10.0.2.77/24',
  )
})
