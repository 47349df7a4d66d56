/**
 * How long clients notice that something has died. They ask a hundred times a second, and each time is from the event, not from when
 * somebody knew of it.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { callAdmin } from '../src/cli/admin.ts'
import { startDeployment, until, type Deployment } from '../test/fixtures/deployment.ts'
import { crash, ready } from '../test/fixtures/restart.ts'
import {
  makeBalancer,
  makeEndpointIn,
  makeGroup,
  makeInstance,
  makeService,
  makeVpc,
  makeVSwitch,
} from '../test/fixtures/topology.ts'
import { count, median, table } from './statistics.ts'
import { watch, type Watch } from './watch.ts'

const greeter = fileURLToPath(new URL('greeter.ts', import.meta.url))
const [primary, backup, bystander] = ['eu-central-1b', 'eu-central-1c', 'eu-central-1a'] as const

/** Of the same two servers: one listener is checked as usual, the other as often as can be. */
const [usualPort, quickPort] = [80, 81]
const quickCheck = { HealthCheckInterval: 1, HealthyThreshold: 2, UnhealthyThreshold: 2 }

const questions = {
  usualDeath: 'a server dies, usual check: until the last failed connection',
  quickDeath: '… check of 1 s, thresholds of 2',
  usualReturn: 'it comes back, usual check: until it is chosen',
  quickReturn: '… check of 1 s, thresholds of 2',
  zoneName: 'a zone goes down: until the endpoint’s name leaves it out',
  zoneBalancer: '… a CLB goes on from its backup zone: until the last failed connection',
  zoneNameBack: 'the zone comes back: until the name has it',
  zoneBalancerBack: '… until the CLB chooses its server',
  agentDead: 'the agent is killed, and started again 2 s later: connections',
  agentNames: '… from the start until names answer',
  resolverDead: 'the resolver’s process is killed: until names answer',
} as const
type Question = keyof typeof questions

interface Noticed {
  readonly ms: number
  /** Undefined where it is not asked. */
  readonly failed: number | undefined
}

export interface FailoverFigure {
  readonly question: Question
  /** One a round. */
  readonly noticed: readonly Noticed[]
}

export async function measureFailover(
  state: string,
  rounds: number,
  progress: (text: string) => void,
): Promise<FailoverFigure[]> {
  const samples = new Map<Question, Noticed[]>()
  await using scene = await makeScene(state)
  for (let round = 1; round <= rounds; round++) {
    for (const happen of [serverDies, zoneFails, agentDies, resolverDies]) {
      progress(`failover, round ${round}/${rounds}: ${happen.name}`)
      for (const [question, noticed] of Object.entries(await happen(scene)) as [Question, Noticed][]) {
        samples.set(question, [...(samples.get(question) ?? []), noticed])
      }
    }
  }
  return [...samples].map(([question, noticed]) => ({ question, noticed }))
}

type Answers = Partial<Record<Question, Noticed>>

async function serverDies({ first, usual, quick }: Scene): Promise<Answers> {
  const [usualTime, quickTime] = [usual.begin(), quick.begin()]
  await first.kill()
  const [usualDeath, quickDeath] = await Promise.all([usualTime.calm(isServer), quickTime.calm(isServer)])
  const [usualBack, quickBack] = [usual.begin(), quick.begin()]
  await first.start()
  const [usualReturn, quickReturn] = await Promise.all([
    usualBack.first(is(first.name)),
    quickBack.first(is(first.name)),
  ])
  return {
    usualDeath: { ms: usualDeath.ms, failed: usualDeath.bad },
    quickDeath: { ms: quickDeath.ms, failed: quickDeath.bad },
    usualReturn: { ms: usualReturn, failed: undefined },
    quickReturn: { ms: quickReturn, failed: undefined },
  }
}

async function zoneFails({ deployment, first, inside, name, addresses }: Scene): Promise<Answers> {
  const [, atBackup = ''] = addresses
  const say = (state: 'down' | 'up') =>
    callAdmin(deployment.adminSocket, 'POST', `/zones/${primary}/${state}`)
  const [nameTime, balancerTime] = [name.begin(), inside.begin()]
  await say('down')
  const [names, balancer] = await Promise.all([
    nameTime.calm((found) => found === atBackup),
    balancerTime.calm(isServer),
  ])
  const [nameBack, balancerBack] = [name.begin(), inside.begin()]
  await say('up')
  const [namesBack, chosen] = await Promise.all([
    nameBack.first(is(addresses.toSorted().join())),
    balancerBack.first(is(first.name)),
  ])
  return {
    zoneName: { ms: names.ms, failed: undefined },
    zoneBalancer: { ms: balancer.ms, failed: balancer.bad },
    zoneNameBack: { ms: namesBack, failed: undefined },
    zoneBalancerBack: { ms: chosen, failed: undefined },
  }
}

/** Also starts the next part from a service process that has never failed, which is started again without a longer pause. */
async function agentDies({ deployment, quick, name }: Scene): Promise<Answers> {
  const traffic = quick.begin()
  await crash(deployment, 'agent')
  await traffic.calm(isServer)
  const names = name.begin()
  await deployment.postern('up')
  await until('everything to be in the kernel', () => ready(deployment))
  const answered = await names.first(isAddresses)
  const { ms, bad } = await traffic.calm(isServer)
  return { agentDead: { ms, failed: bad }, agentNames: { ms: answered, failed: undefined } }
}

async function resolverDies({ deployment, name }: Scene): Promise<Answers> {
  const pid = await childOf(deployment.pid('agent'), 'service.ts')
  const names = name.begin()
  process.kill(pid, 'SIGKILL')
  return { resolverDead: { ms: await names.first(isAddresses), failed: undefined } }
}

const is = (wanted: string) => (outcome: string) => outcome === wanted
const isServer = (outcome: string) => outcome === primary || outcome === backup
const isAddresses = (outcome: string) => /^[\d.,]+$/.test(outcome)

interface Server {
  readonly name: string
  start(): Promise<void>
  kill(): Promise<void>
}

interface Scene extends AsyncDisposable {
  readonly deployment: Deployment
  /** In the zone that fails; the other server is in the backup zone. */
  readonly first: Server
  /** A consumer's, by the endpoint. */
  readonly usual: Watch
  readonly quick: Watch
  readonly name: Watch
  /** Of a client in the balancer's own VPC. */
  readonly inside: Watch
  /** The endpoint's, in the primary and in the backup zone. */
  readonly addresses: readonly string[]
}

async function makeScene(state: string): Promise<Scene> {
  await using scope = new AsyncDisposableStack()
  const deployment = scope.use(await startDeployment(state))
  const { call, netns } = deployment
  const offer = await makeNet(deployment)
  const servers: Server[] = []
  const backends: string[] = []
  for (const zone of [primary, backup]) {
    const instance = await makeInstance(deployment, offer.in(zone), offer.group, '')
    const server = greeterIn(netns(instance), zone)
    await server.start()
    scope.defer(() => server.kill())
    servers.push(server)
    backends.push(instance)
  }
  const [first] = servers
  if (!first) throw new Error('there is no server')
  const resources = []
  for (const zone of [primary, backup]) {
    const wanted = { vpc: offer.vpc, vswitch: offer.in(zone), zone, backends }
    const balancer = await makeBalancer(deployment, wanted)
    const listener = { LoadBalancerId: balancer, ListenerPort: quickPort }
    const target = { BackendServerPort: 80, Bandwidth: -1 }
    await call('Slb', 'CreateLoadBalancerTCPListener', { ...listener, ...target, ...quickCheck })
    await call('Slb', 'StartLoadBalancerListener', listener)
    resources.push({ balancer, zone })
  }
  const service = await makeService(deployment, resources, true)
  const network = await makeNet(deployment)
  const places = [primary, backup].map((zone) => ({ zone, vswitch: network.in(zone) }))
  const { endpoint, addresses } = await makeEndpointIn(deployment, service, network, places, ['Connected'])
  const described = await call('Privatelink', 'GetVpcEndpointAttribute', { EndpointId: endpoint })
  const client = netns(await makeInstance(deployment, network.in(bystander), network.group, ''))
  const neighbour = netns(await makeInstance(deployment, offer.in(bystander), offer.group, ''))
  const LoadBalancerId = resources[0]?.balancer ?? ''
  const own = await call('Slb', 'DescribeLoadBalancerAttribute', { LoadBalancerId })
  for (const { balancer } of resources) {
    await until('all servers to be normal', async () => {
      const answer = await call('Slb', 'DescribeHealthStatus', { LoadBalancerId: balancer })
      const { BackendServer } = answer['BackendServers'] as {
        BackendServer: { ServerHealthStatus: string }[]
      }
      return BackendServer.every(({ ServerHealthStatus }) => ServerHealthStatus === 'normal') || undefined
    })
  }
  const seen = async (from: string, address: string, port: number) =>
    scope.use(await watch(from, { kind: 'service', address, port }))
  const viaBackup = addresses[1] ?? ''
  const usual = await seen(client, viaBackup, usualPort)
  const quick = await seen(client, viaBackup, quickPort)
  const inside = await seen(neighbour, String(own['Address']), quickPort)
  const name = scope.use(await watch(client, { kind: 'name', name: String(described['EndpointDomain']) }))
  const built = scope.move()
  return {
    deployment,
    first,
    usual,
    quick,
    inside,
    name,
    addresses,
    [Symbol.asyncDispose]: () => built.disposeAsync(),
  }
}

/** A VPC with a vSwitch in each zone. */
async function makeNet(deployment: Deployment) {
  const vpc = await makeVpc(deployment)
  const group = await makeGroup(deployment, vpc, [{ PortRange: '1/65535' }])
  const vswitches = new Map<string, string>()
  for (const [index, zone] of [primary, backup, bystander].entries()) {
    vswitches.set(zone, await makeVSwitch(deployment, vpc, `10.0.${index}.0/24`, zone))
  }
  return { vpc, group, in: (zone: string) => vswitches.get(zone) ?? '' }
}

/** Run from here, not by user data: it ends at the moment it is killed, and nobody starts it again. */
function greeterIn(netns: string, name: string): Server {
  let end = () => Promise.resolve()
  return {
    name,
    async start() {
      const child = spawn('ip', ['netns', 'exec', netns, process.execPath, greeter, name], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const ended = once(child, 'exit')
      end = async () => void (child.kill('SIGKILL') && (await ended))
      await once(child.stdout, 'data')
    },
    kill: () => end(),
  }
}

async function childOf(parent: number, program: string): Promise<number> {
  const children = (await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8')).trim().split(' ')
  for (const pid of children) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (words.split('\0').some((word) => word.endsWith(program))) return Number(pid)
  }
  throw new Error(`the agent runs no ${program}`)
}

export function failoverTable(figures: readonly FailoverFigure[]): string {
  const seconds = (ms: number) => (ms / 1000).toFixed(2)
  const rows = figures.map(({ question, noticed }) => {
    const times = noticed.map(({ ms }) => ms)
    const failed = noticed.flatMap((one) => one.failed ?? [])
    return [
      questions[question],
      seconds(median(times)),
      seconds(Math.max(...times)),
      failed.length > 0 ? count(Math.max(...failed)) : '',
    ]
  })
  return table([['what clients notice', 'median, s', 'most, s', 'failed, most'], ...rows])
}
