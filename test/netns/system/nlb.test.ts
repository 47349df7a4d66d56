/** NLBs behind endpoints in two zones, and the PROXY headers their servers read. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
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
import { until, type Account } from '../../fixtures/deployment.ts'
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
  const group = await makeGroup(account, vpc, [{ PortRange: '80/80' }])
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

describe('a PROXY header', () => {
  let offer: Net
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
    const server = await makeInstance(system, offer.places[0]?.vswitch ?? '', offer.group, headerServer(80))
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
  async function header(of: Workload, host: string, fromPort?: number) {
    const answer = await until('the relay to listen', async () => {
      const text = await of.call(host, 80, fromPort ? { fromPort } : {})
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
