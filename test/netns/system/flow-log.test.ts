/** The flow log: what each side is told of every flow that ends, and that it is told nothing of the other side. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { execProgram, inside, output } from '../../../src/dataplane/exec.ts'
import type { FlowRecord } from '../../../src/flowlog/records.ts'
import { until, type Account } from '../../fixtures/deployment.ts'
import { crash, ready } from '../../fixtures/restart.ts'
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
import { echoCommand, echoServer, endCommand, endServer, inBackground, tryCommand } from './programs.ts'
import { decide, startSystem, type System } from './system.ts'

const scope = new AsyncDisposableStack()
/** The same in both consumers' VPCs. */
const clientAddress = '10.0.2.60'
const serverAddress = '10.0.1.50'
let system: System
let providerVpc: string
let service: string
let server: string

interface Side {
  readonly account: Account
  readonly network: Consumer
  readonly client: string
  readonly made: EndpointMade
}
let here: Side
let there: Side

beforeAll(async () => {
  system = scope.use(await startSystem())
  const offer = await makeConsumer(system)
  providerVpc = offer.vpc
  const datagramServer = echoServer(5000).replace('exec perl', 'perl').trimEnd()
  const both = `${datagramServer} &\n${endServer.replace('#!/bin/sh\n', '')}`
  server = await makeInstance(system, offer.vswitch, offer.group, both, serverAddress)
  const balancer = await makeBalancer(system, { ...offer, backends: [server], address: '10.0.1.40' })
  const listener = { LoadBalancerId: balancer, ListenerPort: 5000 }
  const datagrams = { ...listener, BackendServerPort: 5000, HealthCheckSwitch: 'off' }
  await system.call('Slb', 'CreateLoadBalancerUDPListener', datagrams)
  await system.call('Slb', 'StartLoadBalancerListener', listener)
  service = await makeService(system, [{ balancer, zone }], true)
  here = await makeSide('here')
  there = await makeSide('there')
  await forgetSoon()
}, 180_000)

afterAll(() => scope.disposeAsync())

async function makeSide(name: string): Promise<Side> {
  const account = await system.account(name)
  await openPrivatelink(account)
  await system.call('Privatelink', 'AddUserToVpcEndpointService', { ServiceId: service, UserId: account.id })
  const network = await makeConsumer(account)
  const client = await makeInstance(account, network.vswitch, network.group, '', clientAddress)
  const group = await makeGroup(account, network.vpc, [
    { PortRange: '80/82' },
    { IpProtocol: 'UDP', PortRange: '5000/5000' },
  ])
  const made = await makeEndpoint(account, service, { ...network, group }, ['Connected'])
  return { account, network: { ...network, group }, client, made }
}

const namespaces = () => [providerVpc, here.network.vpc, there.network.vpc].map(system.netns)

/** Of datagrams the kernel would wait for more for two minutes. */
async function forgetSoon(): Promise<void> {
  const soon = ['udp_timeout', 'udp_timeout_stream'].map((name) => `net.netfilter.nf_conntrack_${name}=1`)
  for (const netns of namespaces()) await output(execProgram, inside(netns, ['sysctl', '-qw', ...soon]))
}

async function logOf(account: Account, ...words: readonly string[]): Promise<readonly FlowRecord[]> {
  // A listing makes the kernel look for what is over.
  for (const netns of namespaces()) await output(execProgram, inside(netns, ['conntrack', '-L']))
  const given = ['flows', '--account', account.id, '--output', 'json', ...words]
  const { Flows } = JSON.parse(await system.postern(...given)) as { Flows: readonly FlowRecord[] }
  return Flows
}

function told(what: string, account: Account, wanted: (record: FlowRecord) => boolean): Promise<FlowRecord> {
  return until(what, async () => (await logOf(account)).find(wanted))
}

/** What a wire's device in the consumer's VPC has carried, without the headers of Ethernet. */
async function carried({ network }: Side) {
  const netns = system.netns(network.vpc)
  const links = JSON.parse(await output(execProgram, ['ip', '-j', '-s', '-n', netns, 'link'])) as {
    ifname: string
    stats64: Record<'rx' | 'tx', { bytes: number; packets: number }>
  }[]
  const wire = links.find(({ ifname }) => ifname.startsWith('cw-'))
  if (!wire) throw new Error('no wire')
  const { rx, tx } = wire.stats64
  return {
    InBytes: tx.bytes - 14 * tx.packets,
    InPackets: tx.packets,
    OutBytes: rx.bytes - 14 * rx.packets,
    OutPackets: rx.packets,
  }
}

type Amounts = Awaited<ReturnType<typeof carried>>
const more = (after: Amounts, before: Amounts) => ({
  InBytes: after.InBytes - before.InBytes,
  InPackets: after.InPackets - before.InPackets,
  OutBytes: after.OutBytes - before.OutBytes,
  OutPackets: after.OutPackets - before.OutPackets,
})

/** Sends so many bytes, reads an answer, prints its own port, and resets: of that the kernel forgets the flow after ten seconds. */
const talk = String.raw`
  use strict; use IO::Socket::INET; use Socket;
  my ($host, $bytes) = @ARGV;
  my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => 80, Timeout => 5) or die $!;
  syswrite $socket, "x" x $bytes;
  sysread $socket, my $answer, 2048;
  print $socket->sockport;
  setsockopt $socket, SOL_SOCKET, SO_LINGER, pack "ii", 1, 0;
`

async function talkFrom({ client, made }: Side, bytes = 1000): Promise<number> {
  const { stdout } = await system.run(client, ['perl', '-e', talk, made.address, String(bytes)])
  return Number(stdout)
}

test('a connection is told to both sides, with exactly what went over the wire', async () => {
  const before = await carried(here)
  const startMs = Date.now()
  const port = await talkFrom(here)
  const consumer = await told('the flow', here.account, ({ SourcePort }) => SourcePort === port)
  const amounts = more(await carried(here), before)
  expect(consumer).toEqual({
    Side: 'consumer',
    StartTime: expect.any(String),
    EndTime: expect.any(String),
    SourceAddress: clientAddress,
    SourceInstanceId: here.client,
    SourceEniId: expect.stringMatching(/^eni-/),
    SourcePort: port,
    EndpointId: here.made.endpoint,
    ZoneId: zone,
    ServiceName: `com.aliyuncs.privatelink.eu-central-1.${service}`,
    EndpointAddress: here.made.address,
    Protocol: 'tcp',
    Port: 80,
    ...amounts,
    Result: 'reset',
  })
  expect(amounts.InBytes).toBeGreaterThan(1000)
  expect(Math.abs(Date.parse(consumer.StartTime) - startMs)).toBeLessThan(5000)
  const provider = await told('the flow', system, ({ InBytes }) => InBytes === amounts.InBytes)
  expect(provider).toEqual({
    Side: 'provider',
    StartTime: expect.any(String),
    EndTime: expect.any(String),
    EndpointId: here.made.endpoint,
    ZoneId: zone,
    ServiceId: service,
    ServiceName: `com.aliyuncs.privatelink.eu-central-1.${service}`,
    ResourceId: expect.stringMatching(/^lb-/),
    SourceAddress: expect.stringMatching(/^100\./),
    SourcePort: expect.any(Number),
    Protocol: 'tcp',
    Port: 80,
    BackendServerId: server,
    BackendAddress: serverAddress,
    BackendPort: 80,
    ...amounts,
    Result: 'reset',
  })
})

test('datagrams are counted to the byte', async () => {
  await system.run(here.client, echoCommand(here.made.address, 5000, ['100', '200', '300']))
  for (const account of [here.account, system]) {
    const record = await told('the datagrams', account, ({ Protocol }) => Protocol === 'udp')
    const bytes = 600 + 3 * 28
    expect(record).toMatchObject({
      InPackets: 3,
      InBytes: bytes,
      OutPackets: 3,
      OutBytes: bytes,
      Result: 'ended',
    })
  }
})

test('what is forbidden, and what nobody serves, has its reason', async () => {
  const targets = [81, 82, 90].map((port) => `tcp/${here.made.address}/${port}`)
  await system.run(here.client, tryCommand(targets))
  const forbidden = await told('the forbidden attempt', here.account, ({ Port }) => Port === 90)
  expect(forbidden).toMatchObject({
    SourceInstanceId: here.client,
    EndpointId: here.made.endpoint,
    Result: 'dropped',
    Reason: 'security-group',
  })
  expect(forbidden.Attempts).toBeGreaterThan(0)
  const unserved = await told('the unserved flow', here.account, ({ Port }) => Port === 81)
  expect(unserved).toMatchObject({ InPackets: 1, OutPackets: 1, Result: 'refused', Reason: 'no-listener' })
  const attempts = await told('the unserved attempt', system, ({ Port }) => Port === 82)
  expect(attempts).toMatchObject({ EndpointId: here.made.endpoint, Result: 'refused', Reason: 'no-listener' })
  expect((await logOf(system)).filter(({ Port }) => Port === 90)).toEqual([])
})

test('two consumers with the same addresses are told of their own flows only', async () => {
  const port = await talkFrom(there, 2000)
  const record = await told('the flow', there.account, ({ SourcePort }) => SourcePort === port)
  expect(record).toMatchObject({ SourceAddress: clientAddress, SourceInstanceId: there.client })
  for (const { account, made } of [here, there]) {
    const endpoints = new Set((await logOf(account)).map(({ EndpointId }) => EndpointId))
    expect([...endpoints]).toEqual([made.endpoint])
  }
  const isOfThere = ({ EndpointId }: FlowRecord) => EndpointId === there.made.endpoint
  expect(await told('the flow', system, isOfThere)).toMatchObject({ InBytes: record.InBytes })
  expect(await logOf(system, '--endpoint', there.made.endpoint)).toHaveLength(1)
})

/** An open connection that says nothing, of which both sides are told as it is cut. */
async function expectCut(name: string, reason: string, cut: () => Promise<unknown>): Promise<void> {
  await system.run(here.client, inBackground(name, endCommand(here.made.address)))
  await until('the connection', async () => {
    const text = await system.home(here.client, name).catch(() => '')
    return text.includes('\n') || undefined
  })
  await cut()
  for (const account of [here.account, system]) {
    const record = await told(
      `a cut by ${reason}`,
      account,
      (one) => one.Reason === reason && one.Result === 'cut',
    )
    expect(record).toMatchObject({ EndpointId: here.made.endpoint, Port: 80 })
    expect(record.InBytes).toBeGreaterThan(0)
  }
}

const zoneOf = () => ({ ServiceId: service, EndpointId: here.made.endpoint, ZoneId: zone })

test('a flow that is cut has its cause: a denial, a zone, a security group', async () => {
  await expectCut('deny', 'connection-denied', () => decide(system, 'Disable', service, here.made.endpoint))
  await decide(system, 'Enable', service, here.made.endpoint)
  await expectCut('zone', 'zone-disabled', () =>
    system.call('Privatelink', 'DisableVpcEndpointZoneConnection', zoneOf()),
  )
  await zoneIs('Disconnected')
  await system.run(here.client, tryCommand([`tcp/${here.made.address}/80`]))
  const attempt = await told('the attempt', here.account, ({ Reason }) => Reason === 'not-connected')
  expect(attempt).toMatchObject({ Port: 80, Result: 'refused' })
  await system.call('Privatelink', 'EnableVpcEndpointZoneConnection', zoneOf())
  await zoneIs('Connected')
  const rule = { IpProtocol: 'TCP', PortRange: '80/82', SourceCidrIp: '0.0.0.0/0' }
  const change = { SecurityGroupId: here.network.group, Permissions: [rule] }
  await expectCut('group', 'security-group', () => here.account.call('Ecs', 'RevokeSecurityGroup', change))
  await here.account.call('Ecs', 'AuthorizeSecurityGroup', change)
})

async function zoneIs(status: string): Promise<void> {
  await until(`the zone to be ${status}`, async () => {
    const which = { EndpointId: here.made.endpoint }
    const answer = await here.account.call('Privatelink', 'ListVpcEndpointZones', which)
    return (answer['Zones'] as { ZoneStatus: string }[])[0]?.ZoneStatus === status || undefined
  })
}

test('what ends while the agent is dead is told by the next one, and what stays open when it ends', async () => {
  await system.run(there.client, inBackground('open', endCommand(there.made.address)))
  const connected = await until('the connection', async () => {
    const text = await system.home(there.client, 'open').catch(() => '')
    return text.includes('\n') || undefined
  })
  expect(connected).toBe(true)
  const command = inside(system.netns(there.client), ['perl', '-e', talk, there.made.address, '3000'])
  await crash(system, 'agent')
  const killedAtMs = Date.now()
  const port = Number(await output(execProgram, command))
  await until('the kernel to forget the flow', async () => {
    const texts = await Promise.all(
      namespaces().map((netns) => output(execProgram, inside(netns, ['conntrack', '-L']))),
    )
    return texts.some((text) => text.includes(`sport=${port} `)) ? undefined : true
  })
  expect((await logOf(there.account)).filter(({ SourcePort }) => SourcePort === port)).toEqual([])
  await system.postern('up')
  await until('the agent to be ready', () => ready(system))
  const ended = await told('the flow of that time', there.account, ({ SourcePort }) => SourcePort === port)
  expect(ended).toMatchObject({ SourceInstanceId: there.client, Result: 'reset' })
  expect(Date.parse(ended.StartTime)).toBeGreaterThan(killedAtMs - 1000)

  await there.account.call('Privatelink', 'DeleteVpcEndpoint', { EndpointId: there.made.endpoint })
  for (const account of [there.account, system]) {
    const cut = await told('the open flow', account, ({ Reason }) => Reason === 'endpoint-deleted')
    expect(cut).toMatchObject({ EndpointId: there.made.endpoint, Result: 'cut' })
    expect(Date.parse(cut.StartTime)).toBeLessThan(killedAtMs)
  }
})

test('no side is told an address of the other', async () => {
  for (const { account } of [here, there]) {
    const text = JSON.stringify(await logOf(account))
    for (const hidden of ['"100.', serverAddress, server, providerVpc, '10.0.1.40', '"lb-', 'provider']) {
      expect(text).not.toContain(hidden)
    }
  }
  const text = JSON.stringify(await logOf(system))
  const hidden = [here, there].flatMap(({ client, made, network }) => [client, made.address, network.vpc])
  for (const one of [clientAddress, ...hidden, 'SourceEniId', '"consumer"']) expect(text).not.toContain(one)
})
