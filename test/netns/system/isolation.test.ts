/** Isolation: in a small world every pair of client and port is tried with real packets and compared with the model. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { command } from '../../fixtures/command.ts'
import type { Account } from '../../fixtures/deployment.ts'
import {
  makeBalancer,
  makeEndpoint,
  makeGroup,
  makeInstance,
  makeService,
  makeVpc,
  makeVSwitch,
  openPrivatelink,
  zone,
} from '../../fixtures/topology.ts'
import { whoAnswers, type Protocol, type Rule, type World } from './model.ts'
import { lineServer, pingCommand, tryCommand } from './programs.ts'
import { decide, startSystem, type System } from './system.ts'

const everywhere = { cidr: '0.0.0.0/0' }
const web = (policy: Rule['policy'], ports: readonly [number, number], cidr: string, priority = 1): Rule => ({
  direction: 'ingress',
  policy,
  protocol: 'tcp',
  ports,
  priority,
  peer: { cidr },
})

/** Three VPCs with one address plan; `v1` and `v3` are the consumer's, `v2` the provider's. */
const wanted: World = {
  groups: {
    web: {
      vpc: 'v1',
      innerAccess: true,
      rules: [
        web('accept', [80, 81], '10.0.0.0/24'),
        web('drop', [81, 81], '10.0.0.11/32'),
        web('drop', [80, 80], '10.0.0.10/32', 2),
      ],
    },
    quiet: {
      vpc: 'v1',
      innerAccess: false,
      rules: [
        {
          direction: 'ingress',
          policy: 'accept',
          protocol: 'udp',
          ports: [5000, 5000],
          priority: 1,
          peer: { group: 'web' },
        },
        {
          direction: 'egress',
          policy: 'drop',
          protocol: 'tcp',
          ports: [81, 81],
          priority: 1,
          peer: everywhere,
        },
      ],
    },
    entry: {
      vpc: 'v1',
      innerAccess: false,
      rules: [
        {
          direction: 'ingress',
          policy: 'accept',
          protocol: 'tcp',
          ports: [1, 65535],
          priority: 1,
          peer: { group: 'web' },
        },
      ],
    },
    open: {
      vpc: 'v2',
      innerAccess: true,
      rules: [{ direction: 'ingress', policy: 'accept', protocol: 'all', priority: 1, peer: everywhere }],
    },
    shut: { vpc: 'v2', innerAccess: false, rules: [] },
    plain: { vpc: 'v3', innerAccess: true, rules: [] },
  },
  machines: {
    a1: { vpc: 'v1', address: '10.0.0.10', groups: ['web'] },
    a2: { vpc: 'v1', address: '10.0.0.11', groups: ['web'] },
    a3: { vpc: 'v1', address: '10.0.0.12', groups: ['quiet'] },
    b1: { vpc: 'v2', address: '10.0.0.10', groups: ['open'] },
    b2: { vpc: 'v2', address: '10.0.0.11', groups: ['shut'] },
    c1: { vpc: 'v3', address: '10.0.0.10', groups: ['plain'] },
    c2: { vpc: 'v3', address: '10.0.0.11', groups: ['plain'] },
  },
  balancer: { vpc: 'v2', address: '10.0.0.30', backend: 'b1' },
  // Its address is given out when it is made.
  endpoint: { vpc: 'v1', address: '', groups: ['entry'], connected: false },
  served: ['tcp/80', 'tcp/81', 'udp/5000'],
}

const scope = new AsyncDisposableStack()
let system: System
let provider: Account
let consumer: Account
let world: World
let service: string
let endpoint: string
/** Ids of VPCs, groups and machines by their names here. */
const ids = new Map<string, string>()

function id(name: string): string {
  const found = ids.get(name)
  if (found === undefined) throw new Error(`${name} was not made`)
  return found
}

const owner = (vpc: string) => (vpc === 'v2' ? provider : consumer)

beforeAll(async () => {
  system = scope.use(await startSystem())
  provider = system
  consumer = await system.account('consumer')
  await openPrivatelink(consumer)
  await Promise.all(['v1', 'v2', 'v3'].map(makeNetwork))
  await Promise.all(Object.entries(wanted.machines).map(([name, machine]) => makeMachine(name, machine)))
  const balancer = await makeBalancer(provider, {
    vpc: id('v2'),
    vswitch: id('v2 vswitch'),
    backends: [id(wanted.balancer.backend)],
    address: wanted.balancer.address,
  })
  service = await makeService(provider, [{ balancer, zone }], false)
  await provider.call('Privatelink', 'AddUserToVpcEndpointService', {
    ServiceId: service,
    UserId: consumer.id,
  })
  const network = { vpc: id('v1'), vswitch: id('v1 vswitch'), group: id('entry') }
  const made = await makeEndpoint(consumer, service, network, ['Wait'])
  endpoint = made.endpoint
  world = { ...wanted, endpoint: { ...wanted.endpoint, address: made.address } }
})

afterAll(() => scope.disposeAsync())

async function makeNetwork(vpc: string): Promise<void> {
  const account = owner(vpc)
  ids.set(vpc, await makeVpc(account))
  ids.set(`${vpc} vswitch`, await makeVSwitch(account, id(vpc), '10.0.0.0/24'))
  const groups = Object.entries(wanted.groups).filter(([, group]) => group.vpc === vpc)
  for (const [name] of groups) ids.set(name, await makeGroup(account, id(vpc)))
  for (const [name, { innerAccess, rules }] of groups) {
    const SecurityGroupId = id(name)
    if (!innerAccess) {
      const InnerAccessPolicy = 'Drop'
      await account.call('Ecs', 'ModifySecurityGroupPolicy', { SecurityGroupId, InnerAccessPolicy })
    }
    for (const rule of rules) {
      const egress = rule.direction === 'egress'
      const side = egress ? 'Dest' : 'Source'
      await account.call('Ecs', egress ? 'AuthorizeSecurityGroupEgress' : 'AuthorizeSecurityGroup', {
        SecurityGroupId,
        IpProtocol: rule.protocol,
        PortRange: rule.ports?.join('/') ?? '-1/-1',
        Policy: rule.policy,
        Priority: String(rule.priority),
        ...('group' in rule.peer
          ? { [`${side}GroupId`]: id(rule.peer.group) }
          : { [`${side}CidrIp`]: rule.peer.cidr }),
      })
    }
  }
}

async function makeMachine(name: string, machine: World['machines'][string]): Promise<void> {
  const [group = ''] = machine.groups
  const data = lineServer(...wanted.served)
  ids.set(
    name,
    await makeInstance(owner(machine.vpc), id(`${machine.vpc} vswitch`), id(group), data, machine.address),
  )
}

const addresses = () => [
  ...new Set(
    [...Object.values(world.machines), world.balancer, world.endpoint].map(({ address }) => address),
  ),
]

/** Everyone tries everything, from inside; `name` of who answered by `client protocol/address/port`. */
async function observed(): Promise<Record<string, string>> {
  const tries = addresses().flatMap((address) =>
    world.served.map((port) => port.replace('/', `/${address}/`)),
  )
  const names = new Map(Object.keys(world.machines).map((name) => [id(name), name]))
  const seen: Record<string, string> = {}
  await Promise.all(
    Object.keys(world.machines).map(async (client) => {
      const [{ stdout, stderr }, pong] = await Promise.all([
        system.run(id(client), tryCommand(tries)),
        command('ip', 'netns', 'exec', system.netns(id(client)), ...pingCommand(addresses())),
      ])
      expect(stderr).toBe('')
      for (const line of stdout.trim().split('\n')) {
        const [target = '', answer = ''] = line.split(' ')
        seen[`${client} ${target}`] = names.get(answer) ?? answer
      }
      for (const address of addresses()) {
        seen[`${client} icmp/${address}`] = pong.split('\n').includes(address) ? 'answers' : '-'
      }
    }),
  )
  return seen
}

function expected(): Record<string, string> {
  const answers: Record<string, string> = {}
  for (const client of Object.keys(world.machines)) {
    for (const address of addresses()) {
      for (const served of world.served) {
        const [protocol = '', port = ''] = served.split('/')
        const answer = whoAnswers(world, client, address, protocol as Protocol, Number(port))
        answers[`${client} ${protocol}/${address}/${port}`] = answer
      }
      const answer = whoAnswers(world, client, address, 'icmp', 0)
      answers[`${client} icmp/${address}`] = answer === '-' ? '-' : 'answers'
    }
  }
  return answers
}

test('before accept nothing passes but what the security groups allow inside each VPC', async () => {
  const answers = expected()
  expect(new Set(Object.values(answers))).toEqual(
    new Set(['-', 'answers', 'a1', 'a2', 'a3', 'b1', 'b2', 'c1', 'c2']),
  )
  expect(await observed()).toEqual(answers)
})

test('after accept one more thing passes: port 80 of the endpoint, for whom its group admits', async () => {
  await decide(provider, 'Enable', service, endpoint)
  const before = expected()
  world = { ...world, endpoint: { ...world.endpoint, connected: true } }
  const opened = Object.entries(expected()).filter(([pair, answer]) => before[pair] !== answer)
  expect(opened.map(([pair, answer]) => `${pair.split(' ')[0]} ${answer}`)).toEqual(['a1 b1', 'a2 b1'])
  expect(await observed()).toEqual(expected())
})

test('a machine that joins a group has its rules at once, towards others and as a member', async () => {
  const which = { InstanceId: id('a3'), SecurityGroupId: id('web') }
  await consumer.call('Ecs', 'JoinSecurityGroup', which)
  const a3 = { vpc: 'v1', address: '10.0.0.12', groups: ['quiet', 'web'] }
  world = { ...world, machines: { ...world.machines, a3 } }
  expect(await observed()).toEqual(expected())
})

test('after deny it is as before', async () => {
  await decide(provider, 'Disable', service, endpoint)
  world = { ...world, endpoint: { ...world.endpoint, connected: false } }
  expect(await observed()).toEqual(expected())
})
