/**
 * Counters of a VPC's table by name. They are objects of their own, so they go on counting when rules change, and one look
 * reads all of them. What belongs to a listener is known by the mark of its flows: its first packet sets it.
 */
import type { BalancerPlan, ListenerPlan, WirePlan } from '../../plan/host-plan.ts'
import { setSpec } from '../nft/spec.ts'
import type { VpcSlice } from '../slices.ts'
import type { NftSet } from '../state.ts'
import { shortHash } from './hash.ts'

export interface ListenerCounters {
  readonly mark: number
  readonly received: string
  readonly sent: string
  readonly accepted: string
  readonly overRate: string
}

export function listenerCounters(
  balancer: string,
  { protocol, port }: Pick<ListenerPlan, 'protocol' | 'port'>,
): ListenerCounters {
  const hash = shortHash(`${balancer} ${protocol} ${port}`)
  return {
    // Never 0, which is the mark of what has none.
    mark: parseInt(hash.slice(0, 8), 16) || 1,
    received: `rx-${hash}`,
    sent: `tx-${hash}`,
    accepted: `new-${hash}`,
    overRate: `rate-${hash}`,
  }
}

export function balancerCounters(balancer: string) {
  const hash = shortHash(balancer)
  return { overRate: `rate-${hash}`, overConnections: `open-${hash}` }
}

/** New flows that came by the wire. */
export function wireCounter({ providerDevice }: Pick<WirePlan, 'providerDevice'>): string {
  return `new-${providerDevice}`
}

/** Flows that a limit of the wire dropped. */
export function fullWireCounter({ providerDevice }: Pick<WirePlan, 'providerDevice'>): string {
  return `full-${providerDevice}`
}

/** Packets to an endpoint that its security groups refused. */
export function deniedCounter({ consumerDevice }: Pick<WirePlan, 'consumerDevice'>): string {
  return `deny-${consumerDevice}`
}

/** Packets that came by the wire to a port that no listener has, or none with a server. */
export function unservedCounter({ providerDevice }: Pick<WirePlan, 'providerDevice'>): string {
  return `none-${providerDevice}`
}

type Wires = Pick<VpcSlice, 'consumed' | 'provided'>

export function countersOfWires({ consumed, provided }: Wires): readonly string[] {
  return [
    ...consumed.map(deniedCounter),
    ...provided.flatMap((wire) => [
      wireCounter(wire),
      unservedCounter(wire),
      ...(wire.limit === undefined ? [] : [fullWireCounter(wire)]),
    ]),
  ]
}

export function countersOfBalancer({ id, listeners }: BalancerPlan): readonly string[] {
  const { overRate: over, overConnections } = balancerCounters(id)
  const own = listeners.flatMap((listener) => {
    const { received, sent, accepted, overRate } = listenerCounters(id, listener)
    return [received, sent, accepted, overRate]
  })
  return [over, overConnections, ...own]
}

/** Which counter counts a packet, by the direction and the mark of its flow. */
export function trafficOf({ id, listeners }: BalancerPlan): readonly (readonly [string, string])[] {
  return listeners.flatMap((listener): [string, string][] => {
    const { mark, received, sent } = listenerCounters(id, listener)
    return [
      [`original . ${mark}`, received],
      [`reply . ${mark}`, sent],
    ]
  })
}

export function countingMaps(
  { consumed, provided }: Wires,
  traffic: readonly (readonly [string, string])[],
): readonly [string, NftSet][] {
  const flows = provided.map((wire): [string, string] => [wire.providerAddress, wireCounter(wire)])
  const unserved = provided.map((wire): [string, string] => [wire.providerAddress, unservedCounter(wire)])
  const denied = consumed.flatMap((wire) =>
    wire.eniAddresses.map((eni): [string, string] => [eni, deniedCounter(wire)]),
  )
  return [
    ['traffic', counterMap('ct_dir . mark', traffic)],
    ['wire-flows', counterMap('ipv4_addr', flows)],
    ['none-counters', counterMap('ipv4_addr', unserved)],
    ['deny-counters', counterMap('ipv4_addr', denied)],
  ]
}

export function counterMap(keys: string, entries: readonly (readonly [string, string])[]): NftSet {
  return { kind: 'map', spec: setSpec(keys, 'counter', false), elements: new Map(entries) }
}
