/**
 * Relays of listeners that speak the PROXY protocol. A client who comes by an endpoint meets the relay in its own VPC,
 * before its address is translated; a client of the balancer's VPC meets it there. What the relay sends on takes the
 * way that the client's own packets would have taken.
 */
import type { Endpoint, Listener, LoadBalancer } from '../model/world.ts'
import type { BalancerPlan, RelayHeaderPlan, RelayPlan, WirePlan } from '../plan/host-plan.ts'
import { relayPorts } from '../plan/leg-ports.ts'
import { forwarding } from './balancers.ts'
import type { Index, Report } from './index-world.ts'
import { PortsOfVpcs } from './vpc-ports.ts'

interface Linked {
  readonly wires: readonly WirePlan[]
  readonly balancers: readonly BalancerPlan[]
}

export function compileRelays(index: Index, { wires, balancers }: Linked, report: Report): Linked {
  const proxied = new Map(
    [...index.loadBalancers.values()].flatMap((balancer): [string, readonly Listener[]][] => {
      const listeners = forwarding(balancer).filter(({ proxyProtocol }) => proxyProtocol !== undefined)
      return listeners.length > 0 ? [[balancer.id, listeners]] : []
    }),
  )
  if (proxied.size === 0) return { wires, balancers }
  const endpoints = new Map(index.endpoints.map((endpoint) => [endpoint.id as string, endpoint]))
  const ports = new PortsOfVpcs(relayPorts)

  /** The item with its relays, the same object as long as nothing about them changed. */
  function withRelays<Item extends WirePlan | BalancerPlan>(
    item: Item,
    vpc: string,
    parts: readonly unknown[],
    wanted: readonly Omit<RelayPlan, 'relayPort'>[],
  ): Item {
    const given = wanted.map(({ address, port }) => ports.next(vpc, `${item.id} ${address} ${port}`))
    if (given.includes(undefined)) report(item.id, 'its VPC has no port left for another relay')
    return index.memo.of(`relays of ${item.id}`, [item, ...parts, ...given], () => ({
      ...item,
      relays: wanted.flatMap((relay, position) => {
        const relayPort = given[position]
        return relayPort === undefined ? [] : [{ ...relay, relayPort }]
      }),
    }))
  }

  return {
    wires: wires.map((wire) => {
      const listeners = proxied.get(wire.balancer)
      const balancer = index.loadBalancers.get(wire.balancer)
      const endpoint = endpoints.get(wire.endpoint)
      if (!listeners || !balancer || !endpoint) return wire
      const wanted = wire.eniAddresses.flatMap((address) =>
        listeners.toSorted(byPort).flatMap((listener) =>
          portsOf(listener).map((port) => ({
            address,
            port,
            header: headerOf(wire, listener, balancer, endpoint),
          })),
        ),
      )
      return withRelays(wire, wire.consumerVpc, [balancer, endpoint], wanted)
    }),
    balancers: balancers.map((plan) => {
      const listeners = proxied.get(plan.id)
      if (!listeners) return plan
      const wanted = plan.addresses.flatMap((address) =>
        listeners
          .toSorted(byPort)
          .flatMap(portsOf)
          .map((port) => ({ address, port, header: { ...nothingKnown, destination: address } })),
      )
      return withRelays(plan, plan.vpc, [], wanted)
    }),
  }
}

const byPort = (a: Listener, b: Listener) => a.port - b.port

/** A relay sees where it was called, not which port its client called: so each port of a range has one. */
function portsOf({ port, lastPort = port }: Listener): readonly number[] {
  return Array.from({ length: lastPort - port + 1 }, (_, place) => port + place)
}

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
