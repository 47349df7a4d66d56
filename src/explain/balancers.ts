/** From a balancer's address to the servers that take a new flow. */
import { ruleFor } from '../model/forwarding-rules.ts'
import type { BackendServer, ForwardingRule, Listener, LoadBalancer } from '../model/world.ts'
import { passing, stopping, type Destination, type HttpRequest, type Step } from './judgement.ts'
import { limitsOfBalancer } from './limits.ts'
import { addressesOf, downZoneOf, instanceOf, ownerOfVpc, type Scene } from './scene.ts'

export interface Balanced {
  readonly steps: readonly Step[]
  readonly targets: readonly BackendTarget[]
  /** The balancer, where its proxy answers by itself. */
  readonly itself: readonly Destination[]
  readonly listener: Listener | undefined
}

export interface BackendTarget extends Destination {
  readonly instance: string
}

export interface Call {
  readonly protocol: 'tcp' | 'udp'
  readonly port: number
  readonly request?: HttpRequest | undefined
}

export function balance(scene: Scene, balancer: LoadBalancer, call: Call): Balanced {
  const { protocol, port } = call
  const { world } = scene
  const account = ownerOfVpc(world, balancer.vpc)
  const stop = (step: Step): Balanced => ({ steps: [step], targets: [], itself: [], listener: undefined })
  if (balancer.status !== 'active') {
    const { id, status } = balancer
    return stop(stopping({ code: 'balancerState', balancer: id, status, account }))
  }
  const isUp = (zone: string | undefined) => zone !== undefined && !world.zonesDown.includes(zone)
  const [address] = balancer.addresses
  if (address && !balancer.addresses.some(({ zone, backup }) => isUp(zone) || isUp(backup))) {
    return stop(stopping({ code: 'zoneDown', zone: address.zone, object: balancer.id }))
  }
  const listener = balancer.listeners.find((one) => isCalled(one, call))
  if (!listener) {
    const existing = balancer.listeners.map(nameOf).toSorted()
    return stop(stopping({ code: 'listenerAbsent', balancer: balancer.id, protocol, port, existing }))
  }
  const of = { balancer: balancer.id, account, protocol: listener.protocol, port }
  if (listener.status !== 'running' && listener.status !== 'starting') {
    return stop(stopping({ code: 'listenerStopped', ...of }))
  }
  const runs = passing({ code: 'listenerRuns', ...of })
  const { steps, servers } = listener.http
    ? takenBy(listener, listener.http, of, call.request)
    : { steps: [], servers: listener.servers }
  const before = [runs, ...limitsOfBalancer(scene, balancer, listener), ...steps]
  if (!servers) {
    const ends = steps.every(({ verdict }) => verdict === 'passes')
    return { steps: before, targets: [], itself: ends ? [proxyOf(balancer, port)] : [], listener }
  }
  const { step, taking } = choose(scene, balancer.id, listener, servers, of)
  const targets = taking.map((server) => targetOf(scene, server, port))
  return { steps: [...before, step], targets, itself: [], listener }
}

function isCalled(listener: Listener, { protocol, port }: Call): boolean {
  const isInside = listener.port <= port && port <= (listener.lastPort ?? listener.port)
  return isInside && (listener.protocol === 'udp') === (protocol === 'udp')
}

function nameOf({ protocol, port, lastPort }: Listener): string {
  return `${protocol}/${port}${lastPort === undefined ? '' : `-${lastPort}`}`
}

/** What the balancer answers itself. */
function proxyOf({ addresses }: LoadBalancer, port: number): Destination {
  return { instance: undefined, address: addresses[0]?.address ?? '', port }
}

interface Taken {
  readonly steps: readonly Step[]
  /** Undefined when no server is asked. */
  readonly servers: readonly BackendServer[] | undefined
}

/** What becomes of a request before a server is chosen for it. */
function takenBy(
  { protocol, servers }: Listener,
  http: NonNullable<Listener['http']>,
  of: Of,
  request: Call['request'],
): Taken {
  const authority = http.tls?.clientAuthority
  if (!request) return { steps: [passing({ code: 'proxyAnswers', ...of })], servers: undefined }
  if (protocol === 'https' && authority !== undefined) {
    return { steps: [stopping({ code: 'needsCertificate', ...of, authority })], servers: undefined }
  }
  const { path } = request
  const host = request.host.toLowerCase()
  const { redirectPort, redirectCode: status } = http
  if (redirectPort !== undefined) {
    const location = `https://${host}${redirectPort === 443 ? '' : `:${redirectPort}`}${path}`
    return { steps: [passing({ code: 'redirects', ...of, status, location })], servers: undefined }
  }
  return byRules(http.rules, servers, of, { host, path })
}

function byRules(
  rules: readonly ForwardingRule[],
  own: readonly BackendServer[],
  of: Of,
  { host, path }: HttpRequest,
): Taken {
  const rule = ruleFor(rules, host, path)
  const seen = { ...of, host, path }
  if (rule === 'nothing') {
    return { steps: [stopping({ code: 'ruleForOtherPaths', ...seen, domain: host })], servers: undefined }
  }
  if (rule) {
    const { id, domain, path: prefix, servers } = rule
    return { steps: [passing({ code: 'ruleFits', ...seen, rule: id, domain, prefix })], servers }
  }
  return {
    steps: rules.length > 0 ? [passing({ code: 'noRuleFits', ...seen, domain: '' })] : [],
    servers: own,
  }
}

interface Chosen {
  readonly step: Step
  readonly taking: readonly BackendServer[]
}

interface Of {
  readonly balancer: string
  readonly account: string | undefined
  readonly protocol: Listener['protocol']
  readonly port: number
}

function choose(
  scene: Scene,
  balancer: string,
  listener: Listener,
  servers: readonly BackendServer[],
  of: Of,
): Chosen {
  const none = (step: Step): Chosen => ({ step, taking: [] })
  if (servers.length === 0) return none(stopping({ code: 'noBackends', ...of }))
  const weighted = servers.filter(({ weight }) => weight > 0)
  if (weighted.length === 0) return none(stopping({ code: 'weightsZero', ...of }))
  const isHealthy = (server: BackendServer) =>
    !listener.healthCheck || healthOf(scene, balancer, listener, server) !== 'abnormal'
  const healthy = weighted.filter(isHealthy)
  if (healthy.length === 0) return none(stopping({ code: 'allAbnormal', ...of, servers: idsOf(weighted) }))
  const first = healthy.filter(({ standby }) => !standby)
  const chosen = first.length > 0 ? first : healthy
  const running = chosen.filter((server) => isThere(scene, server))
  if (running.length === 0) {
    return none(stopping({ code: 'backendsStopped', ...of, servers: idsOf(chosen) }))
  }
  const others = servers.filter((server) => !running.includes(server))
  const taken = { servers: idsOf(running), others: idsOf(others) }
  return { step: passing({ code: 'backendsTake', ...of, ...taken }), taking: running }
}

function idsOf(servers: readonly BackendServer[]): readonly string[] {
  return servers.map(({ server }) => server).toSorted()
}

function healthOf({ health }: Scene, balancer: string, { protocol, port }: Listener, server: BackendServer) {
  return health.find(
    (seen) =>
      seen.balancer === balancer &&
      seen.protocol === protocol &&
      seen.port === port &&
      seen.server === server.server &&
      seen.backendPort === server.port,
  )?.status
}

/** A server is named by its instance or by an interface of one. */
function targetOf(scene: Scene, server: BackendServer, called: number): BackendTarget {
  const { address, port } = server
  return { instance: instanceBehind(scene, server), address, port: port === 0 ? called : port }
}

function instanceBehind({ world }: Scene, { server }: BackendServer): string {
  const eni = world.enis.find(({ id }) => id === server)
  return (eni && instanceOf(eni)) ?? server
}

/** Its instance runs, and has the address: not in a zone that is down. */
function isThere(scene: Scene, server: BackendServer): boolean {
  const { world } = scene
  const instance = instanceBehind(scene, server)
  const eni = world.enis.find(
    (one) => instanceOf(one) === instance && addressesOf(one).includes(server.address),
  )
  const runs = world.instances.some(({ id, status }) => id === instance && status === 'Running')
  return runs && (eni === undefined || downZoneOf(world, eni) === undefined)
}
