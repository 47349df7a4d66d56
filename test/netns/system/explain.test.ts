/** `explain` names what was broken, one thing after the other, and `proof` finds what the kernel does against the model. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { digestOf } from '../../../src/probe/canonical.ts'
import { runCommand } from '../../../src/cli/command.ts'
import { command } from '../../fixtures/command.ts'
import { until } from '../../fixtures/deployment.ts'
import { ready } from '../../fixtures/restart.ts'
import { makeConsumer, makeEndpoint, makeInstance, openPrivatelink, zone } from '../../fixtures/topology.ts'
import { crowdCommand, echoServer, floodCommand, inBackground } from './programs.ts'
import { connectionStatus, decide, makeLink, startSystem, type Link, type System } from './system.ts'

const scope = new AsyncDisposableStack()
let system: System
let link: Link

beforeAll(async () => {
  system = scope.use(await startSystem())
  link = await makeLink(system, { HealthCheckSwitch: 'off' })
})

afterAll(() => scope.disposeAsync())

interface Explained {
  readonly passes: boolean
  readonly agrees: boolean | undefined
  readonly model: {
    readonly steps: readonly { verdict: string; reason: Record<string, unknown>; mend?: string }[]
  }
  readonly probe: { readonly outcome: string } | undefined
}

async function postern(...words: readonly string[]) {
  const { code, stdout, stderr } = await runCommand(['./postern', ...words, '--state', system.state], {
    cwd: process.cwd(),
  })
  return { code, stdout, stderr }
}

const explain = (place = `${link.endpoint}:80`, ...options: readonly string[]) =>
  explainFrom(link.client, place, ...options)

async function explainFrom(client: string, place: string, ...options: readonly string[]) {
  const { code, stdout, stderr } = await postern('explain', client, place, '--output', 'json', ...options)
  expect(stdout, stderr).not.toBe('')
  const told = JSON.parse(stdout) as Explained
  const last = told.model.steps.at(-1)
  return { code, said: last?.reason['code'], last, ...told, people: stderr }
}

const listener = () => ({ LoadBalancerId: link.balancer, ListenerPort: 80 })

test('a packet that passes, by id, name and address', async () => {
  const answer = await system.call('Privatelink', 'GetVpcEndpointAttribute', { EndpointId: link.endpoint })
  for (const place of [link.endpoint, String(answer['EndpointDomain']), link.address]) {
    expect(await explain(`${place}:80`)).toMatchObject({
      code: 0,
      said: 'listens',
      agrees: true,
      passes: true,
    })
  }
})

test('each thing that is broken is named, the real packet agrees, and the command mends it', async () => {
  async function broken(code: string, mends: boolean): Promise<void> {
    const told = await explain()
    expect(told).toMatchObject({ code: 1, said: code, agrees: true, passes: false })
    if (!mends) return
    const [, ...words] = String(told.last?.mend).split(' ')
    expect(await postern(...words)).toMatchObject({ code: 0 })
  }
  const whole = async () => expect(await explain()).toMatchObject({ code: 0, passes: true })

  await system.call('Slb', 'StopLoadBalancerListener', listener())
  await broken('listenerStopped', true)
  await whole()

  await system.call('Slb', 'SetLoadBalancerStatus', {
    LoadBalancerId: link.balancer,
    LoadBalancerStatus: 'inactive',
  })
  await broken('balancerState', true)
  await whole()

  const weigh = (Weight: number) =>
    system.call('Slb', 'SetBackendServers', {
      LoadBalancerId: link.balancer,
      BackendServers: JSON.stringify(link.backends.map((ServerId) => ({ ServerId, Weight }))),
    })
  await weigh(0)
  await broken('weightsZero', false)
  await weigh(100)
  await whole()

  const denied = {
    SecurityGroupId: link.network.group,
    IpProtocol: 'tcp',
    PortRange: '80/80',
    Priority: '1',
    Policy: 'Drop',
  }
  await system.call('Ecs', 'AuthorizeSecurityGroupEgress', { ...denied, DestCidrIp: '0.0.0.0/0' })
  await broken('mayNotLeave', true)
  await whole()
  await system.call('Ecs', 'AuthorizeSecurityGroup', { ...denied, SourceCidrIp: '0.0.0.0/0' })
  await broken('mayNotEnter', true)
  await whole()

  await postern('zone', 'down', zone)
  expect(
    (JSON.parse((await postern('proof', '--ports', '80', '--output', 'json')).stdout) as Proof).differences,
  ).toEqual([])
  await broken('zoneDown', true)
  await whole()

  await decide(system, 'Disable', link.service, link.endpoint)
  await broken('connectionState', false)
  await decide(system, 'Enable', link.service, link.endpoint)
  await whole()
})

test('an account that has left the whitelist is named, and gets in again when it is listed and accepted', async () => {
  const consumer = await system.account('consumer')
  await openPrivatelink(consumer)
  const entry = { ServiceId: link.service, UserId: consumer.id }
  await system.call('Privatelink', 'AddUserToVpcEndpointService', entry)
  await system.call('Privatelink', 'TagResources', {
    ResourceType: 'vpcendpointservice',
    ResourceId: [link.service],
    Tag: [{ Key: 'postern:whitelist', Value: 'reconcile' }],
  })
  const network = await makeConsumer(consumer)
  const client = await makeInstance(consumer, network.vswitch, network.group, '')
  const { endpoint } = await makeEndpoint(consumer, link.service, network, ['Connected'])
  const asked = () => explainFrom(client, `${endpoint}:80`)
  expect(await asked()).toMatchObject({ code: 0, agrees: true, passes: true })

  await system.call('Privatelink', 'RemoveUserFromVpcEndpointService', entry)
  await until('Disconnected', async () => {
    return (await connectionStatus(system, link.service, endpoint)) === 'Disconnected' || undefined
  })
  const told = await asked()
  expect(told).toMatchObject({ code: 1, said: 'connectionState', agrees: true, passes: false })
  expect(told.last?.reason).toMatchObject({ account: consumer.id, whitelisted: false })
  expect(told.last?.mend).toContain(`AddUserToVpcEndpointService`)

  const [, ...words] = String(told.last?.mend).split(' ')
  expect(await postern(...words)).toMatchObject({ code: 0 })
  expect((await asked()).last?.reason).toMatchObject({ code: 'connectionState', whitelisted: true })
  await decide(system, 'Enable', link.service, endpoint)
  expect(await asked()).toMatchObject({ code: 0, agrees: true, passes: true })
})

test('a port without listener, a name of nobody, another VPC and a program that does not listen', async () => {
  expect(await explain(`${link.endpoint}:81`)).toMatchObject({
    code: 1,
    said: 'listenerAbsent',
    agrees: true,
  })
  expect(await explain(`${link.backends[0]}:80`)).toMatchObject({ code: 1, said: 'otherVpc', agrees: true })
  expect(await explain('10.0.3.77:80')).toMatchObject({ code: 1, agrees: true })
  expect(await explain('nothing.privatelink.aliyuncs.com:80')).toMatchObject({
    code: 1,
    said: 'nameUnknown',
    probe: { outcome: 'unresolved' },
    agrees: true,
  })
  expect(await explain(`${link.endpoint}:80`, '--udp')).toMatchObject({
    code: 1,
    said: 'listenerAbsent',
    agrees: true,
  })
  for (const backend of link.backends) {
    await system.run(backend, ['sh', '-c', 'touch dead; kill "$(cat server)"'])
  }
  expect(await explain()).toMatchObject({ code: 1, said: 'nobodyListens', agrees: true })
  for (const backend of link.backends) await system.run(backend, ['rm', 'dead'])
  await expect.poll(async () => (await explain()).said, { timeout: 30_000 }).toBe('listens')
})

test('a consumer’s limit that is reached is named, once a real packet was dropped', async () => {
  await system.postern('limit', 'set', system.id, '1')
  await until('the limit to be in the kernel', () => ready(system))
  const held = system.hold(link.client, crowdCommand(link.address, 1, 50, 60))
  await held.line(/^1 answered/)
  const told = await explain()
  expect(told).toMatchObject({ code: 1, said: 'consumerFull', agrees: true, passes: false })
  expect(told.last?.reason).toMatchObject({ account: system.id, limit: 1 })
  const [, ...words] = String(told.last?.mend).split(' ')
  expect(await postern(...words)).toMatchObject({ code: 0 })
  await until('the new limit to be in the kernel', () => ready(system))
  expect(await explain()).toMatchObject({ code: 0, passes: true })
  await system.postern('limit', 'set', system.id, 'none')
})

test('datagrams: a listener that is stopped, and a rule that keeps them out', async () => {
  const listens = { ...listener(), ListenerPort: 5000 }
  const datagrams = { ...listens, BackendServerPort: 5000, HealthCheckSwitch: 'off' }
  await system.call('Slb', 'CreateLoadBalancerUDPListener', datagrams)
  for (const backend of link.backends)
    await system.run(backend, inBackground('echo', ['sh', '-c', echoServer(5000)]))
  const ask = () => explain(`${link.endpoint}:5000`, '--udp')
  async function broken(code: string): Promise<void> {
    const told = await ask()
    expect(told).toMatchObject({ code: 1, said: code, agrees: true, passes: false })
    const [, ...words] = String(told.last?.mend).split(' ')
    expect(await postern(...words)).toMatchObject({ code: 0 })
    expect(await ask()).toMatchObject({ code: 0, said: 'listens', probe: { outcome: 'open' } })
  }
  await broken('listenerStopped')
  await system.call('Ecs', 'AuthorizeSecurityGroup', {
    SecurityGroupId: link.network.group,
    IpProtocol: 'udp',
    PortRange: '5000/5000',
    Priority: '1',
    Policy: 'Drop',
    SourceCidrIp: '0.0.0.0/0',
  })
  await broken('mayNotEnter')
})

test('a bandwidth that is used up is named, whether the real packet gets through or not', async () => {
  const which = { ServiceId: link.service, EndpointId: link.endpoint }
  await system.call('Privatelink', 'UpdateVpcEndpointConnectionAttribute', { ...which, Bandwidth: 100 })
  await system.run(link.client, inBackground('flood', floodCommand(link.address, 5000, 20)))
  const full = await until('drops to be told', async () => {
    const { model, passes, code } = await explain()
    expect(code).toBe(passes ? 0 : 1)
    return model.steps.find(({ reason }) => reason['code'] === 'bandwidthFull')
  })
  expect(full.reason).toMatchObject({ endpoint: link.endpoint, service: link.service, limit: 100 })
  const [, ...words] = String(full.mend).split(' ')
  expect(await postern(...words)).toMatchObject({ code: 0 })
  const connection = async () => {
    const answer = await system.call('Privatelink', 'ListVpcEndpointConnections', which)
    const [found] = answer['Connections'] as { ConnectionStatus: string; Bandwidth: number }[]
    return found?.ConnectionStatus === 'Connected' ? found : undefined
  }
  expect(await until('the new bandwidth', connection)).toMatchObject({ Bandwidth: 200 })
})

test('people read it in their language', async () => {
  expect((await postern('explain', link.client, `${link.endpoint}:81`)).stdout).toContain(
    'has no listener at tcp/81',
  )
  expect((await postern('explain', link.client, `${link.endpoint}:81`, '--lang', 'zh')).stdout).toContain(
    '没有 tcp/81 监听',
  )
})

interface Proof {
  readonly probes: number
  readonly open: number
  readonly differences: readonly {
    client: string
    address: string
    port: number
    model: string
    probe: string
  }[]
  readonly digest: string
  readonly rows: readonly unknown[]
}

const udpRow = (probe: string) => ({
  client: link.client,
  address: link.address,
  protocol: 'udp',
  port: 5000,
  model: 'open',
  probe,
})

test('the truth table has no difference, until a rule is taken out of the kernel', async () => {
  const file = join(system.state, 'proof.json')
  const good = await postern('proof', '--save', file, '--output', 'json')
  const table = JSON.parse(good.stdout) as Proof
  expect(table.differences).toEqual([])
  expect(good.code).toBe(0)
  expect(table.open).toBeGreaterThan(0)
  expect(table.probes).toBeGreaterThan(table.open)
  expect(table.digest).toBe(digestOf(table.rows))
  const saved = await readFile(file, 'utf8')
  expect((JSON.parse(saved) as Proof).digest).toBe(table.digest)
  // Anybody can say whether it was changed, with this program or without.
  const python = `import sys, json, hashlib
rows = json.load(open(sys.argv[1]))['rows']
print(hashlib.sha256(json.dumps(rows, sort_keys=True, separators=(',', ':')).encode()).hexdigest())`
  expect((await command('python3', '-c', python, file)).trim()).toBe(table.digest)
  expect(await postern('proof', '--check', file)).toMatchObject({ code: 0 })
  for (const [word, other] of [
    ['"model": "closed"', '"model": "open"'],
    ['"open": ', '"open": 1'],
  ] as const) {
    await writeFile(file, saved.replace(word, other))
    expect(await postern('proof', '--check', file)).toMatchObject({ code: 1 })
  }
  // `down --purge` leaves what is not its own.
  await rm(file)

  const datagrams = JSON.parse(
    (await postern('proof', '--ports', 'udp/5000', '--output', 'json')).stdout,
  ) as Proof
  expect(datagrams).toMatchObject({
    differences: [],
    rows: expect.arrayContaining([udpRow('open')]) as unknown,
  })

  const netns = system.netns(link.network.vpc)
  await command(
    'ip',
    'netns',
    'exec',
    netns,
    'nft',
    'delete',
    'element',
    'ip',
    'postern',
    'endpoints',
    `{ ${link.address} }`,
  )
  const bad = await postern('proof', '--ports', '80,udp/5000', '--output', 'json')
  expect(bad.code).toBe(1)
  expect((JSON.parse(bad.stdout) as Proof).differences).toEqual([
    { ...udpRow('refused'), protocol: 'tcp', port: 80 },
    udpRow('refused'),
  ])
})
