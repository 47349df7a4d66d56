/**
 * Crash anywhere: while one client writes, server and agent are killed at random moments. What was acknowledged is
 * there after the restart, the kernel is what the plan says, and nobody else's connection has noticed.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPlanFile } from '../../../src/agent/plan-file.ts'
import { CallError, type ParamValues } from '../../../src/cli/client.ts'
import { execProgram } from '../../../src/dataplane/exec.ts'
import { createLinuxDataplane } from '../../../src/dataplane/linux.ts'
import { until } from '../../fixtures/deployment.ts'
import { crash, ready } from '../../fixtures/restart.ts'
import { zone } from '../../fixtures/topology.ts'
import { reads } from '../dataplane-world.ts'
import { makeLink, startBeat, startSystem, type Beat, type Link, type System } from './system.ts'

const rounds = 10
const seed = Number(process.env['POSTERN_TEST_SEED'] ?? Date.now() % 1e6)

const scope = new AsyncDisposableStack()
let system: System
let link: Link
let beat: Beat

beforeAll(async () => {
  system = scope.use(await startSystem())
  link = await makeLink(system)
  await system.call('Privatelink', 'UpdateVpcEndpointServiceAttribute', {
    ServiceId: link.service,
    AutoAcceptEnabled: false,
  })
  beat = await startBeat(system, link.client, 'held', link.address)
})

afterAll(() => scope.disposeAsync())

/** Numbers below `limit`, the same for the same seed. */
function dice(start: number): (limit: number) => number {
  let state = start
  return (limit) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * limit)
  }
}

/** What is stored, as `endpoint ep-… → Connected`, `rule 81 → accept`, `weight → 100`. */
type Facts = Map<string, string>

interface Write {
  /** The fact it changes; one that is made does not have its name yet. */
  readonly fact: string
  readonly becomes: (answer: Record<string, unknown>) => readonly [fact: string, value: string | undefined]
  readonly product: 'Privatelink' | 'Ecs' | 'Slb'
  readonly action: string
  readonly params: ParamValues
}

function chooseWrite(facts: Facts, roll: (limit: number) => number): Write {
  const endpoints = [...facts.keys()].filter((fact) => fact.startsWith('endpoint '))
  const kind = roll(6)
  if (kind === 0) return changeRule(facts, 2000 + roll(5))
  if (kind === 1) return changeWeight(1 + roll(100))
  const fact = endpoints[roll(endpoints.length)]
  if (fact === undefined || (kind === 2 && endpoints.length < 6)) return createEndpoint
  return changeEndpoint(fact, facts.get(fact) ?? '', roll(3))
}

function changeRule(facts: Facts, port: number): Write {
  const fact = `rule ${port}`
  const there = facts.has(fact)
  const SecurityGroupId = link.network.group
  return {
    fact,
    becomes: () => [fact, there ? undefined : 'Accept'],
    product: 'Ecs',
    action: there ? 'RevokeSecurityGroup' : 'AuthorizeSecurityGroup',
    params: { SecurityGroupId, IpProtocol: 'UDP', PortRange: `${port}/${port}`, SourceCidrIp: '10.0.0.0/8' },
  }
}

function changeWeight(weight: number): Write {
  const servers = [{ ServerId: link.backends[0], Weight: weight }]
  return {
    fact: 'weight',
    becomes: () => ['weight', String(weight)],
    product: 'Slb',
    action: 'SetBackendServers',
    params: { LoadBalancerId: link.balancer, BackendServers: JSON.stringify(servers) },
  }
}

const createEndpoint: Write = {
  fact: 'endpoint',
  becomes: ({ EndpointId }) => [`endpoint ${String(EndpointId)}`, 'Disconnected with a zone'],
  product: 'Privatelink',
  action: 'CreateVpcEndpoint',
  get params() {
    const { network, service } = link
    return {
      ServiceId: service,
      VpcId: network.vpc,
      SecurityGroupId: [network.group],
      Zone: [{ ZoneId: zone, VSwitchId: network.vswitch }],
    }
  },
}

/** Mostly forward on its way: accepted, denied, without zone, deleted. */
function changeEndpoint(fact: string, value: string, which: number): Write {
  const EndpointId = fact.slice('endpoint '.length)
  const write = (action: string, becomes: string | undefined, params: ParamValues): Write => ({
    fact,
    becomes: () => [fact, becomes],
    product: 'Privatelink',
    action,
    params: { EndpointId, ...params },
  })
  const ServiceId = link.service
  if (value === 'Connected with a zone')
    return write('DisableVpcEndpointConnection', 'Disconnected with a zone', { ServiceId })
  if (value !== 'Disconnected with a zone') return write('DeleteVpcEndpoint', undefined, {})
  return which > 0
    ? write('EnableVpcEndpointConnection', 'Connected with a zone', { ServiceId })
    : write('RemoveZoneFromVpcEndpoint', 'Disconnected', { ZoneId: zone })
}

/** The facts as the API tells them, once nothing is on its way any more. */
async function readFacts(): Promise<Facts> {
  const facts: Facts = new Map()
  const attributes = await system.call('Slb', 'DescribeLoadBalancerAttribute', {
    LoadBalancerId: link.balancer,
  })
  const { BackendServer } = attributes['BackendServers'] as {
    BackendServer: { ServerId: string; Weight: number }[]
  }
  const weight = BackendServer.find(({ ServerId }) => ServerId === link.backends[0])?.Weight
  facts.set('weight', String(weight))
  const group = await system.call('Ecs', 'DescribeSecurityGroupAttribute', {
    SecurityGroupId: link.network.group,
  })
  const { Permission } = group['Permissions'] as { Permission: Record<string, string>[] }
  for (const { IpProtocol, PortRange = '', Policy = '' } of Permission) {
    if (IpProtocol === 'UDP') facts.set(`rule ${PortRange.split('/')[0]}`, Policy)
  }
  for (const [id, value] of await until('all endpoints to be settled', settledEndpoints)) {
    if (id !== link.endpoint) facts.set(`endpoint ${id}`, value)
  }
  return facts
}

async function settledEndpoints(): Promise<readonly (readonly [string, string])[] | undefined> {
  const listed = await system.call('Privatelink', 'ListVpcEndpoints', { MaxResults: 50 })
  const endpoints = listed['Endpoints'] as {
    EndpointId: string
    EndpointStatus: string
    ConnectionStatus: string
  }[]
  const facts: (readonly [string, string])[] = []
  for (const { EndpointId, EndpointStatus, ConnectionStatus } of endpoints) {
    const answer = await system.call('Privatelink', 'ListVpcEndpointZones', { EndpointId })
    const [found] = answer['Zones'] as { ZoneStatus: string }[]
    const settled =
      EndpointStatus === 'Active' &&
      ['Connected', 'Disconnected'].includes(ConnectionStatus) &&
      (!found || ['Wait', 'Connected', 'Disconnected'].includes(found.ZoneStatus))
    if (!settled) return undefined
    facts.push([EndpointId, found ? `${ConnectionStatus} with a zone` : ConnectionStatus])
  }
  return facts
}

interface Progress {
  acknowledged: number
}

/** Writes until the server is gone or `over` says so; gives the fact that a write without an answer may have changed. */
async function writeOn(
  facts: Facts,
  roll: (limit: number) => number,
  over: () => boolean,
  progress: Progress,
): Promise<string | undefined> {
  while (!over()) {
    const write = chooseWrite(facts, roll)
    try {
      const [fact, value] = write.becomes(await system.call(write.product, write.action, write.params))
      progress.acknowledged++
      if (value === undefined) facts.delete(fact)
      else facts.set(fact, value)
    } catch (error) {
      // Refused as long as a change before is not carried out; a dead agent carries nothing out.
      if (!(error instanceof CallError && error.status < 500)) return write.fact
      await delay(5)
    }
  }
  return undefined
}

/** The commands with which a data plane that knows nothing would bring the kernel to the agent's plan. */
async function correctingCommands(): Promise<readonly string[]> {
  const { loaded: plan } = await openPlanFile(join(system.state, 'agent'))
  if (!plan) throw new Error('the agent has no plan')
  const changes: string[] = []
  const dataplane = createLinuxDataplane({
    deployment: system.mark,
    exec: (command, stdin) => {
      if (!reads(command)) changes.push(`${command.join(' ')}\n${stdin ?? ''}`)
      return execProgram(command, stdin)
    },
  })
  expect(await dataplane.apply(plan, 'observed')).toEqual([])
  return changes
}

test(`after ${rounds} crashes everything acknowledged is there, and the kernel is as planned (seed ${seed})`, async () => {
  const roll = dice(seed)
  const facts = await readFacts()
  const progress: Progress = { acknowledged: 0 }
  for (let round = 0; round < rounds; round++) {
    let over = false
    const writing = writeOn(facts, roll, () => over, progress)
    await delay(50 + roll(400))
    const parts = ([['server'], ['agent'], ['server', 'agent']] as const)[roll(3)] ?? []
    await Promise.all(parts.map((part) => crash(system, part)))
    // An agent's death stops no writes: some more go to a server that is alone.
    await delay(roll(200))
    over = true
    const doubtful = await writing
    await system.postern('up')
    await until('the deployment to be ready', () => ready(system))
    const found = await readFacts()
    for (const [fact, value] of found) {
      const isDoubtful =
        doubtful === 'endpoint' ? fact.startsWith('endpoint') && !facts.has(fact) : fact === doubtful
      if (isDoubtful) facts.set(fact, value)
    }
    if (doubtful && !found.has(doubtful)) facts.delete(doubtful)
    expect([round, found]).toEqual([round, facts])
    await until('the deployment to be ready', () => ready(system))
    expect([round, await correctingCommands()]).toEqual([round, []])
    await beat.goesOn(5)
  }
  expect(progress.acknowledged).toBeGreaterThan(2 * rounds)
}, 120_000)
