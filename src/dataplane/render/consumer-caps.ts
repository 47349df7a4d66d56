/**
 * From a wire to its balancer, past what its consumer may have open. All wires of a consumer at a service pass one chain, so that one
 * count is about all of them; which wire it was, for the counter and for the way on, is asked of maps. So a wire more or less leaves
 * the chain, and with it the count, as it is.
 *
 *     wires → limit-<consumer, service> → capped-wires → the balancer
 */
import type { ConsumerLimitPlan, WirePlan } from '../../plan/host-plan.ts'
import type { NftSet, WantedChain } from '../state.ts'
import { addressMap, chain } from './build.ts'
import { connectionLimit } from './connection-limit.ts'
import { counterMap, fullWireCounter } from './counting.ts'
import { shortHash } from './hash.ts'
import { endings } from './refusals.ts'

interface Served {
  readonly wire: WirePlan
  /** Its balancer's. */
  readonly verdict: string
}

export function renderConsumerCaps(served: readonly Served[]): {
  readonly sets: readonly [string, NftSet][]
  readonly chains: readonly [string, WantedChain][]
} {
  const capped = served.filter(({ wire }) => wire.limit !== undefined)
  const caps = new Map(capped.flatMap(({ wire: { limit } }) => (limit ? [[chainOf(limit), limit]] : [])))
  const limits = [...caps].map(([name, { id, connections }]) => ({
    name,
    ...connectionLimit(
      shortHash(id),
      connections,
      `counter name ip daddr map @full-wires ${endings.overConsumer}`,
    ),
  }))
  return {
    sets: [
      ...limits.flatMap(({ sets }) => sets),
      [
        'wires',
        addressMap(
          'verdict',
          served.map(({ wire, verdict }) => [
            wire.providerAddress,
            wire.limit ? `goto ${chainOf(wire.limit)}` : verdict,
          ]),
        ),
      ],
      [
        'capped-wires',
        addressMap(
          'verdict',
          capped.map(({ wire, verdict }) => [wire.providerAddress, verdict]),
        ),
      ],
      [
        'full-wires',
        counterMap(
          'ipv4_addr',
          capped.map(({ wire }) => [wire.providerAddress, fullWireCounter(wire)]),
        ),
      ],
    ],
    chains: limits.map(({ name, rules }) => [name, chain([...rules, 'ip daddr vmap @capped-wires'])]),
  }
}

function chainOf({ id }: ConsumerLimitPlan): string {
  return `limit-${shortHash(id)}`
}
