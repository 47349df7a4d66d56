/**
 * A consumer's limit is counted by a rule, and the rule of a limit that was changed begins at none: the kernel adds a flow only with its
 * first packet. So the open flows of that moment are counted by us, and until they have ended a second rule, the guard, leaves room for
 * them: it admits what the limit has left beside them. The rule of the limit counts all the while, and is alone when they have ended.
 *
 *     new flow → guard: at most (limit - open when the guard was made) since then → limit: at most so many since it was changed
 *
 * A guard is made anew when one of the flows beside which it was made has ended. Pure.
 */
import type { Flow } from '../dataplane/nft/flow-list.ts'
import type { HostPlan, LimitGuardPlan } from '../plan/host-plan.ts'

export interface Guard extends LimitGuardPlan {
  /** The limit it is about. */
  readonly limit: number
  /** Open flows that the limit's rule does not know, by `flowKey`. */
  readonly unknown: readonly string[]
  /** All that were open when the guard was made. */
  readonly beside: readonly string[]
  /** Whether flows may have come between the counting and the rules. */
  readonly fresh: boolean
}

/** By the limit's id. */
export type Guards = ReadonlyMap<string, Guard>

/** What the wires of one limit are. */
export interface Limited {
  readonly connections: number
  /** Addresses that their flows call, by the VPC that counts them. */
  readonly targets: ReadonlyMap<string, ReadonlySet<string>>
}

export function limitedIn({ links }: HostPlan): ReadonlyMap<string, Limited> {
  const wires = Map.groupBy(links.wires, ({ limit }) => limit?.id)
  return new Map(
    [...wires].flatMap(([id, ofLimit]) => {
      const connections = ofLimit[0]?.limit?.connections
      if (id === undefined || connections === undefined) return []
      const byVpc = Map.groupBy(ofLimit, ({ providerVpc }) => providerVpc)
      const targets = new Map(
        [...byVpc].map(([vpc, own]) => [vpc, new Set(own.map(({ providerAddress }) => providerAddress))]),
      )
      return [[id, { connections, targets }]]
    }),
  )
}

/** Limits whose rules begin anew with `after`, though flows can be open by their wires. */
export function restarted(before: HostPlan | undefined, after: HostPlan): ReadonlyMap<string, Limited> {
  if (!before || before.links.wires === after.links.wires) return new Map()
  const had = new Map(before.links.wires.map((wire) => [wire.providerAddress, wire.limit?.connections]))
  return new Map(
    [...limitedIn(after)].filter(([, { connections, targets }]) =>
      [...targets.values()].some((addresses) =>
        [...addresses].some((address) => had.has(address) && had.get(address) !== connections),
      ),
    ),
  )
}

export function flowKey({ protocol, original: { from, fromPort, to, toPort } }: Flow): string {
  return `${protocol} ${from}:${fromPort} ${to}:${toPort}`
}

/** Those of a VPC's flows that count, and are open. */
export function countedFlows(flows: readonly Flow[], targets: ReadonlySet<string>): readonly string[] {
  return flows
    .filter(
      ({ protocol, established, original }) =>
        (protocol === 'udp' || established) && targets.has(original.to),
    )
    .map(flowKey)
}

/** What a limit needs whose rule begins while these flows are open. */
export function firstGuard(limit: number, open: readonly string[], epoch: string): Guard | undefined {
  if (open.length === 0) return undefined
  return {
    limit,
    connections: Math.max(limit - open.length, 0),
    epoch,
    unknown: open,
    beside: open,
    fresh: true,
  }
}

/** The guard as it should be now, the same object when nothing is to be changed, or none when the limit's rule knows all that is open. */
export function nextGuard(guard: Guard, open: readonly string[], epoch: string): Guard | undefined {
  const [now, before] = [new Set(open), new Set(guard.unknown)]
  const left = guard.unknown.filter((key) => now.has(key))
  // What came while the rules were made may be unknown as well, and what is taken for it wrongly ends like the rest.
  const unknown = guard.fresh && open.some((key) => !before.has(key)) ? open : left
  if (unknown.length === 0) return undefined
  if (unknown === left && guard.beside.every((key) => now.has(key))) {
    return guard.fresh ? { ...guard, fresh: false } : guard
  }
  return {
    limit: guard.limit,
    connections: Math.max(guard.limit - open.length, 0),
    epoch,
    unknown,
    beside: open,
    fresh: false,
  }
}

/** The plan with guards; without any it stays the same object. */
export function withGuards(plan: HostPlan, guards: Guards): HostPlan {
  if (guards.size === 0) return plan
  const wires = plan.links.wires.map((wire) => {
    const guard = wire.limit && guards.get(wire.limit.id)
    if (!wire.limit || guard?.limit !== wire.limit.connections) return wire
    const { connections, epoch } = guard
    return { ...wire, limit: { ...wire.limit, guard: { connections, epoch } } }
  })
  return { ...plan, links: { ...plan.links, wires } }
}
