/** The flow log: what each side is told of every flow that ends, and that it is told nothing of the other side. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { execProgram, inside, output } from '../../../src/dataplane/exec.ts'
import type { FlowRecord } from '../../../src/flowlog/records.ts'
import type { ParamValues } from '../../../src/cli/client.ts'
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
import {
  burstCommand,
  echoCommand,
  echoServer,
  endCommand,
  endServer,
  headerServer,
  inBackground,
  together,
  tryCommand,
  webServerAt,
} from './programs.ts'
import { decide, startSystem, type System } from './system.ts'

const scope = new AsyncDisposableStack()
/** The same in both consumers' VPCs. */
const clientAddress = '10.0.2.60'
const serverAddress = '10.0.1.50'
/** Of a proxy's listener, and of one that sends PROXY headers. */
const httpPort = 8080
const relayPort = 8081
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
  await forgetSoon(providerVpc)
  const all = together(echoServer(5000), headerServer(9000), webServerAt(8000), endServer)
  server = await makeInstance(system, offer.vswitch, offer.group, all, serverAddress)
  const balancer = await makeBalancer(system, { ...offer, backends: [server], address: '10.0.1.40' })
  const listener = { LoadBalancerId: balancer, ListenerPort: 5000 }
  const datagrams = { ...listener, BackendServerPort: 5000, HealthCheckSwitch: 'off' }
  await system.call('Slb', 'CreateLoadBalancerUDPListener', datagrams)
  await system.call('Slb', 'StartLoadBalancerListener', listener)
  await listen(balancer, 'HTTP', httpPort, {
    BackendServerPort: 8000,
    StickySession: 'off',
    HealthCheck: 'off',
  })
  await listen(balancer, 'TCP', relayPort, { BackendServerPort: 9000, ProxyProtocolV2Enabled: true })
  service = await makeService(system, [{ balancer, zone }], true)
  here = await makeSide('here')
  there = await makeSide('there')
}, 180_000)

afterAll(() => scope.disposeAsync())

async function listen(balancer: string, protocol: string, port: number, params: ParamValues): Promise<void> {
  const listener = { LoadBalancerId: balancer, ListenerPort: port }
  await system.call('Slb', `CreateLoadBalancer${protocol}Listener`, { ...listener, ...params })
  await system.call('Slb', 'StartLoadBalancerListener', listener)
}

async function makeSide(name: string): Promise<Side> {
  const account = await system.account(name)
  await openPrivatelink(account)
  await system.call('Privatelink', 'AddUserToVpcEndpointService', { ServiceId: service, UserId: account.id })
  const network = await makeConsumer(account)
  await forgetSoon(network.vpc)
  const client = await makeInstance(account, network.vswitch, network.group, '', clientAddress)
  const group = await makeGroup(account, network.vpc, [
    { PortRange: '80/82' },
    { PortRange: `${httpPort}/${relayPort}` },
    { IpProtocol: 'UDP', PortRange: '5000/5000' },
  ])
  const made = await makeEndpoint(account, service, { ...network, group }, ['Connected'])
  return { account, network: { ...network, group }, client, made }
}

const namespaces = () => [providerVpc, here.network.vpc, there.network.vpc].map(system.netns)

/** Of datagrams the kernel would wait for more for two minutes, and remember a reset for ten seconds. */
async function forgetSoon(vpc: string): Promise<void> {
  await forgetAfter(vpc, 1, ['udp_timeout', 'udp_timeout_stream', 'tcp_timeout_close'])
}

async function forgetAfter(vpc: string, seconds: number, names: readonly string[]): Promise<void> {
  const soon = names.map((name) => `net.netfilter.nf_conntrack_${name}=${seconds}`)
  await output(execProgram, inside(system.netns(vpc), ['sysctl', '-qw', ...soon]))
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

/** Says something, reads an answer, prints its own port, and resets: of that the kernel forgets the flow soon. */
const talk = String.raw`
  use strict; use IO::Socket::INET; use Socket;
  my ($host, $port, $words) = @ARGV;
  my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Timeout => 5) or die $!;
  syswrite $socket, $words;
  sysread $socket, my $answer, 2048;
  print $socket->sockport;
  setsockopt $socket, SOL_SOCKET, SO_LINGER, pack "ii", 1, 0;
`

async function talkFrom({ client, made }: Side, words = 'x'.repeat(1000), to = 80): Promise<number> {
  const { stdout } = await system.run(client, ['perl', '-e', talk, made.address, String(to), words])
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

test('of an HTTP listener and of one with PROXY headers, each side is told its own half, once', async () => {
  const before = await carried(here)
  const request = 'GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n'
  const byProxy = await until('the proxy', async () => (await talkFrom(here, request, httpPort)) || undefined)
  const amounts = more(await carried(here), before)
  const byRelay = await until(
    'the relay',
    async () => (await talkFrom(here, 'hello', relayPort)) || undefined,
  )
  const consumer = await told('the flow', here.account, ({ SourcePort }) => SourcePort === byProxy)
  expect(consumer).toMatchObject({ SourceInstanceId: here.client, Port: httpPort, Result: 'reset' })
  expect(consumer).toMatchObject(amounts)
  const provider = await told('the flow', system, ({ Port }) => Port === httpPort)
  expect(provider).toMatchObject({ EndpointId: here.made.endpoint, ...amounts, Result: 'reset' })
  // Each request may go to another server.
  for (const name of ['BackendServerId', 'BackendAddress', 'BackendPort'])
    expect(provider).not.toHaveProperty(name)

  const called = await told('the flow', here.account, ({ SourcePort }) => SourcePort === byRelay)
  expect(called).toMatchObject({ EndpointAddress: here.made.address, Port: relayPort, Result: 'reset' })
  const arrived = await told('the flow', system, ({ Port }) => Port === relayPort)
  expect(arrived).toMatchObject({ BackendServerId: server, BackendPort: 9000, Result: 'reset' })
  // The header that was put before what the client said.
  expect(arrived.InBytes).toBeGreaterThan((called.InBytes ?? Infinity) + 28)

  for (const account of [here.account, system]) {
    const ports = (await logOf(account)).map(({ Port }) => Port).filter((port) => (port ?? 0) >= httpPort)
    expect(new Set(ports)).toEqual(new Set([httpPort, relayPort]))
    expect(ports).toHaveLength(2)
  }
})

test('datagrams over a consumer’s limit have their reason, for both sides', async () => {
  await system.postern('limit', 'set', here.account.id, '3')
  await until('the limit to be in the kernel', () => ready(system))
  // Usually 30 s: what was dropped is looked at before the flow is forgotten.
  await forgetAfter(here.network.vpc, 12, ['udp_timeout'])
  await system.run(here.client, burstCommand(here.made.address, 5000, 61_000, 8))
  const records = await until('all of them', async () => {
    const found = (await logOf(here.account)).filter(
      ({ Protocol, SourcePort = 0 }) => Protocol === 'udp' && SourcePort >= 61_000,
    )
    return found.length === 8 ? found : undefined
  })
  const passed = records.filter(({ Result }) => Result === 'ended')
  expect(passed.length).toBeGreaterThan(0)
  expect(passed.length).toBeLessThanOrEqual(3)
  const others = records.filter((one) => !passed.includes(one))
  for (const record of others) expect(record).toMatchObject({ Result: 'dropped', Reason: 'consumer-limit' })
  const attempts = await told('the drops', system, ({ Reason }) => Reason === 'consumer-limit')
  expect(attempts).toMatchObject({ EndpointId: here.made.endpoint, Protocol: 'udp', Port: 5000 })
  expect(attempts.Attempts).toBe(others.length)
  await system.postern('limit', 'set', here.account.id, 'none')
  await until('the limit to be out of the kernel', () => ready(system))
  await forgetSoon(here.network.vpc)
})

test('of a burst of more flows than are told, the others are counted as lost', async () => {
  const flows = 8000
  const startMs = Date.now()
  await system.run(here.client, burstCommand(here.made.address, 5000, 20_000, flows))
  for (const account of [here.account, system]) {
    const { told: count, lost } = await until('all flows to be told or counted', async () => {
      await logOf(account)
      const file = join(system.state, 'agent', 'flow-log', account.id, 'current.jsonl')
      const records = (await readFile(file, 'utf8'))
        .split('\n')
        .filter((line) => line.endsWith('}'))
        .map((line) => JSON.parse(line) as FlowRecord)
        .filter(({ EndTime }) => Date.parse(EndTime) >= startMs)
      const datagrams = records.filter(({ Port, Lost }) => Port === 5000 && Lost === undefined)
      const seen = {
        told: datagrams.length,
        lost: records.reduce((sum, { Lost = 0 }) => sum + Lost, 0),
      }
      return seen.told + seen.lost >= flows ? seen : undefined
    })
    expect(count).toBeGreaterThanOrEqual(5000)
    expect(lost).toBeGreaterThan(0)
    expect(count + lost).toBe(flows)
  }
  const printed = await system.postern('flows', '--account', here.account.id, '--side', 'consumer')
  expect(printed).toContain('lost')
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
  const port = await talkFrom(there, 'x'.repeat(2000))
  const record = await told('the flow', there.account, ({ SourcePort }) => SourcePort === port)
  expect(record).toMatchObject({ SourceAddress: clientAddress, SourceInstanceId: there.client })
  for (const { account, made } of [here, there]) {
    const endpoints = new Set((await logOf(account)).flatMap(({ EndpointId }) => EndpointId ?? []))
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
  const command = inside(system.netns(there.client), [
    'perl',
    '-e',
    talk,
    there.made.address,
    '80',
    'x'.repeat(3000),
  ])
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

  await there.account.call('Privatelink', 'RemoveZoneFromVpcEndpoint', {
    EndpointId: there.made.endpoint,
    ZoneId: zone,
  })
  for (const account of [there.account, system]) {
    const cut = await told('the open flow', account, ({ Reason }) => Reason === 'zone-removed')
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
