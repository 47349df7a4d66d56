/**
 * Relays of listeners that speak the PROXY protocol. A client who comes by an endpoint meets the relay in its own VPC,
 * before its address is translated; a client of the balancer's VPC meets it there. What the relay sends on takes the
 * way that the client's own packets would have taken.
 */
import type { Endpoint, Listener, LoadBalancer } from '../model/world.ts'
import type { BalancerPlan, RelayHeaderPlan, RelayPlan, WirePlan } from '../plan/host-plan.ts'
import { relayPortOf, relayPorts } from '../plan/relay-ports.ts'
import { forwarding } from './balancers.ts'
import type { Index } from './index-world.ts'

interface Linked {
  readonly wires: readonly WirePlan[]
  readonly balancers: readonly BalancerPlan[]
}

export function compileRelays(index: Index, { wires, balancers }: Linked): Linked {
  const proxied = new Map(
    [...index.loadBalancers.values()].flatMap((balancer): [string, readonly Listener[]][] => {
      const listeners = forwarding(balancer).filter(({ proxyProtocol }) => proxyProtocol !== undefined)
      return listeners.length > 0 ? [[balancer.id, listeners]] : []
    }),
  )
  if (proxied.size === 0) return { wires, balancers }
  const endpoints = new Map(index.endpoints.map((endpoint) => [endpoint.id as string, endpoint]))
  const ports = new PortsOfVpcs()
  return {
    wires: wires.map((wire) => {
      const listeners = proxied.get(wire.balancer)
      const balancer = index.loadBalancers.get(wire.balancer)
      const endpoint = endpoints.get(wire.endpoint)
      if (!listeners || !balancer || !endpoint) return wire
      const given = listeners.map(({ port }) => ports.next(wire.consumerVpc, `${wire.id} ${port}`))
      return index.memo.of(`relays of ${wire.id}`, [wire, balancer, endpoint, ...given], () => ({
        ...wire,
        relays: listeners
          .map((listener, position) => ({
            address: wire.eniAddress,
            port: listener.port,
            relayPort: given[position] ?? 0,
            header: headerOf(wire, listener, balancer, endpoint),
          }))
          .toSorted(byPort),
      }))
    }),
    balancers: balancers.map((plan) => {
      const listeners = proxied.get(plan.id)
      if (!listeners) return plan
      const places = plan.addresses.flatMap((address) => listeners.map(({ port }) => ({ address, port })))
      const given = places.map(({ address, port }) => ports.next(plan.vpc, `${plan.id} ${address} ${port}`))
      return index.memo.of(`relays of ${plan.id}`, [plan, ...given], () => ({
        ...plan,
        relays: places.map(({ address, port }, position) => ({
          address,
          port,
          relayPort: given[position] ?? 0,
          header: { ...nothingKnown, destination: address },
        })),
      }))
    }),
  }
}

const byPort = (a: RelayPlan, b: RelayPlan) => a.port - b.port

const nothingKnown = { source: undefined, vpc: undefined, endpoint: undefined, service: undefined }

function headerOf(
  wire: WirePlan,
  { proxyProtocol }: Listener,
  balancer: LoadBalancer,
  endpoint: Endpoint,
): RelayHeaderPlan {
  const ofZone = balancer.addresses.find(({ zone }) => zone === wire.zone) ?? balancer.addresses[0]
  return {
    source: proxyProtocol?.clientAddress ? undefined : wire.consumerAddress,
    destination: ofZone?.address ?? wire.providerAddress,
    vpc: proxyProtocol?.vpcId ? endpoint.vpc : undefined,
    endpoint: proxyProtocol?.endpointId ? endpoint.id : undefined,
    service: proxyProtocol?.serviceId ? endpoint.service : undefined,
  }
}

/**
 * A port per relay and VPC that follows from what the relay is for, so that it stays when others come and go. When two
 * fall on one port, the later one takes the next that is free.
 */
class PortsOfVpcs {
  readonly #taken = new Map<string, Set<number>>()

  next(vpc: string, purpose: string): number {
    const taken = this.#taken.get(vpc) ?? new Set<number>()
    this.#taken.set(vpc, taken)
    if (taken.size >= relayPorts.count) return 0
    let port = relayPortOf(purpose)
    while (taken.has(port)) port = port < relayPorts.last ? port + 1 : relayPorts.first
    taken.add(port)
    return port
  }
}
