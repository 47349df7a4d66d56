import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Dataplane } from '../../src/dataplane/dataplane.ts'
import { execProgram, output } from '../../src/dataplane/exec.ts'
import type { HostPlan } from '../../src/plan/host-plan.ts'
import type { EndpointWords, Words } from '../fixtures/plans.ts'
import { planOf, twoVpcsWords } from '../fixtures/plans.ts'
import type { Workload } from './dataplane-world.ts'
import { World, hostState } from './dataplane-world.ts'

const run = promisify(execFile)

describe('two VPCs with the same addresses and a wire between them', () => {
  const world = new World()
  const base = {
    ...twoVpcsWords(world.deployment),
    groups: [
      { id: 'sg-client', vpc: 'vpc-consumer' },
      {
        id: 'sg-endpoint',
        vpc: 'vpc-consumer',
        ingress: ['accept tcp 80-82 10.0.0.0/16', 'accept udp 5000 0.0.0.0/0'],
      },
      { id: 'sg-local', vpc: 'vpc-provider' },
      {
        id: 'sg-backend',
        vpc: 'vpc-provider',
        ingress: ['accept tcp 80 sg-local', 'accept udp 5000 sg-local'],
        inner: false,
      },
    ],
    instances: [
      { id: 'i-client', vpc: 'vpc-consumer', address: '10.0.0.182', groups: ['sg-client'] },
      { id: 'i-local', vpc: 'vpc-provider', address: '10.0.0.182', groups: ['sg-local'] },
      { id: 'i-one', vpc: 'vpc-provider', address: '10.0.0.200', groups: ['sg-backend'] },
      { id: 'i-two', vpc: 'vpc-provider', address: '10.0.0.201', groups: ['sg-backend'] },
    ],
    routes: [
      { id: 'rte-block', vpc: 'vpc-provider', destination: '172.30.0.0/16', instance: 'i-two' },
      { id: 'rte-default', vpc: 'vpc-provider', destination: '0.0.0.0/0', instance: 'i-one' },
      { id: 'rte-host', vpc: 'vpc-provider', destination: '172.31.0.9/32', instance: 'i-two' },
      { id: 'rte-nowhere', vpc: 'vpc-consumer', destination: '172.30.0.0/16', instance: undefined },
    ],
  }
  let dataplane: Dataplane
  let before: string
  let client: Workload
  let local: Workload
  let one: Workload
  let two: Workload
  let service: Workload

  function withBackends(...backends: string[]): Words {
    const listeners = [
      { port: 80, backends },
      { port: 5000, protocol: 'udp' as const, backends: ['10.0.0.200:5000*1'] },
    ]
    return { ...base, balancers: [{ id: 'lb-app', vpc: 'vpc-provider', address: '10.0.0.100', listeners }] }
  }

  function withWire(words: Words, wire: EndpointWords['wire']): HostPlan {
    const endpoints = base.endpoints.map(({ id, vpc, zone, address, groups }) => {
      const endpoint = { id, vpc, zone, address, groups }
      return wire ? { ...endpoint, wire } : endpoint
    })
    return planOf({ ...words, endpoints })
  }

  const both = withBackends('10.0.0.200:80*100', '10.0.0.201:80*100')
  const plan = withWire(both, { balancer: 'lb-app', pair: 1 })

  async function apply(next: HostPlan): Promise<void> {
    expect(await dataplane.apply(next, 'cached')).toEqual([])
  }

  /** Who answered this many calls, one after the other. */
  async function answers(count: number): Promise<Record<string, number>> {
    const counts: Record<string, number> = {}
    for (let i = 0; i < count; i++) {
      const answer = await client.call('10.0.0.10', 80)
      counts[answer] = (counts[answer] ?? 0) + 1
    }
    return counts
  }

  beforeAll(async () => {
    before = await hostState(world.deployment)
    dataplane = world.dataplane()
    await apply(plan)
    client = world.workload('i-client')
    local = world.workload('i-local')
    one = world.workload('i-one')
    two = world.workload('i-two')
    service = world.workload('service')
    for (const workload of [client, local, one, two]) {
      await workload.serve(80)
      await workload.serve(81)
    }
    await one.serve(5000, 'udp')
    await service.serve(53, 'udp')
    await service.serve(53)
    await service.serve(54)
  })
  afterAll(() => world.end())

  describe('what passes', () => {
    test('the client reaches both backends in turn, and they see the wire only', async () => {
      expect(await answers(10)).toEqual({ 'i-one 100.64.0.2': 5, 'i-two 100.64.0.2': 5 })
    })

    test('datagrams, by a listener of their own', async () => {
      expect(await client.call('10.0.0.10', 5000, { protocol: 'udp' })).toBe('i-one 100.64.0.2')
    })

    test('a client of the provider reaches the backends with its own address', async () => {
      expect(await local.call('10.0.0.100', 80)).toMatch(/^i-(one|two) 10\.0\.0\.182$/)
      expect(await local.call('10.0.0.200', 80)).toBe('i-one 10.0.0.182')
    })

    test('queries reach the resolver with a source that names VPC and vSwitch', async () => {
      const from = async (workload: Workload, address: string) => [
        await workload.call(address, 53, { protocol: 'udp' }),
        await workload.call(address, 53),
      ]
      for (const address of ['100.100.2.136', '100.100.2.138']) {
        expect(await from(client, address)).toEqual(['service 100.101.0.32', 'service 100.101.0.32'])
        expect(await from(local, address)).toEqual(['service 100.101.0.64', 'service 100.101.0.64'])
      }
    })

    test('health checks go into the VPC of their source address', async () => {
      expect(await service.call('10.0.0.200', 81, { from: '100.100.0.4' })).toBe('i-one 100.100.0.4')
      expect(await service.call('10.0.0.182', 80, { from: '100.100.0.2' })).toBe('i-client 100.100.0.2')
      expect(await service.call('10.0.0.200', 80, { from: '100.100.0.2' })).toBe('ECONNREFUSED')
    })
  })

  describe('what does not pass', () => {
    test.each([
      ['a port without a listener', () => client.call('10.0.0.10', 81), 'ECONNREFUSED'],
      ['a port the security group does not name', () => client.knock('10.0.0.10', 83), 'timeout'],
      ['an address that only the other VPC has', () => client.call('10.0.0.200', 80), 'ECONNREFUSED'],
      ['the balancer, by its own address', () => client.call('10.0.0.100', 80), 'ECONNREFUSED'],
      ['the far end of the wire', () => client.call('100.64.0.3', 80), 'ECONNREFUSED'],
      ['the near end of the wire', () => client.call('100.64.0.2', 80), 'ECONNREFUSED'],
      ['from provider to consumer, by the wire', () => one.call('100.64.0.2', 80), 'ECONNREFUSED'],
      ['from provider to the endpoint', () => one.call('10.0.0.10', 80), 'ECONNREFUSED'],
      ['a wire, as seen from the provider', () => local.call('100.64.0.3', 80), 'ECONNREFUSED'],
      ['a port of a backend closed to its neighbours', () => local.knock('10.0.0.200', 81), 'timeout'],
      ['members of a group without inner access', () => one.knock('10.0.0.201', 80), 'timeout'],
      ['a port of the balancer without listener', () => local.call('10.0.0.100', 81), 'ECONNREFUSED'],
      ['the service namespace, directly', () => client.call('100.100.0.2', 53), 'ECONNREFUSED'],
      ['the service namespace of another VPC', () => client.call('100.100.0.4', 53), 'ECONNREFUSED'],
      ['another port of the resolver', () => client.call('100.100.2.136', 54), 'ECONNREFUSED'],
      ['the router itself', () => client.call('10.0.0.253', 80), 'ECONNREFUSED'],
      ['the Internet', () => client.call('1.1.1.1', 80), 'ECONNREFUSED'],
    ])('%s', async (_, call, outcome) => {
      expect(await call()).toBe(outcome)
    })

    test.each([
      ['of nobody', 'i-client', '10.0.0.99', '10.0.0.10'],
      ["of the other VPC's side of the wire", 'i-client', '100.64.0.3', '10.0.0.10'],
      ['of the router', 'i-client', '10.0.0.253', '10.0.0.10'],
      ['of a neighbour', 'i-two', '10.0.0.182', '10.0.0.200'],
    ])('a forged source, %s', async (_, id, from, to) => {
      const change = (verb: string) =>
        run('ip', ['-n', world.netns(id), 'addr', verb, `${from}/32`, 'dev', 'eth0'])
      const start = await one.datagrams()
      await change('add')
      try {
        const forger = id === 'i-two' ? two : client
        expect(await forger.knock(to, 5000, { protocol: 'udp', from })).toBe('timeout')
      } finally {
        await change('del')
      }
      expect(await local.call('10.0.0.200', 5000, { protocol: 'udp' })).toBe('i-one 10.0.0.182')
      expect(await one.datagrams()).toBe(start + 1)
    })
  })

  describe('the balancer', () => {
    test('keeps the proportion of the weights, in every short run', async () => {
      await apply(withWire(withBackends('10.0.0.200:80*100', '10.0.0.201:80*50'), base.endpoints[0]?.wire))
      expect(await answers(3)).toEqual({ 'i-one 100.64.0.2': 2, 'i-two 100.64.0.2': 1 })
      expect(await answers(12)).toEqual({ 'i-one 100.64.0.2': 8, 'i-two 100.64.0.2': 4 })
    })

    test('a backend that leaves takes no new flow and loses none', async () => {
      await apply(plan)
      const flows = await Promise.all(Array.from({ length: 4 }, () => client.open('10.0.0.10', 80)))
      const owners = async () =>
        Promise.all(flows.map(async (say) => await say())).then((all) => all.map(textOf))
      const owned = await owners()
      expect(new Set(owned).size).toBe(2)
      await apply(withWire(withBackends('10.0.0.201:80*100'), { balancer: 'lb-app', pair: 1 }))
      expect(await answers(4)).toEqual({ 'i-two 100.64.0.2': 4 })
      expect(await owners()).toEqual(owned)
    })

    test('a weight of 0 takes nothing, and without backends a call is refused', async () => {
      await apply(
        withWire(withBackends('10.0.0.200:80*0', '10.0.0.201:80*7'), { balancer: 'lb-app', pair: 1 }),
      )
      expect(await answers(3)).toEqual({ 'i-two 100.64.0.2': 3 })
      await apply(withWire(withBackends('10.0.0.200:80*0'), { balancer: 'lb-app', pair: 1 }))
      expect(await client.call('10.0.0.10', 80)).toBe('ECONNREFUSED')
      expect(await local.call('10.0.0.100', 80)).toBe('ECONNREFUSED')
    })
  })

  describe('a listener with a relay', () => {
    // Port 84 is one that the endpoint's security group does not name.
    const ports = [80, 84]
    const relayed = (() => {
      const words = withBackends('10.0.0.200:80*1')
      const listeners = ports.map((port) => ({ port, backends: ['10.0.0.200:80*1'] }))
      const balancers = (words.balancers ?? []).map((balancer) => ({
        ...balancer,
        proxied: ports,
        listeners,
      }))
      return withWire({ ...words, balancers }, { balancer: 'lb-app', pair: 1 })
    })()
    const portOf = (relays: HostPlan['links']['wires'][number]['relays'] = []) => relays[0]?.relayPort ?? 0
    const [ofWire, ofBalancer] = [
      portOf(relayed.links.wires[0]?.relays),
      portOf(relayed.links.balancers[0]?.relays),
    ]

    beforeAll(async () => {
      await apply(relayed)
      await service.serve(ofWire)
      await service.serve(ofBalancer)
    })
    afterAll(() => apply(plan))

    test('clients meet it before they are translated, by an endpoint and in the balancer’s VPC', async () => {
      expect(await client.call('10.0.0.10', 80)).toBe('service 10.0.0.182')
      expect(await local.call('10.0.0.100', 80)).toBe('service 10.0.0.182')
    })

    test('what it sends on goes by the wire, or to the backends of its VPC', async () => {
      expect(await service.call('10.0.0.10', 80, { from: '100.100.0.2' })).toBe('i-one 100.64.0.2')
      expect(await service.call('10.0.0.100', 80, { from: '100.100.0.4' })).toBe('i-one 100.100.0.4')
    })

    test('security groups see what the client called, and nobody calls a relay itself', async () => {
      expect(await client.knock('10.0.0.10', 84)).toBe('timeout')
      expect(await client.call('100.100.0.2', ofWire)).toBe('ECONNREFUSED')
      expect(await local.call('100.100.0.2', ofWire)).toBe('ECONNREFUSED')
      expect(await client.call('10.0.0.10', 5000, { protocol: 'udp' })).toMatch(/ECONNREFUSED|EHOSTUNREACH/)
    })
  })

  test('what is refused is counted by its reason', async () => {
    const refused = async () => {
      const [wire] = (await dataplane.readCounters(plan, false)).wires
      return wire && { denied: wire.denied, unserved: wire.unserved }
    }
    const start = (await refused()) ?? { denied: 0, unserved: 0 }
    expect(await client.call('10.0.0.10', 80)).toMatch(/^i-/)
    expect(await refused()).toEqual(start)
    // The security group of the endpoint lets 80 to 82 in, and the balancer has no listener for 82.
    expect(await client.call('10.0.0.10', 82)).toBe('ECONNREFUSED')
    expect(await refused()).toEqual({ ...start, unserved: start.unserved + 1 })
    expect(await client.knock('10.0.0.10', 84)).toBe('timeout')
    const after = await refused()
    expect(after?.denied).toBeGreaterThan(start.denied)
    expect(after?.unserved).toBe(start.unserved + 1)
  })

  describe('limits', () => {
    const limited = (connections: number, ...backends: string[]) => {
      const words = withBackends(...backends)
      const balancers = (words.balancers ?? []).map((balancer) => ({ ...balancer, limits: { connections } }))
      return withWire({ ...words, balancers }, { balancer: 'lb-app', pair: 1 })
    }

    test('so many connections are open at once, and no more', async () => {
      const first = '10.0.0.200:80*100'
      // The flows of earlier tests are not counted: the rule has not seen them.
      await apply(limited(3, first))
      const flows = await Promise.all(Array.from({ length: 3 }, () => client.open('10.0.0.10', 80)))
      expect(await client.knock('10.0.0.10', 80)).toBe('timeout')
      expect(await local.knock('10.0.0.100', 80)).toBe('timeout')
      // Other backends are other rules, and the count is what it was.
      await apply(limited(3, first, '10.0.0.201:80*100'))
      expect(await client.knock('10.0.0.10', 80)).toBe('timeout')
      for (const say of flows) expect(textOf(await say())).toBe('i-one 100.64.0.2')
      const [counted] = (await dataplane.readCounters(limited(3, first), true)).balancers
      expect(counted?.overConnections).toBeGreaterThanOrEqual(3)
      await apply(limited(4, first))
      expect(await client.call('10.0.0.10', 80)).toBe('i-one 100.64.0.2')
    })

    test('what the kernel remembers is left alone, read back as it was made, and followed', async () => {
      const words = withBackends()
      const balancers = (words.balancers ?? []).map((balancer) => ({
        ...balancer,
        proxied: [443],
        listeners: [{ port: 80, persistenceS: 60, backends: ['10.0.0.200:80*1', '10.0.0.201:80*1'] }],
      }))
      const kept = withWire({ ...words, balancers }, { balancer: 'lb-app', pair: 1 })
      await apply(kept)
      expect(Object.values(await answers(6))).toEqual([6])
      world.changes()
      expect(await world.dataplane().apply(kept, 'observed')).toEqual([])
      expect(world.changes()).toEqual([])
      await apply(plan)
    })
  })

  describe('the wire', () => {
    test('denied, it resets what is open at once; accepted again, nothing old goes on', async () => {
      await apply(plan)
      const speaking = await client.open('10.0.0.10', 80)
      const silent = await client.open('10.0.0.10', 80)
      expect(textOf(await speaking())).toMatch(/ 100\.64\.0\.2$/)
      expect(textOf(await silent())).toMatch(/ 100\.64\.0\.2$/)

      await apply(withWire(both, undefined))
      const reset = await speaking()
      expect(reset).toMatchObject({ error: 'ECONNRESET' })
      expect(reset.ms).toBeLessThan(50)
      expect(await client.call('10.0.0.10', 80)).toBe('ECONNREFUSED')

      await apply(withWire(both, { balancer: 'lb-app', pair: 2 }))
      expect(await silent()).toMatchObject({ error: 'ECONNRESET' })
      expect(await answers(2)).toEqual({ 'i-one 100.64.0.4': 1, 'i-two 100.64.0.4': 1 })
    })

    test('a datagram client that never stops finds the new one', async () => {
      await apply(plan)
      const call = () => client.call('10.0.0.10', 5000, { protocol: 'udp', fromPort: 40_000 })
      expect(await call()).toBe('i-one 100.64.0.2')
      await apply(withWire(both, undefined))
      expect(await call()).toMatch(/ECONNREFUSED|EHOSTUNREACH/)
      await apply(withWire(both, { balancer: 'lb-app', pair: 2 }))
      expect(await call()).toBe('i-one 100.64.0.4')
    })

    test('replaced in one step, it carries new flows and resets old ones', async () => {
      await apply(plan)
      const say = await client.open('10.0.0.10', 80)
      await apply(withWire(both, { balancer: 'lb-app', pair: 3 }))
      expect(await say()).toMatchObject({ error: 'ECONNRESET' })
      expect(await answers(2)).toEqual({ 'i-one 100.64.0.6': 1, 'i-two 100.64.0.6': 1 })
    })

    test('its bandwidth changes under way, in both directions, and the open flow stays', async () => {
      const limited = (bandwidthMbps: number) =>
        withWire(withBackends('10.0.0.200:80*1'), { balancer: 'lb-app', pair: 4, bandwidthMbps })
      await apply(limited(100))
      const say = await client.open('10.0.0.10', 80)
      const server = spawn('ip', ['netns', 'exec', world.netns('i-two'), 'iperf3', '-s', '-p', '5201'])
      try {
        await waitFor(() => two.call('127.0.0.1', 5201).then((answer) => answer !== 'ECONNREFUSED'))
        for (const rate of [100, 400]) {
          world.changes()
          await apply(transfer(limited(rate)))
          expect(Math.abs((await throughput(world.netns('i-client'), [])) / rate - 1)).toBeLessThan(0.08)
          expect(Math.abs((await throughput(world.netns('i-client'), ['-R'])) / rate - 1)).toBeLessThan(0.08)
        }
        expect(world.changes().join('\n')).toMatch(/qdisc change .* rate 409600kbit/)
        expect(textOf(await say())).toBe('i-one 100.64.0.8')
      } finally {
        server.kill()
      }
    })

    test('counts what went in and out, by the wire and to the listener', async () => {
      await apply(plan)
      const read = async () => {
        const { wires, balancers } = await dataplane.readCounters(plan, true)
        const listener = balancers.flatMap(({ listeners }) => listeners).find(({ port }) => port === 80)
        return { wire: wires[0], listener }
      }
      const start = await read()
      const say = await client.open('10.0.0.10', 80)
      await answers(10)
      const end = await read()
      expect(end.wire?.id).toBe('ep-app/eu-central-1b')
      for (const part of ['wire', 'listener'] as const) {
        const [first, after] = [start[part], end[part]]
        expect((after?.inPackets ?? 0) - (first?.inPackets ?? 0)).toBeGreaterThanOrEqual(30)
        expect((after?.outBytes ?? 0) - (first?.outBytes ?? 0)).toBeGreaterThan(1000)
        expect((after?.newConnections ?? 0) - (first?.newConnections ?? 0)).toBe(11)
        expect(after?.activeConnections).toBeGreaterThanOrEqual(1)
      }
      // A program that was started again reads on where the kernel stands.
      const fresh = await world.dataplane().readCounters(plan, false)
      expect(fresh.wires[0]?.inPackets).toBeGreaterThanOrEqual(end.wire?.inPackets ?? Infinity)
      expect(textOf(await say())).toMatch(/^i-(one|two) /)
    })
  })

  describe('again and again', () => {
    test('the same plan changes nothing, with memory and without', async () => {
      await apply(plan)
      world.changes()
      expect(await dataplane.apply(plan, 'cached')).toEqual([])
      expect(await dataplane.apply(plan, 'observed')).toEqual([])
      expect(await world.dataplane().apply(plan, 'observed')).toEqual([])
      expect(await world.dataplane().apply(plan, 'cached')).toEqual([])
      expect(world.changes()).toEqual([])
    })

    test('a limited wire, too, is read back as it was made', async () => {
      const limited = withWire(both, { balancer: 'lb-app', pair: 5, bandwidthMbps: 1234 })
      await apply(limited)
      world.changes()
      expect(await world.dataplane().apply(limited, 'observed')).toEqual([])
      expect(world.changes()).toEqual([])
      await apply(plan)
    })

    test('what others did to our namespaces is undone, what others own stays', async () => {
      const consumer = world.netns('vpc-consumer')
      const provider = world.netns('vpc-provider')
      const foreign = `other-${world.deployment}`
      const wire = plan.links.wires[0]
      const damage = [
        ['ip', 'netns', 'add', world.netns('vpc-left-over')],
        ['ip', 'netns', 'add', foreign],
        ['ip', '-n', consumer, 'route', 'add', '10.9.0.0/16', 'dev', 'lo'],
        [
          'ip',
          '-n',
          consumer,
          'link',
          'add',
          'pw-stray',
          'type',
          'veth',
          'peer',
          'name',
          'x',
          'netns',
          foreign,
        ],
        ['ip', '-n', consumer, 'link', 'set', wire?.consumerDevice ?? '', 'down'],
        ['ip', '-n', provider, 'neigh', 'flush', 'dev', wire?.providerDevice ?? '', 'nud', 'permanent'],
        ['ip', 'netns', 'exec', consumer, 'nft', 'flush chain ip postern refuse'],
        ['ip', 'netns', 'exec', consumer, 'nft', 'add chain ip postern stray'],
        ['ip', 'netns', 'exec', provider, 'nft', 'delete table ip postern'],
        ['ip', 'netns', 'exec', provider, 'sysctl', '-qw', 'net.ipv4.conf.all.rp_filter=0'],
        ['ip', '-n', world.netns('i-two'), 'link', 'del', 'eth0'],
      ] as const
      for (const [program, ...args] of damage) await run(program, args)
      expect(await dataplane.apply(plan, 'observed')).toEqual([])
      expect(await answers(4)).toEqual({ 'i-one 100.64.0.2': 2, 'i-two 100.64.0.2': 2 })
      const names = await output(execProgram, ['ip', 'netns'])
      expect(names).not.toContain('vpc-left-over')
      expect(names).toContain(foreign)
      await run('ip', ['netns', 'del', foreign])
      world.changes()
      expect(await dataplane.apply(plan, 'observed')).toEqual([])
      expect(world.changes()).toEqual([])
    })

    test('at the end nothing is left', async () => {
      await world.end()
      expect(await hostState(world.deployment)).toBe(before)
    })
  })

  /** Leads the listener to i-two's iperf3. */
  function transfer(limited: HostPlan): HostPlan {
    const [balancer] = limited.links.balancers
    if (!balancer) throw new Error('no balancer')
    const listeners = balancer.listeners.map((listener) => ({
      ...listener,
      backends: [{ server: 'i-two', address: '10.0.0.201', port: 5201, weight: 1, standby: false }],
    }))
    return { ...limited, links: { ...limited.links, balancers: [{ ...balancer, listeners }] } }
  }
})

function textOf(outcome: object): string {
  return 'text' in outcome ? String(outcome.text) : JSON.stringify(outcome)
}

/** Mbit/s that arrived. */
async function throughput(netns: string, options: readonly string[]): Promise<number> {
  const call = ['netns', 'exec', netns, 'iperf3', '-c', '10.0.0.10', '-p', '80', '-t', '2', '-O', '1', '-J']
  const { stdout } = await run('ip', [...call, ...options])
  const { end } = JSON.parse(stdout) as { end: { sum_received: { bits_per_second: number } } }
  return end.sum_received.bits_per_second / 1e6
}

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(setImmediate)
}
