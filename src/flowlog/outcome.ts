/** How a flow ended, and why, as far as the kernel's last word and the plan tell. Pure. */
import { reversed, type Direction, type Flow } from '../dataplane/nft/flow-list.ts'
import { healthKey, type HealthMap } from '../health/with-health.ts'
import { idleGraceS } from '../dataplane/render/idle.ts'
import { hasPort, type ListenerPlan, type WirePlan } from '../plan/host-plan.ts'
import type { FlowEnd } from './flow-end.ts'
import type { Place, Places } from './places.ts'

export type Result =
  /** Both ends of a TCP connection closed it, or an end reset it. */
  | 'closed'
  | 'reset'
  /** Datagrams went both ways, and none any more. */
  | 'ended'
  /** Nothing was said for too long. */
  | 'timed-out'
  /** No answer came at all, or a reset in answer to the first packet. */
  | 'unanswered'
  | 'refused'
  /** Postern ended it. */
  | 'cut'
  /** Attempts: nothing was told to the client. */
  | 'dropped'

export type Reason =
  | 'connection-denied'
  | 'zone-disabled'
  | 'zone-down'
  | 'zone-removed'
  | 'resource-replaced'
  | 'security-group'
  | 'server-left'
  | 'idle'
  | 'not-connected'
  | 'no-listener'
  | 'no-healthy-server'
  | 'server'
  | 'consumer-limit'
  | 'connection-limit'
  | 'rate-limit'

export interface Outcome {
  readonly result: Result
  readonly reason: Reason | undefined
}

/** What is known beside the plan. */
export interface Knowledge {
  readonly places: Places
  readonly health: HealthMap
  /** Why the agent has ended a flow that its wire survives, by `transitKey`. */
  readonly ended: ReadonlyMap<string, 'idle' | 'server-left'>
  /** The limit that last dropped something, by `targetKey`. */
  readonly dropped: ReadonlyMap<string, Reason>
}

/** A flow as it is on the wire, between the VPCs: the same for both its halves. */
export function transitKey(protocol: string, { from, fromPort, to, toPort }: Direction): string {
  return `${protocol} ${from}:${fromPort} ${to}:${toPort}`
}

export function targetKey(protocol: string, address: string, port: number): string {
  return `${protocol} ${address}:${port}`
}

export function whyEnded({ established, remainingS }: Flow): 'idle' | 'server-left' {
  return established && remainingS <= idleGraceS ? 'idle' : 'server-left'
}

export function outcomeOf(
  end: FlowEnd,
  side: 'consumer' | 'provider',
  place: Place,
  knowledge: Knowledge,
): Outcome {
  const { protocol, state, unanswered } = end
  const transit = side === 'provider' ? end.original : reversed(end.reply)
  if (end.cut && state !== 'TIME_WAIT' && state !== 'CLOSE')
    return cutOf(transitKey(protocol, transit), place, knowledge)
  if (protocol === 'udp') {
    return unanswered ? unansweredBy(end, side, transit, knowledge) : { result: 'ended', reason: undefined }
  }
  switch (state ?? '') {
    case 'CLOSE':
      if (!unanswered) return { result: 'reset', reason: undefined }
      return {
        result: 'refused',
        reason: side === 'provider' ? 'server' : refusalOf(place.wire, protocol, transit.toPort, knowledge),
      }
    case 'TIME_WAIT':
    case 'LAST_ACK':
      return { result: 'closed', reason: undefined }
    case 'SYN_SENT':
    case 'SYN_SENT2':
    case 'SYN_RECV':
      return unansweredBy(end, side, transit, knowledge)
    default:
      return { result: 'timed-out', reason: 'idle' }
  }
}

function unansweredBy(
  { protocol }: FlowEnd,
  side: 'consumer' | 'provider',
  transit: Direction,
  { dropped }: Knowledge,
): Outcome {
  const reason =
    side === 'consumer' ? dropped.get(targetKey(protocol, transit.to, transit.toPort)) : undefined
  return { result: reason === undefined ? 'unanswered' : 'dropped', reason }
}

/** A flow whose wire is still there was ended by the agent for its own reasons, or because a group admits less. */
function cutOf(key: string, { eni, wire }: Place, { places, ended }: Knowledge): Outcome {
  const links = places.plan()?.links
  const sameZone =
    links?.wires.filter(({ endpoint, zone }) => endpoint === eni.endpoint && zone === eni.zone) ?? []
  if (
    wire === undefined ||
    sameZone.some(({ providerAddress }) => providerAddress === wire.providerAddress)
  ) {
    const why = ended.get(key)
    if (why === 'idle') return { result: 'timed-out', reason: 'idle' }
    return { result: 'cut', reason: why ?? 'security-group' }
  }
  return { result: 'cut', reason: lossOf(eni.endpoint, eni.zone, wire, sameZone, places) }
}

/** Why a wire is gone. */
function lossOf(
  endpoint: string,
  zone: string,
  wire: WirePlan,
  others: readonly WirePlan[],
  places: Places,
): Reason {
  const now = places.zone(endpoint, zone)
  // An endpoint is deleted only when its zones are gone.
  if (!now) return 'zone-removed'
  switch (now.closed) {
    case 'connection':
      return 'connection-denied'
    case 'zone':
      return 'zone-disabled'
    case 'zone-down':
      return 'zone-down'
    // It was denied and accepted again before the agent heard of either, or it leads elsewhere now.
    case undefined:
      return others.some(({ balancer }) => balancer !== wire.balancer)
        ? 'resource-replaced'
        : 'connection-denied'
  }
}

/** Why the first packet was answered by a reset, from what the balancer has now. */
export function refusalOf(
  wire: WirePlan | undefined,
  protocol: 'tcp' | 'udp',
  port: number,
  { places, health }: Knowledge,
): Reason {
  const balancer = places.plan()?.links.balancers.find(({ id }) => id === wire?.balancer)
  const listener = balancer?.listeners.find((one) => hasPort(one, port) && carries(one, protocol))
  if (!balancer || !listener) return 'no-listener'
  const serves = listener.backends.some(
    (backend) => backend.weight > 0 && health.get(healthKey(balancer.id, listener, backend)) !== 'abnormal',
  )
  return serves ? 'server' : 'no-healthy-server'
}

export function carries({ protocol }: ListenerPlan, transport: 'tcp' | 'udp'): boolean {
  return (protocol === 'udp') === (transport === 'udp')
}
