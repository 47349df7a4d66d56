/**
 * What open flows mean, as a pure function: how many each backend has, which ones have to end, and when to look again.
 *
 * The kernel keeps an idle flow a little longer than its listener says (`idleGraceS`), so that there is time to tell
 * both ends; without an agent it still goes.
 */
import type { Flow } from '../dataplane/nft/flow-list.ts'
import { idleGraceS } from '../dataplane/render/idle.ts'
import { healthKey, type HealthMap } from '../health/with-health.ts'
import {
  hasPort,
  isReachedAt,
  type BalancerPlan,
  type HostPlan,
  type ListenerPlan,
} from '../plan/host-plan.ts'

/** Open connections of each backend, by `healthKey`. */
export type Connections = ReadonlyMap<string, number>

/** Since when a backend that has flows takes no part any more, by listener, address and port; milliseconds. */
export type Leaving = ReadonlyMap<string, number>

export interface Judgement {
  readonly connections: Connections
  readonly ended: readonly Flow[]
  readonly leaving: Leaving
  /** Milliseconds until something may have to be done, if nothing else happens. */
  readonly againMs: number
}

/** Unacknowledged data shortens what is left of a flow to five minutes, whatever its listener says. */
const longestPauseS = 240

export function judgeFlows(
  plan: HostPlan,
  vpc: string,
  flows: readonly Flow[],
  health: HealthMap,
  before: Leaving,
  nowMs: number,
): Judgement {
  const places = placesOf(plan, vpc)
  const connections = new Map<string, number>()
  const leaving = new Map<string, number>()
  const ended: Flow[] = []
  let againS = longestPauseS
  for (const { listener } of [...places.values()].flat()) {
    if (listener.protocol === 'tcp') againS = Math.min(againS, listener.idleTimeoutS ?? longestPauseS)
  }
  for (const flow of flows) {
    const { protocol, original, reply, established, remainingS } = flow
    const called = places.get(`${protocol} ${original.to}`) ?? []
    const found = called.find(({ listener }) => hasPort(listener, original.toPort))
    if (!found) continue
    const { balancer, listener } = found
    const backend = listener.backends.find((one) =>
      isReachedAt(one, reply.from, reply.fromPort, original.toPort),
    )
    const key = backend && healthKey(balancer.id, listener, backend)
    if (key !== undefined && (protocol === 'udp' || established)) {
      connections.set(key, (connections.get(key) ?? 0) + 1)
    }
    if (established && remainingS <= idleGraceS) {
      ended.push(flow)
      continue
    }
    if (established) againS = Math.min(againS, remainingS - idleGraceS)
    if (listener.drainS === undefined || (key !== undefined && health.get(key) !== 'abnormal')) continue
    const place = `${balancer.id} ${protocol} ${listener.port} ${reply.from}:${reply.fromPort}`
    const since = leaving.get(place) ?? before.get(place) ?? nowMs
    leaving.set(place, since)
    const leftS = listener.drainS - (nowMs - since) / 1000
    if (leftS <= 0) ended.push(flow)
    else againS = Math.min(againS, leftS)
  }
  return { connections, ended, leaving, againMs: Math.max(againS, 0) * 1000 }
}

interface Place {
  readonly balancer: BalancerPlan
  readonly listener: ListenerPlan
}

/** By protocol and address as a flow's first packet has them: the balancer's own addresses and those of wires. */
function placesOf({ links }: HostPlan, vpc: string): ReadonlyMap<string, readonly Place[]> {
  const balancers = links.balancers.filter((balancer) => balancer.vpc === vpc)
  const wires = Map.groupBy(
    links.wires.filter(({ providerVpc }) => providerVpc === vpc),
    ({ balancer }) => balancer,
  )
  return new Map(
    balancers.flatMap((balancer) => {
      const ofWires = (wires.get(balancer.id) ?? []).map(({ providerAddress }) => providerAddress)
      const byProtocol = Map.groupBy(
        balancer.listeners.map((listener): Place => ({ balancer, listener })),
        ({ listener }) => listener.protocol,
      )
      return [...balancer.addresses, ...ofWires].flatMap((address) =>
        [...byProtocol].map(([protocol, own]) => [`${protocol} ${address}`, own] as const),
      )
    }),
  )
}
