/** From a balancer's address to the servers that take a new flow. */
import type { BackendServer, Listener, LoadBalancer } from '../model/world.ts'
import { passing, stopping, type Destination, type Step } from './judgement.ts'
import { addressesOf, downZoneOf, instanceOf, ownerOfVpc, type Scene } from './scene.ts'

export interface Balanced {
  readonly steps: readonly Step[]
  readonly targets: readonly BackendTarget[]
  readonly listener: Listener | undefined
}

export interface BackendTarget extends Destination {
  readonly instance: string
}

export interface Call {
  readonly protocol: 'tcp' | 'udp'
  readonly port: number
}

export function balance(scene: Scene, balancer: LoadBalancer, { protocol, port }: Call): Balanced {
  const { world } = scene
  const account = ownerOfVpc(world, balancer.vpc)
  const of = { balancer: balancer.id, account, protocol, port }
  const stop = (step: Step): Balanced => ({ steps: [step], targets: [], listener: undefined })
  if (balancer.status !== 'active') {
    const { id, status } = balancer
    return stop(stopping({ code: 'balancerState', balancer: id, status, account }))
  }
  const isUp = (zone: string | undefined) => zone !== undefined && !world.zonesDown.includes(zone)
  const [address] = balancer.addresses
  if (address && !balancer.addresses.some(({ zone, backup }) => isUp(zone) || isUp(backup))) {
    return stop(stopping({ code: 'zoneDown', zone: address.zone, object: balancer.id }))
  }
  const listener = balancer.listeners.find((one) => one.protocol === protocol && one.port === port)
  if (!listener) {
    const existing = balancer.listeners.map((one) => `${one.protocol}/${one.port}`).toSorted()
    return stop(stopping({ code: 'listenerAbsent', balancer: balancer.id, protocol, port, existing }))
  }
  if (listener.status !== 'running' && listener.status !== 'starting') {
    return stop(stopping({ code: 'listenerStopped', ...of }))
  }
  const runs = passing({ code: 'listenerRuns', ...of })
  const { step, taking } = choose(scene, balancer.id, listener, of)
  return { steps: [runs, step], targets: taking.map((server) => targetOf(scene, server)), listener }
}

interface Chosen {
  readonly step: Step
  readonly taking: readonly BackendServer[]
}

type Of = Call & { readonly balancer: string; readonly account: string | undefined }

function choose(scene: Scene, balancer: string, listener: Listener, of: Of): Chosen {
  const none = (step: Step): Chosen => ({ step, taking: [] })
  const { servers } = listener
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
function targetOf({ world }: Scene, { server, address, port }: BackendServer): BackendTarget {
  const eni = world.enis.find(({ id }) => id === server)
  return { instance: (eni && instanceOf(eni)) ?? server, address, port }
}

/** Its instance runs, and has the address: not in a zone that is down. */
function isThere(scene: Scene, server: BackendServer): boolean {
  const { world } = scene
  const { instance } = targetOf(scene, server)
  const eni = world.enis.find(
    (one) => instanceOf(one) === instance && addressesOf(one).includes(server.address),
  )
  const runs = world.instances.some(({ id, status }) => id === instance && status === 'Running')
  return runs && (eni === undefined || downZoneOf(world, eni) === undefined)
}
