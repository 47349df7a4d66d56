/**
 * What listeners and backends cost: to add one more, and to come through the last of them. A deployment of its own for each number, so that
 * all numbers are measured in turn. Health checks are off: what is measured is the way, not who looks at its ends.
 */
import { join } from 'node:path'
import { openPlanFile } from '../src/agent/plan-file.ts'
import { startDeployment, until, type Deployment } from '../test/fixtures/deployment.ts'
import { ready } from '../test/fixtures/restart.ts'
import {
  makeConsumer,
  makeEndpoint,
  makeInstance,
  makeService,
  zone,
  type Consumer,
} from '../test/fixtures/topology.ts'
import { connectionsPerS, httpPort, requestsPerS } from './load.ts'
import { startNginx } from './nginx.ts'
import { count, median, table } from './statistics.ts'

const addSamples = 10
/** Of a balancer: its quotas, and room for those that are added while it is measured. */
const most = { listeners: 50 - addSamples, backends: 200 - addSamples }
const kinds = ['listeners', 'backends'] as const
type Kind = (typeof kinds)[number]

const firstListenerPort = 1001
/** The one server has as many ports as there are backends. */
const [firstBackendPort, lastBackendPort] = [10_001, 12_000]

export interface CountFigure {
  readonly kind: Kind
  readonly size: number
  readonly balancers: number
  /** From the first call to the last answer, which says that the kernel carries it; median. */
  readonly addOneMs: number
  readonly planKib: number
  /** Through the last one; median, and of the ratios to the fewest in the same round. */
  readonly connectionsPerS: number
  readonly connectionsRatio: number
  /** One request after the other: the best round, because processors that fall asleep in between only add to it. */
  readonly roundTripMicros: number
  readonly roundTripRatio: number
}

export async function measureListeners(
  folder: string,
  state: string,
  sizes: readonly number[],
  rounds: number,
  seconds: number,
  progress: (text: string) => void,
): Promise<CountFigure[]> {
  const figures: CountFigure[] = []
  for (const kind of kinds) {
    await using scope = new AsyncDisposableStack()
    const built: Built[] = []
    for (const size of sizes) {
      progress(`${size} ${kind}`)
      built.push(scope.use(await build(folder, `${state}-${kind}-${size}`, kind, size)))
    }
    figures.push(...(await measure(kind, built, rounds, seconds, progress)))
  }
  return figures
}

async function measure(
  kind: Kind,
  built: readonly Built[],
  rounds: number,
  seconds: number,
  progress: (text: string) => void,
): Promise<CountFigure[]> {
  const samples = built.map(() => ({ addMs: [] as number[], rates: [] as number[], trips: [] as number[] }))
  for (let sample = 1; sample <= addSamples; sample++) {
    progress(`${kind}: one more, ${sample} of ${addSamples}`)
    for (const [place, { add }] of built.entries()) {
      const start = performance.now()
      await add()
      samples[place]?.addMs.push(performance.now() - start)
    }
  }
  for (let round = 1; round <= rounds; round++) {
    progress(`${kind}: through the last one, round ${round}/${rounds}`)
    for (const [place, { client, target }] of built.entries()) {
      samples[place]?.rates.push(await connectionsPerS(client, target(), seconds))
      samples[place]?.trips.push(1e6 / (await requestsPerS(client, target(), seconds, 1)))
    }
  }
  const [smallest] = samples
  const base = smallest?.rates ?? []
  return await Promise.all(
    built.map(async ({ deployment, size, balancers }, place) => {
      const { addMs, rates, trips } = samples[place] ?? { addMs: [], rates: [], trips: [] }
      return {
        kind,
        size,
        balancers,
        addOneMs: median(addMs),
        planKib: await planKib(deployment),
        connectionsPerS: median(rates),
        connectionsRatio: median(rates.map((rate, round) => rate / (base[round] ?? Number.NaN))),
        roundTripMicros: Math.min(...trips),
        roundTripRatio: Math.min(...trips) / Math.min(...(smallest?.trips ?? [])),
      }
    }),
  )
}

interface Built extends AsyncDisposable {
  readonly deployment: Deployment
  readonly size: number
  readonly balancers: number
  readonly client: string
  /** Where the last one is reached. */
  readonly target: () => string
  readonly add: () => Promise<void>
}

async function build(folder: string, state: string, kind: Kind, size: number): Promise<Built> {
  await using scope = new AsyncDisposableStack()
  const deployment = scope.use(await startDeployment(state))
  const offer = await makeConsumer(deployment)
  const server = await makeInstance(deployment, offer.vswitch, offer.group, '')
  scope.use(await startNginx(folder, deployment.netns(server), `${firstBackendPort}-${lastBackendPort}`))
  const last = await (kind === 'listeners' ? withListeners : withBackends)(deployment, offer, server, size)
  const service = await makeService(deployment, [{ balancer: last.balancer, zone }], true)
  const network = await makeConsumer(deployment)
  const { address } = await makeEndpoint(deployment, service, network, ['Connected'])
  const client = await makeInstance(deployment, network.vswitch, network.group, '')
  await until('everything to be in the kernel', () => ready(deployment))
  const built = scope.move()
  return {
    deployment,
    size,
    balancers: Math.ceil(size / most[kind]),
    client: deployment.netns(client),
    target: () => `${address}:${last.port()}`,
    add: last.add,
    [Symbol.asyncDispose]: () => built.disposeAsync(),
  }
}

interface Last {
  readonly balancer: string
  readonly port: () => number
  readonly add: () => Promise<void>
}

type Filled = (deployment: Deployment, offer: Consumer, server: string, size: number) => Promise<Last>

/** All send to the same port of the server. */
const withListeners: Filled = async ({ call }, offer, server, size) => {
  const backend = [{ ServerId: server, Weight: 100 }]
  let port = firstListenerPort
  const addListener = (balancer: string) =>
    makeListener(call, balancer, port++, {
      BackendServerPort: firstBackendPort,
    })
  let balancer = ''
  for (const own of shares(size, most.listeners)) {
    balancer = await makeEmptyBalancer(call, offer)
    await call('Slb', 'AddBackendServers', {
      LoadBalancerId: balancer,
      BackendServers: JSON.stringify(backend),
    })
    await Promise.all(Array.from({ length: own }, () => addListener(balancer)))
  }
  return { balancer, port: () => port - 1, add: () => addListener(balancer) }
}

/** One listener a balancer: all of its backends are in turn. */
const withBackends: Filled = async ({ call }, offer, server, size) => {
  let port = firstBackendPort
  const next = () => ({ ServerId: server, Port: port++, Weight: 100 })
  const addTo = (group: string, many: number) =>
    call('Slb', 'AddVServerGroupBackendServers', {
      VServerGroupId: group,
      BackendServers: JSON.stringify(Array.from({ length: many }, next)),
    })
  let [balancer, group] = ['', '']
  for (const own of shares(size, most.backends)) {
    balancer = await makeEmptyBalancer(call, offer)
    group = String((await call('Slb', 'CreateVServerGroup', { LoadBalancerId: balancer }))['VServerGroupId'])
    await addTo(group, own)
    await makeListener(call, balancer, httpPort, { VServerGroupId: group })
  }
  return { balancer, port: () => httpPort, add: async () => void (await addTo(group, 1)) }
}

/** The last balancer has room for some more. */
function shares(size: number, room: number): number[] {
  const balancers = Math.ceil(size / room)
  return Array.from({ length: balancers }, (_, place) => Math.min(room, size - place * room))
}

type Call = Deployment['call']

async function makeEmptyBalancer(call: Call, { vpc, vswitch }: Consumer): Promise<string> {
  const made = await call('Slb', 'CreateLoadBalancer', {
    AddressType: 'intranet',
    VpcId: vpc,
    VSwitchId: vswitch,
    LoadBalancerSpec: 'slb.s3.large',
    MasterZoneId: zone,
  })
  return String(made['LoadBalancerId'])
}

async function makeListener(
  call: Call,
  balancer: string,
  port: number,
  to: Parameters<Call>[2],
): Promise<void> {
  const listener = { LoadBalancerId: balancer, ListenerPort: port }
  const settings = { Bandwidth: -1, HealthCheckSwitch: 'off' }
  await call('Slb', 'CreateLoadBalancerTCPListener', { ...listener, ...settings, ...to })
  await call('Slb', 'StartLoadBalancerListener', listener)
}

async function planKib({ state }: Deployment): Promise<number> {
  const { loaded } = await openPlanFile(join(state, 'agent'))
  return JSON.stringify(loaded).length / 1024
}

export function listenersTable(figures: readonly CountFigure[]): string {
  const head = ['', 'balancers', 'add one, ms', 'plan, KiB', 'connections/s', 'round trip, µs']
  const rows = figures.map((figure) => [
    `${count(figure.size)} ${figure.kind}`,
    count(figure.balancers),
    figure.addOneMs.toFixed(1),
    count(figure.planKib),
    `${count(figure.connectionsPerS)} (${figure.connectionsRatio.toFixed(2)})`,
    `${figure.roundTripMicros.toFixed(1)} (${figure.roundTripRatio.toFixed(2)})`,
  ])
  return table([head, ...rows])
}
