/** `explain` names what was broken, one thing after the other, and `proof` finds what the kernel does against the model. */
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { digestOf } from '../../../src/probe/canonical.ts'
import { runCommand } from '../../../src/cli/command.ts'
import { command } from '../../fixtures/command.ts'
import { zone } from '../../fixtures/topology.ts'
import { decide, makeLink, startSystem, type Link, type System } from './system.ts'

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

async function explain(place = `${link.endpoint}:80`, ...options: readonly string[]) {
  const { code, stdout, stderr } = await postern(
    'explain',
    link.client,
    place,
    '--output',
    'json',
    ...options,
  )
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

test('the truth table has no difference, until a rule is taken out of the kernel', async () => {
  const file = join(system.state, 'proof.json')
  const good = await postern('proof', '--save', file, '--output', 'json')
  const table = JSON.parse(good.stdout) as Proof
  expect(table.differences).toEqual([])
  expect(good.code).toBe(0)
  expect(table.open).toBeGreaterThan(0)
  expect(table.probes).toBeGreaterThan(table.open)
  expect(table.digest).toBe(digestOf(table.rows))
  expect((JSON.parse(await readFile(file, 'utf8')) as Proof).digest).toBe(table.digest)
  // `down --purge` leaves what is not its own.
  await rm(file)

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
  const bad = await postern('proof', '--ports', '80', '--output', 'json')
  expect(bad.code).toBe(1)
  expect((JSON.parse(bad.stdout) as Proof).differences).toEqual([
    { client: link.client, address: link.address, port: 80, model: 'open', probe: 'refused' },
  ])
})
