/** NLBs behind endpoints in two zones, and the PROXY headers their servers read. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  makeAnyPortGroup,
  makeEndpointIn,
  makeGroup,
  makeInstance,
  makeNlb,
  makeService,
  makeVpc,
  makeVSwitch,
  untilDone,
  zone,
} from '../../fixtures/topology.ts'
import type { ParamValues } from '../../../src/cli/client.ts'
import { until, type Account } from '../../fixtures/deployment.ts'
import type { FlowRecord } from '../../../src/flowlog/records.ts'
import { runCommand } from '../../../src/cli/command.ts'
import { Workload } from '../dataplane-world.ts'
import { headerServer, lineServer } from './programs.ts'
import { startSystem, type System } from './system.ts'

const otherZone = 'eu-central-1a'
const scope = new AsyncDisposableStack()
let system: System
beforeAll(async () => {
  system = scope.use(await startSystem())
})
afterAll(() => scope.disposeAsync())

interface Net {
  readonly vpc: string
  readonly group: string
  readonly places: readonly { readonly zone: string; readonly vswitch: string }[]
}

async function makeNet(account: Account): Promise<Net> {
  const vpc = await makeVpc(account)
  const group = await makeGroup(account, vpc, [
    { PortRange: '80/80' },
    { PortRange: '7999/9100' },
    { IpProtocol: 'UDP', PortRange: '9000/9100' },
  ])
  const vswitches = [
    await makeVSwitch(account, vpc, '10.0.0.0/24', zone),
    await makeVSwitch(account, vpc, '10.0.1.0/24', otherZone),
  ]
  return {
    vpc,
    group,
    places: [zone, otherZone].map((id, index) => ({ zone: id, vswitch: vswitches[index] ?? '' })),
  }
}

/** Listens on a range of the ports of all protocols of its group, and resolves when it is in the kernel. */
async function listen(nlb: string, ServerGroupId: string, ListenerProtocol: string, more: ParamValues) {
  const listener = { LoadBalancerId: nlb, ServerGroupId, ListenerProtocol, ListenerPort: 0, ...more }
  await untilDone(system, await system.call('Nlb', 'CreateListener', listener))
}

async function makeClient(account: Account, { places, group }: Net): Promise<Workload> {
  const id = await makeInstance(account, places[0]?.vswitch ?? '', group, '')
  const workload = new Workload(system.netns(id), 'client')
  scope.defer(() => workload.end())
  return workload
}

test('an NLB serves each zone of an endpoint', async () => {
  const offer = await makeNet(system)
  const servers = await Promise.all(
    offer.places.map(({ vswitch }) => makeInstance(system, vswitch, offer.group, lineServer('tcp/80'))),
  )
  const { nlb, listener } = await makeNlb(system, { ...offer, backends: servers })
  const resources = offer.places.map((place) => ({ balancer: nlb, zone: place.zone }))
  const service = await makeService(system, resources, true, 'nlb')
  const consumer = await makeNet(system)
  const client = await makeClient(system, consumer)
  const { addresses } = await makeEndpointIn(system, service, consumer, consumer.places, ['Connected'])
  expect(new Set(addresses).size).toBe(2)

  for (const address of addresses) {
    const answers = [await client.call(address, 80), await client.call(address, 80)]
    expect(new Set(answers.map((text) => text.split(' ')[0])), address).toEqual(new Set(servers))
  }
  // Its own VPC reaches it, too, at both addresses and with its own address.
  const local = await makeClient(system, offer)
  const { ZoneMappings } = await system.call('Nlb', 'GetLoadBalancerAttribute', { LoadBalancerId: nlb })
  for (const { LoadBalancerAddresses } of ZoneMappings as {
    LoadBalancerAddresses: { PrivateIPv4Address: string }[]
  }[]) {
    expect(await local.call(LoadBalancerAddresses[0]?.PrivateIPv4Address ?? '', 80)).toMatch(
      / 10\.0\.0\.\d+\n$/,
    )
  }

  const open = await client.open(addresses[0] ?? '', 80)
  const spoken = await open()
  await untilDone(system, await system.call('Nlb', 'StopListener', { ListenerId: listener }))
  expect(await client.call(addresses[1] ?? '', 80)).toBe('ECONNREFUSED')
  expect(await open(), 'an open flow goes on').toMatchObject({ text: 'text' in spoken ? spoken.text : '' })
})

describe('a range of ports', () => {
  let offer: Net
  let servers: readonly string[]
  let local: Workload
  let remote: Workload
  let remoteId: string
  let own: string
  let endpoint: string
  let address: string

  beforeAll(async () => {
    offer = await makeNet(system)
    const places = ['tcp/8001', 'tcp/8005', 'tcp/8100', 'tcp/7999', 'udp/9001', 'udp/9005']
    servers = await Promise.all(
      offer.places.map(({ vswitch }) => makeInstance(system, vswitch, offer.group, lineServer(...places))),
    )
    const { nlb } = await makeNlb(system, { ...offer, backends: servers })
    const streams = { HealthCheckConnectPort: 8005, HealthCheckInterval: 1, HealthCheckConnectTimeout: 1 }
    const tcp = await makeAnyPortGroup(
      system,
      { ...offer, backends: servers },
      { HealthCheckConfig: streams },
    )
    const udp = await makeAnyPortGroup(
      system,
      { ...offer, backends: servers },
      { Protocol: 'UDP', Scheduler: 'tch', HealthCheckConfig: { HealthCheckEnabled: false } },
    )
    await listen(nlb, tcp, 'TCP', { StartPort: 8000, EndPort: 8100 })
    await listen(nlb, udp, 'UDP', { StartPort: 9000, EndPort: 9100 })
    const service = await makeService(system, [{ balancer: nlb, zone }], true, 'nlb')
    const consumer = await makeNet(system)
    const group = await makeGroup(system, consumer.vpc, [
      { PortRange: '7999/8099' },
      { PortRange: '8101/8101' },
      { IpProtocol: 'UDP', PortRange: '9000/9200' },
    ])
    const made = await makeEndpointIn(system, service, { ...consumer, group }, consumer.places.slice(0, 1), [
      'Connected',
    ])
    endpoint = made.endpoint
    address = made.addresses[0] ?? ''
    const { ZoneMappings } = await system.call('Nlb', 'GetLoadBalancerAttribute', { LoadBalancerId: nlb })
    const [mapping] = ZoneMappings as { LoadBalancerAddresses: { PrivateIPv4Address: string }[] }[]
    own = mapping?.LoadBalancerAddresses[0]?.PrivateIPv4Address ?? ''
    local = await makeClient(system, offer)
    remoteId = await makeInstance(system, consumer.places[0]?.vswitch ?? '', consumer.group, '')
    remote = new Workload(system.netns(remoteId), 'client')
    scope.defer(() => remote.end())
  })

  const answering = async (from: Workload, host: string, port: number, protocol: 'tcp' | 'udp') => {
    const answers = []
    for (let call = 0; call < 8; call++)
      answers.push(await from.call(host, port, { protocol, timeoutMs: 2000 }))
    return new Set(answers.map((text) => text.split(' ')[0]))
  }

  test.each([8001, 8005])('leads from port %i to the same port of each server', async (port) => {
    expect(await answering(remote, address, port, 'tcp')).toEqual(new Set(servers))
    expect(await answering(local, own, port, 'tcp')).toEqual(new Set(servers))
  })

  test.each([9001, 9005])('leads datagrams to port %i there and back, by a hash', async (port) => {
    expect(await answering(remote, address, port, 'udp')).toEqual(new Set(servers))
    expect(await answering(local, own, port, 'udp')).toEqual(new Set(servers))
  })

  test('ends where it says, and at ports of it where nobody listens', async () => {
    // The servers have 7999, which is not of the range, and not 8050, which is.
    for (const port of [7999, 8101, 8050])
      expect(await remote.call(address, port), `${port}`).toBe('ECONNREFUSED')
    expect(await remote.call(address, 9101, { protocol: 'udp' })).not.toMatch(/^i-/)
  })

  test('is behind the endpoint’s security groups, port by port', async () => {
    expect(await remote.call(address, 8100)).toBe('timeout')
    expect(await local.call(own, 8100, { timeoutMs: 2000 })).toMatch(/^i-/)
  })

  test('is explained and logged by the port that was called', async () => {
    const explain = async (port: number) => {
      const words = ['explain', remoteId, `${endpoint}:${port}`, '--output', 'json']
      const ran = await runCommand(['./postern', ...words, '--state', system.state], { cwd: process.cwd() })
      return JSON.parse(ran.stdout) as { passes: boolean; agrees: boolean }
    }
    expect(await explain(8001)).toMatchObject({ passes: true, agrees: true })
    expect(await explain(8101)).toMatchObject({ passes: false, agrees: true })
    const flows = ['flows', '--account', system.id, '--output', 'json', '--endpoint', endpoint]
    const told = await until('the records', async () => {
      const { Flows } = JSON.parse(await system.postern(...flows)) as { Flows: readonly FlowRecord[] }
      const of = (Reason: string) => Flows.find((record) => record.Port === 8101 && record.Reason === Reason)
      const denied = Flows.find(({ Port, Reason }) => Port === 8100 && Reason === 'security-group')
      const absent = of('no-listener')
      return denied && absent ? { denied, absent } : undefined
    })
    expect(told.denied.Result).toBe('dropped')
  })
})

describe('a PROXY header', () => {
  let offer: Net
  let server: string
  let consumer: Net
  let nlb: string
  let listener: string
  let service: string
  let endpoint: string
  let address: string
  let client: Workload
  let consuming: Account

  beforeAll(async () => {
    consuming = await system.account('consumer')
    offer = await makeNet(system)
    server = await makeInstance(system, offer.places[0]?.vswitch ?? '', offer.group, headerServer(80, 9003))
    ;({ nlb, listener } = await makeNlb(system, {
      ...offer,
      backends: [server],
      listener: {
        ProxyProtocolEnabled: true,
        ProxyProtocolV2Config: {
          Ppv2PrivateLinkEpIdEnabled: true,
          Ppv2PrivateLinkEpsIdEnabled: true,
          Ppv2VpcIdEnabled: true,
        },
      },
    }))
    service = await makeService(system, [{ balancer: nlb, zone }], true, 'nlb')
    await system.call('Privatelink', 'AddUserToVpcEndpointService', {
      ServiceId: service,
      UserId: consuming.id,
    })
    await consuming.call('Privatelink', 'OpenPrivateLinkService')
    consumer = await makeNet(consuming)
    client = await makeClient(consuming, consumer)
    const made = await makeEndpointIn(consuming, service, consumer, consumer.places.slice(0, 1), [
      'Connected',
    ])
    endpoint = made.endpoint
    address = made.addresses[0] ?? ''
  })

  /** The header that the server read of a new connection, taken apart. */
  async function header(of: Workload, host: string, fromPort?: number, port = 80) {
    const answer = await until('the relay to listen', async () => {
      const text = await of.call(host, port, fromPort ? { fromPort } : {})
      return text.endsWith(' hello\n') ? text : undefined
    })
    const bytes = Buffer.from(answer.split(' ')[0] ?? '', 'hex')
    const tlvs: Record<string, string> = {}
    for (let at = 28; at < bytes.length; at += 3 + bytes.readUInt16BE(at + 1)) {
      const value = bytes.subarray(at + 3, at + 3 + bytes.readUInt16BE(at + 1))
      tlvs[`${bytes[at]?.toString(16)} ${value[0]}`] = value.subarray(1).toString()
    }
    return {
      source: [...bytes.subarray(16, 20)].join('.'),
      destination: [...bytes.subarray(20, 24)].join('.'),
      ports: [bytes.readUInt16BE(24), bytes.readUInt16BE(26)],
      tlvs,
    }
  }

  async function addressOfNlb(): Promise<string> {
    const { ZoneMappings } = await system.call('Nlb', 'GetLoadBalancerAttribute', { LoadBalancerId: nlb })
    const [, ofZone] = ZoneMappings as { LoadBalancerAddresses: { PrivateIPv4Address: string }[] }[]
    return ofZone?.LoadBalancerAddresses[0]?.PrivateIPv4Address ?? ''
  }

  test('tells the server the client, the VPC, the endpoint and the service', async () => {
    expect(await header(client, address, 40_123)).toEqual({
      source: expect.stringMatching(/^10\.0\.0\.\d+$/) as string,
      destination: await addressOfNlb(),
      ports: [40_123, 80],
      tlvs: { 'e1 1': consumer.vpc, 'e1 2': endpoint, 'e1 3': service },
    })
  })

  test('has no ids for a client of the balancer’s own VPC', async () => {
    const local = await makeClient(system, offer)
    const destination = await addressOfNlb()
    expect(await header(local, destination)).toMatchObject({ destination, tlvs: {} })
  })

  test('goes to each port of a range', async () => {
    const group = await makeAnyPortGroup(system, { vpc: offer.vpc, backends: [server] })
    const range = { StartPort: 9000, EndPort: 9009, ProxyProtocolEnabled: true }
    await listen(nlb, group, 'TCP', range)
    expect(await header(client, address, 40_124, 9003)).toMatchObject({ ports: [40_124, 9003] })
  })

  test('goes before what the client says, and the connection goes on as it is switched off', async () => {
    const say = await client.open(address, 80)
    expect(await say()).toMatchObject({
      text: expect.stringMatching(/^0d0a0d0a[0-9a-f]+ hello\n$/) as string,
    })
    const off = { ListenerId: listener, ProxyProtocolEnabled: false }
    await untilDone(system, await system.call('Nlb', 'UpdateListenerAttribute', off))
    expect(await say()).toMatchObject({ text: 'hello\n' })
    const on = { ListenerId: listener, ProxyProtocolEnabled: true }
    await untilDone(system, await system.call('Nlb', 'UpdateListenerAttribute', on))
    expect(await say()).toMatchObject({ text: 'hello\n' })
    expect(await header(client, address)).toHaveProperty('ports')
  })

  test('passes only while the connection is accepted, and what is open is reset', async () => {
    const say = await client.open(address, 80)
    await say()
    const connection = { ServiceId: service, EndpointId: endpoint }
    await system.call('Privatelink', 'DisableVpcEndpointConnection', connection)
    await until('the connection to be cut', async () => {
      const answer = await system.call('Privatelink', 'ListVpcEndpointConnections', connection)
      const [found] = answer['Connections'] as { ConnectionStatus: string }[]
      return found?.ConnectionStatus === 'Disconnected' || undefined
    })
    expect(await say()).toMatchObject({ error: 'ECONNRESET' })
    expect(await client.call(address, 80)).toBe('ECONNREFUSED')
  })
})
