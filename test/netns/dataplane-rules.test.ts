import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Dataplane } from '../../src/dataplane/dataplane.ts'
import type { GroupWords, ListenerWords } from '../fixtures/plans.ts'
import { inNetns } from '../fixtures/command.ts'
import { planOf } from '../fixtures/plans.ts'
import { datagramsCommand } from './dataplane-programs.ts'
import type { Workload } from './dataplane-world.ts'
import { World } from './dataplane-world.ts'

const vpc = 'vpc-one'

describe('rules inside one VPC', () => {
  const world = new World()
  let dataplane: Dataplane
  let client: Workload
  let friend: Workload
  let server: Workload
  let other: Workload

  async function apply(groups: readonly Omit<GroupWords, 'vpc'>[], listeners: readonly ListenerWords[] = []) {
    const all = [{ id: 'sg-client' }, { id: 'sg-friend' }, { id: 'sg-server' }, { id: 'sg-extra' }]
    const plan = planOf({
      deployment: world.deployment,
      vpcs: [
        {
          id: vpc,
          cidr: '10.0.0.0/16',
          number: 1,
          vswitches: [
            { zone: 'a', cidr: '10.0.0.0/24' },
            { zone: 'b', cidr: '10.0.1.0/28' },
          ],
        },
      ],
      groups: all.map((group) => ({ ...group, ...groups.find(({ id }) => id === group.id), vpc })),
      instances: [
        { id: 'i-client', vpc, address: '10.0.0.1', groups: ['sg-client'] },
        { id: 'i-friend', vpc, address: '10.0.1.1', groups: ['sg-friend'] },
        { id: 'i-server', vpc, address: '10.0.0.2', groups: ['sg-server', 'sg-extra'] },
        { id: 'i-other', vpc, address: '10.0.0.3', groups: ['sg-server'] },
      ],
      balancers: [{ id: 'lb-one', vpc, address: '10.0.0.100', listeners }],
    })
    expect(await dataplane.apply(plan, 'cached')).toEqual([])
    world.changes()
    expect(await world.dataplane().apply(plan, 'observed')).toEqual([])
    expect(world.changes()).toEqual([])
  }

  beforeAll(async () => {
    dataplane = world.dataplane()
    await apply([])
    client = world.workload('i-client')
    friend = world.workload('i-friend')
    server = world.workload('i-server')
    other = world.workload('i-other')
    for (const port of [22, 25]) {
      await server.serve(port)
      await other.serve(port)
    }
    await server.serve(53, 'udp')
  })
  afterAll(() => world.end())

  test('nothing comes in but from the same group', async () => {
    expect(await client.knock('10.0.0.2', 22)).toBe('timeout')
    expect(await other.call('10.0.0.2', 22)).toBe('i-server 10.0.0.3')
    await apply([{ id: 'sg-server', inner: false }])
    expect(await other.knock('10.0.0.2', 22)).toBe('timeout')
  })

  test('priorities count over all groups of an ENI, and drop is first among equals', async () => {
    await apply([
      { id: 'sg-server', ingress: ['accept tcp 20-30 10.0.0.0/16 2'].map(withPriority) },
      {
        id: 'sg-extra',
        ingress: ['drop tcp 25 10.0.0.1/32 2', 'accept gre * 10.0.0.0/8 9'].map(withPriority),
      },
    ])
    expect(await client.call('10.0.0.2', 22)).toBe('i-server 10.0.0.1')
    expect(await client.knock('10.0.0.2', 25)).toBe('timeout')
    expect(await client.call('10.0.0.3', 25)).toBe('i-other 10.0.0.1')
    expect(await friend.call('10.0.0.2', 25)).toBe('i-server 10.0.1.1')
    await apply([
      { id: 'sg-server', ingress: ['accept tcp 20-30 10.0.0.0/16 1'].map(withPriority) },
      { id: 'sg-extra', ingress: ['drop tcp 25 10.0.0.1/32 2'].map(withPriority) },
    ])
    expect(await client.call('10.0.0.2', 25)).toBe('i-server 10.0.0.1')
  })

  test('a group as the other side, in both directions', async () => {
    await apply([
      { id: 'sg-server', ingress: ['accept all * sg-friend', 'accept udp 53 sg-client'] },
      { id: 'sg-friend', egress: ['drop tcp 25 sg-extra'] },
    ])
    expect(await client.knock('10.0.0.2', 22)).toBe('timeout')
    expect(await client.call('10.0.0.2', 53, { protocol: 'udp' })).toBe('i-server 10.0.0.1')
    expect(await friend.call('10.0.0.2', 22)).toBe('i-server 10.0.1.1')
    expect(await friend.knock('10.0.0.2', 25)).toBe('timeout')
    expect(await friend.call('10.0.0.3', 25)).toBe('i-other 10.0.1.1')
  })

  test('an open flow stays when its rule goes, a new one is not let in', async () => {
    await apply([{ id: 'sg-server', ingress: ['accept tcp 22 10.0.0.1/32'] }])
    const say = await client.open('10.0.0.2', 22)
    await apply([{ id: 'sg-server' }])
    expect(await say()).toMatchObject({ text: 'i-server 10.0.0.1' })
    expect(await client.knock('10.0.0.2', 22)).toBe('timeout')
  })

  test('egress rules are about the balancer that was called, ingress rules about the backend', async () => {
    const listeners = [{ port: 80, backends: ['10.0.0.2:22*1'] }]
    const open = { id: 'sg-server', ingress: ['accept tcp 22 10.0.0.1/32'] }
    await apply([open, { id: 'sg-client', egress: ['drop tcp 22 10.0.0.0/8'] }], listeners)
    expect(await client.call('10.0.0.100', 80)).toBe('i-server 10.0.0.1')
    expect(await client.knock('10.0.0.2', 22)).toBe('timeout')
    await apply([open, { id: 'sg-client', egress: ['drop tcp 80 10.0.0.100/32'] }], listeners)
    expect(await client.knock('10.0.0.100', 80)).toBe('timeout')
    expect(await friend.knock('10.0.0.100', 80)).toBe('timeout')
  })

  test('hash schedulers: one source stays with one backend, its ports are spread', async () => {
    const backends = ['10.0.0.2:22*100', '10.0.0.3:22*100']
    const open = { id: 'sg-server', ingress: ['accept tcp 22 10.0.0.0/16'] }
    const answers = async () =>
      new Set(await Promise.all(Array.from({ length: 20 }, () => client.call('10.0.0.100', 80))))
    await apply([open], [{ port: 80, scheduler: 'sch', backends }])
    expect((await answers()).size).toBe(1)
    await apply([open], [{ port: 80, scheduler: 'tch', backends }])
    expect(await answers()).toEqual(new Set(['i-server 10.0.0.1', 'i-other 10.0.0.1']))
    await apply([open], [{ port: 80, scheduler: 'rr', backends: ['10.0.0.2:22*100', '10.0.0.3:22*1'] }])
    expect([await client.call('10.0.0.100', 80), await client.call('10.0.0.100', 80)].sort()).toEqual([
      'i-other 10.0.0.1',
      'i-server 10.0.0.1',
    ])
  })
})

describe.each([
  { connections: 300, lists: 1 },
  // Twelve lists of 500.
  { connections: 6_000, lists: 12 },
])('a limit of $connections connections', ({ connections, lists }) => {
  const world = new World()
  let dataplane: Dataplane
  const balancer = '10.0.0.100'

  async function apply(ports: readonly number[]) {
    const rules = { id: 'sg', vpc, ingress: ['accept udp * 10.0.0.0/16'] }
    const plan = planOf({
      deployment: world.deployment,
      vpcs: [{ id: vpc, cidr: '10.0.0.0/16', number: 1, vswitches: [{ zone: 'a', cidr: '10.0.0.0/24' }] }],
      groups: [rules],
      instances: ['i-client', 'i-server'].map((id, index) => ({
        id,
        vpc,
        address: `10.0.0.${index + 1}`,
        groups: ['sg'],
      })),
      balancers: [
        {
          id: 'lb-one',
          vpc,
          address: balancer,
          listeners: ports.map((port) => ({ port, protocol: 'udp', backends: ['10.0.0.2:53*1'] })),
          limits: { connections },
        },
      ],
    })
    expect(await dataplane.apply(plan, 'cached')).toEqual([])
    world.changes()
    // What the kernel has put into the sets is nobody's to take out.
    expect(await world.dataplane().apply(plan, 'observed')).toEqual([])
    expect(world.changes()).toEqual([])
  }

  /** One datagram from each of these ports: how many flows there are now, and how many were refused in all. */
  async function send(from: number, count: number, port = 53) {
    await inNetns(world.netns('i-client'), ...datagramsCommand(balancer, port, from, count))
    const router = world.netns(vpc)
    const flows = Number(await inNetns(router, 'conntrack', '-C'))
    const counters = await inNetns(router, 'nft', 'list', 'counters', 'table', 'ip', 'postern')
    return { flows, refused: Number(/counter open-\w+ \{\s+packets (\d+)/.exec(counters)?.[1]) }
  }

  beforeAll(async () => {
    dataplane = world.dataplane()
    await apply([53])
    // Flows live as long as the test.
    await inNetns(world.netns(vpc), 'sysctl', '-qw', 'net.netfilter.nf_conntrack_udp_timeout=300')
    // A server that says nothing: no flow is more than its first packet.
    const silence = 'table ip silence { chain input { type filter hook input priority 0; policy drop; }; }'
    await inNetns(world.netns('i-server'), 'nft', silence)
  })
  afterAll(() => world.end())

  test('is reached, and not passed', async () => {
    expect(await send(1024, connections)).toEqual({ flows: connections, refused: 0 })
    expect(await send(50_000, 50)).toEqual({ flows: connections, refused: 50 })
    // Those that are open go on: their packets are no new connections.
    expect(await send(1024, connections)).toEqual({ flows: connections, refused: 50 })
  })

  test('counts on when listeners come and go', async () => {
    await apply([53, 54])
    expect(await send(50_000, 50, 54)).toEqual({ flows: connections, refused: 100 })
    await apply([54])
    expect(await send(50_100, 50, 54)).toEqual({ flows: connections, refused: 150 })
  })

  test('lets in as many as have ended', async () => {
    const router = world.netns(vpc)
    for (let turn = 0; turn < lists * 2; turn++)
      await inNetns(router, 'conntrack', '-D', '-p', 'udp', '--sport', `${1024 + turn}`)
    const { flows, refused } = await send(51_000, lists * 2, 54)
    expect({ flows, refused }).toEqual({ flows: connections, refused: 150 })
    expect(await send(52_000, 20, 54)).toEqual({ flows: connections, refused: 170 })
  })
})

/** `… 2` → `… priority 2` */
function withPriority(rule: string): string {
  return rule.replace(/ (\d+)$/, ' priority $1')
}
