/**
 * What each side is told, as lines of JSON. The consumer: its own instance, the endpoint, the service's name; nothing of what is
 * behind. The provider: the endpoint's id, its own balancer and servers, and the address it sees; nothing of the consumer's VPC.
 */
import type { FlowEnd } from './flow-end.ts'
import {
  carries,
  outcomeOf,
  refusalOf,
  targetKey,
  type Knowledge,
  type Outcome,
  type Reason,
} from './outcome.ts'
import { hasPort } from '../plan/host-plan.ts'
import type { Place } from './places.ts'
import type { Refusal } from '../dataplane/refusals.ts'

export interface FlowRecord {
  readonly Side: 'consumer' | 'provider'
  readonly StartTime: string
  readonly EndTime: string
  readonly EndpointId?: string
  readonly ZoneId?: string
  readonly ServiceName?: string
  readonly Protocol?: 'tcp' | 'udp'
  /** That the client called: of the endpoint, and so of the listener. */
  readonly Port?: number
  readonly SourceAddress?: string
  readonly SourcePort?: number
  /** The consumer's own. */
  readonly EndpointAddress?: string
  readonly SourceInstanceId?: string
  readonly SourceEniId?: string
  /** The provider's own. */
  readonly ServiceId?: string
  readonly ResourceId?: string
  readonly BackendServerId?: string
  readonly BackendAddress?: string
  readonly BackendPort?: number
  /** Into the endpoint and back, with IP headers, where this side counts. */
  readonly InBytes?: number
  readonly InPackets?: number
  readonly OutBytes?: number
  readonly OutPackets?: number
  readonly Result: Outcome['result'] | 'lost'
  readonly Reason?: Reason
  /** Of packets that were refused or dropped, counted together: how many. */
  readonly Attempts?: number
  /** Of flows whose end nobody heard: how many, in which VPC. */
  readonly Lost?: number
  readonly VpcId?: string
}

/** A record, and the account that is told. */
export interface Told {
  readonly account: string
  readonly record: FlowRecord
}

/** Undefined for flows that are none of an endpoint's, or its relay's second half. */
export function recordOf(end: FlowEnd, vpc: string, knowledge: Knowledge): Told | undefined {
  const { places } = knowledge
  const { original, reply } = end
  const arrived = places.byWire(original.to)
  if (arrived?.wire?.providerVpc === vpc) return providerRecord(end, vpc, arrived, knowledge)
  if (places.isService(vpc, original.from)) return undefined
  const sent = places.byWire(reply.from)
  const place = sent?.wire?.consumerVpc === vpc ? sent : places.byEndpoint(vpc, original.to)
  return place && consumerRecord(end, vpc, place, knowledge)
}

function consumerRecord(end: FlowEnd, vpc: string, place: Place, knowledge: Knowledge): Told {
  const { original } = end
  return {
    account: place.eni.parties.consumer,
    record: {
      Side: 'consumer',
      ...timesOf(end.startMs, end.endMs),
      ...calledBy(vpc, original.from, place, knowledge),
      SourcePort: original.fromPort,
      EndpointAddress: original.to,
      Protocol: end.protocol,
      Port: original.toPort,
      ...amountsOf(end),
      ...worded(outcomeOf(end, 'consumer', place, knowledge)),
    },
  }
}

/** Who called, in the consumer's words. */
function calledBy(vpc: string, address: string, { eni }: Place, { places }: Knowledge) {
  const client = places.client(vpc, address)
  const instance = client && places.instance(client.netns)
  return {
    SourceAddress: address,
    ...(instance === undefined ? {} : { SourceInstanceId: instance }),
    ...(client === undefined ? {} : { SourceEniId: client.id }),
    EndpointId: eni.endpoint,
    ZoneId: eni.zone,
    ServiceName: eni.parties.serviceName,
  }
}

function providerRecord(end: FlowEnd, vpc: string, place: Place, knowledge: Knowledge): Told {
  const { original } = end
  return {
    account: place.eni.parties.provider,
    record: {
      Side: 'provider',
      ...timesOf(end.startMs, end.endMs),
      ...arrivedBy(place),
      SourceAddress: original.from,
      SourcePort: original.fromPort,
      Protocol: end.protocol,
      Port: original.toPort,
      ...backendOf(end, vpc, place, knowledge),
      ...amountsOf(end),
      ...worded(outcomeOf(end, 'provider', place, knowledge)),
    },
  }
}

function arrivedBy({ eni, wire }: Place) {
  return {
    EndpointId: eni.endpoint,
    ZoneId: eni.zone,
    ServiceId: eni.parties.service,
    ServiceName: eni.parties.serviceName,
    ...(wire ? { ResourceId: wire.balancer } : {}),
  }
}

/** Of an HTTP listener the proxy answers, which chooses a server for each request. */
function backendOf(
  { protocol, original, reply }: FlowEnd,
  vpc: string,
  { wire }: Place,
  { places }: Knowledge,
) {
  if (places.isService(vpc, reply.from)) return {}
  const server = places
    .plan()
    ?.links.balancers.find(({ id }) => id === wire?.balancer)
    ?.listeners.find((listener) => hasPort(listener, original.toPort) && carries(listener, protocol))
    ?.backends.find(({ address }) => address === reply.from)?.server
  return {
    ...(server === undefined ? {} : { BackendServerId: server }),
    BackendAddress: reply.from,
    BackendPort: reply.fromPort,
  }
}

/** What was refused or dropped of the packets from one address to one port, since it was told last. */
export function attemptsOf(
  refusal: Refusal,
  vpc: string,
  packets: number,
  startMs: number,
  endMs: number,
  knowledge: Knowledge,
): Told | undefined {
  const { places } = knowledge
  const { protocol, from, to, port } = refusal
  const common = { ...timesOf(startMs, endMs), Protocol: protocol, Port: port, Attempts: packets }
  const wired = places.byWire(to)
  if (wired?.wire?.providerVpc === vpc) {
    const told = { Side: 'provider', ...common, ...arrivedBy(wired), SourceAddress: from } as const
    const reason = refusal.why === 'unserved' ? refusalOf(wired.wire, protocol, port, knowledge) : refusal.why
    const result = refusal.why === 'unserved' ? 'refused' : 'dropped'
    return { account: wired.eni.parties.provider, record: { ...told, Result: result, Reason: reason } }
  }
  const place = places.byEndpoint(vpc, to)
  if (!place || refusal.why === 'unserved') return undefined
  return {
    account: place.eni.parties.consumer,
    record: {
      Side: 'consumer',
      ...common,
      ...calledBy(vpc, from, place, knowledge),
      EndpointAddress: to,
      Result: refusal.why === 'not-connected' ? 'refused' : 'dropped',
      Reason: refusal.why,
    },
  }
}

/** The key under which a consumer's flow finds what dropped it. */
export function droppedTarget({ protocol, to, port }: Refusal): string {
  return targetKey(protocol, to, port)
}

function timesOf(startMs: number, endMs: number) {
  return { StartTime: new Date(startMs).toISOString(), EndTime: new Date(endMs).toISOString() }
}

function amountsOf({ original, reply }: FlowEnd) {
  return {
    InBytes: original.bytes,
    InPackets: original.packets,
    OutBytes: reply.bytes,
    OutPackets: reply.packets,
  }
}

function worded({ result, reason }: Outcome) {
  return reason === undefined ? { Result: result } : { Result: result, Reason: reason }
}

/** Flows of a VPC that ended unheard: the account whose VPC it is. */
export function lostIn(
  vpc: string,
  count: number,
  startMs: number,
  endMs: number,
  account: string,
  side: FlowRecord['Side'],
): Told {
  return {
    account,
    record: { Side: side, ...timesOf(startMs, endMs), Result: 'lost', Lost: count, VpcId: vpc },
  }
}
