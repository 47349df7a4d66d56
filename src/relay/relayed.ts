/** Which relays a plan wants: pure. */
import type { BalancerPlan, RelayPlan, VpcPlan, WirePlan } from '../plan/host-plan.ts'

/** A relay with the address on which it listens, and from which it goes on: it leads into the clients' VPC. */
export interface Relayed {
  readonly id: string
  readonly localAddress: string
  readonly relay: RelayPlan
}

/** One of an unknown VPC is left out: its VPC's item is the problem. */
export function relayedListeners(
  vpcs: readonly VpcPlan[],
  wires: readonly WirePlan[],
  balancers: readonly BalancerPlan[],
): Relayed[] {
  const relaying = wires.filter(({ relays }) => relays.length > 0)
  const legs = new Map(vpcs.map((vpc) => [vpc.id, vpc.serviceLeg.serviceAddress]))
  return [
    ...relaying.map(({ consumerVpc: vpc, relays }) => ({ vpc, relays })),
    ...balancers.map(({ vpc, relays }) => ({ vpc, relays })),
  ].flatMap(({ vpc, relays }) => {
    const localAddress = legs.get(vpc)
    if (localAddress === undefined) return []
    return relays.map((relay) => ({ id: `${localAddress}:${relay.relayPort}`, localAddress, relay }))
  })
}
