/**
 * From a wire to its balancer, past what its consumer may have open. All wires of a consumer at a service pass one chain, so that one
 * count is about all of them; which wire it was, for the counter and for the way on, is asked of maps. So a wire more or less leaves
 * the chain, and with it the count, as it is. The rules that count have chains of their own, which nothing but another limit makes anew;
 * a guard (`src/flows/limit-guards.ts`) comes before for a while.
 *
 *     wires → limit-<consumer, service> → [guard-…] → count-… → capped-wires → the balancer
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
  const limits = [...caps].map(([name, limit]) => ({ name, counts: countsOf(limit) }))
  return {
    sets: [
      ...limits.flatMap(({ counts }) => counts.flatMap(({ sets }) => sets)),
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
    chains: limits.flatMap(({ name, counts }) => {
      const jumps = counts.map((count) => `jump ${count.name}`)
      const own = counts.map((count): [string, WantedChain] => [count.name, chain(count.rules)])
      return [...own, [name, chain([...jumps, 'ip daddr vmap @capped-wires'])]]
    }),
  }
}

/** A chain for each rule that counts. */
function countsOf({ id, connections, guard }: ConsumerLimitPlan) {
  const verdict = `counter name ip daddr map @full-wires ${endings.overConsumer}`
  const count = (kind: string, about: string, most: number) => ({
    name: `${kind}-${shortHash(about)}`,
    ...connectionLimit(shortHash(about), most, verdict),
  })
  const guards = guard ? [count('guard', `${id} ${guard.epoch}`, guard.connections)] : []
  return [...guards, count('count', id, connections)]
}

function chainOf({ id }: ConsumerLimitPlan): string {
  return `limit-${shortHash(id)}`
}
