/**
 * Which zones an endpoint's name leads to. A zone whose service resource has no healthy server left would refuse every client, so its
 * address is left out as long as another zone of the endpoint still serves: when none does, all are told, and clients learn at once
 * that they are refused. Pure.
 */
import type { BalancerPlan, HostPlan, ListenerPlan, NamePlan } from '../plan/host-plan.ts'

/** `healthy` is the plan `withHealth`. What nothing is left out of stays the same object. */
export function withLivingZones(wanted: HostPlan, healthy: HostPlan): HostPlan {
  const dead = deadBalancers(wanted.links.balancers, healthy.links.balancers)
  if (dead.size === 0) return wanted
  const closed = new Set(
    wanted.links.wires
      .filter(({ balancer }) => dead.has(balancer))
      .flatMap(({ consumerVpc, eniAddresses }) => eniAddresses.map((address) => `${consumerVpc} ${address}`)),
  )
  const names = wanted.links.names.map((name) => withoutClosed(name, closed))
  return { ...wanted, links: { ...wanted.links, names } }
}

function withoutClosed(name: NamePlan, closed: ReadonlySet<string>): NamePlan {
  const answers = name.answers.filter(({ address }) => !closed.has(`${name.vpc} ${address}`))
  return answers.length === 0 || answers.length === name.answers.length ? name : { ...name, answers }
}

/** Those that had servers to choose from, and have none any more, whatever the listener. */
function deadBalancers(
  wanted: readonly BalancerPlan[],
  healthy: readonly BalancerPlan[],
): ReadonlySet<string> {
  if (wanted === healthy) return new Set()
  const living = new Map(healthy.map((balancer) => [balancer.id, balancer]))
  const dead = wanted.filter((balancer) => {
    const now = living.get(balancer.id)
    return now !== undefined && now !== balancer && chooses(balancer) && !chooses(now)
  })
  return new Set(dead.map(({ id }) => id))
}

function chooses({ listeners }: BalancerPlan): boolean {
  return listeners.some((listener) => serversOf(listener).some(({ weight }) => weight > 0))
}

function serversOf({ backends, http }: ListenerPlan): ListenerPlan['backends'] {
  return [...backends, ...(http?.rules ?? []).flatMap((rule) => rule.backends ?? [])]
}
