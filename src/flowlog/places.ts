/**
 * Whose a flow is: the endpoint by the wire that carried it, or by the address that was called. Cut flows end when the plan
 * holds their wire no more, so what goes is kept for a while.
 */
import {
  addressesOf,
  type EndpointEniPlan,
  type EniPlan,
  type HostPlan,
  type WirePlan,
} from '../plan/host-plan.ts'
import { difference, type Identified } from '../lists/sorted.ts'

/** A zone of an endpoint, with the wire if one was asked for. */
export interface Place {
  readonly eni: EndpointEniPlan
  readonly wire: WirePlan | undefined
}

export interface Gone extends Place {
  readonly atMs: number
}

/** A wire's flows end with it, but for what the kernel forgets by itself. */
export const keepGoneMs = 60 * 60 * 1000

export interface Places {
  /** Gives what has gone, which has to outlive this process. */
  update(plan: HostPlan, nowMs: number): readonly Gone[]
  plan(): HostPlan | undefined
  /** By the provider's address of a wire. */
  byWire(address: string): Place | undefined
  /** By an endpoint's address in a VPC. */
  byEndpoint(vpc: string, address: string): Place | undefined
  client(vpc: string, address: string): EniPlan | undefined
  /** The instance that has a namespace. */
  instance(netns: string): string | undefined
  /** As the plan has them now. */
  zone(endpoint: string, zone: string): EndpointEniPlan | undefined
  /** The address by which relays, proxies and health checks come into a VPC. */
  isService(vpc: string, address: string): boolean
}

export function createPlaces(gone: readonly Gone[] = []): Places {
  let plan: HostPlan | undefined
  const wires = new Map<string, Place>()
  const endpoints = new Map<string, EndpointEniPlan>()
  const enis = new Map<string, EniPlan>()
  const instances = new Map<string, string>()
  const zones = new Map<string, EndpointEniPlan>()
  const past: Gone[] = []

  const zoneKey = ({ endpoint, zone }: Pick<WirePlan, 'endpoint' | 'zone'>) => `${endpoint} ${zone}`
  const key = (vpc: string, address: string) => `${vpc} ${address}`

  function remember(one: Gone): void {
    past.push(one)
    if (one.wire) wires.set(one.wire.providerAddress, one)
    const at = key(one.eni.vpc, one.eni.address)
    if (!endpoints.has(at)) endpoints.set(at, one.eni)
  }

  function forget(nowMs: number): void {
    while (past[0] && past[0].atMs < nowMs - keepGoneMs) {
      const old = past.shift()
      if (old?.wire && wires.get(old.wire.providerAddress) === old) wires.delete(old.wire.providerAddress)
      if (old && endpoints.get(key(old.eni.vpc, old.eni.address)) === old.eni && !isPlanned(old.eni))
        endpoints.delete(key(old.eni.vpc, old.eni.address))
    }
  }

  const isPlanned = (eni: EndpointEniPlan) => zones.get(zoneKey(eni))?.address === eni.address

  for (const one of gone) remember(one)

  return {
    update(next, nowMs) {
      forget(nowMs)
      const left: Gone[] = []
      const change = <Item extends Identified>(of: (plan: HostPlan) => readonly Item[]) =>
        difference(plan ? of(plan) : [], of(next))

      const wireChange = change(({ links }) => links.wires)
      const kept = new Set(wireChange.come.map(({ providerAddress }) => providerAddress))
      for (const wire of wireChange.gone) {
        const eni = wires.get(wire.providerAddress)?.eni
        if (eni && !kept.has(wire.providerAddress)) left.push({ eni, wire, atMs: nowMs })
      }
      const eniChange = change(({ links }) => links.endpointEnis)
      const there = new Set(eniChange.come.map(({ id }) => id))
      for (const eni of eniChange.gone) {
        if (zones.get(zoneKey(eni)) === eni) zones.delete(zoneKey(eni))
        endpoints.delete(key(eni.vpc, eni.address))
        if (!there.has(eni.id)) left.push({ eni, wire: undefined, atMs: nowMs })
      }
      for (const eni of eniChange.come) {
        // A plan that an older agent kept does not say whose an endpoint is.
        if (!('parties' in eni)) continue
        zones.set(zoneKey(eni), eni)
        endpoints.set(key(eni.vpc, eni.address), eni)
      }
      const clients = change(({ fabric }) => fabric.enis)
      for (const eni of clients.gone) for (const one of addressesOf(eni)) enis.delete(key(eni.vpc, one))
      for (const eni of clients.come) for (const one of addressesOf(eni)) enis.set(key(eni.vpc, one), eni)
      const machines = change(({ fabric }) => fabric.instances)
      for (const { netns } of machines.gone) instances.delete(netns)
      for (const { netns, id } of machines.come) instances.set(netns, id)

      for (const wire of wireChange.come) {
        const eni = zones.get(zoneKey(wire))
        if (eni) wires.set(wire.providerAddress, { eni, wire })
      }
      plan = next
      for (const one of left) remember(one)
      return left
    },
    plan: () => plan,
    byWire: (address) => wires.get(address),
    byEndpoint(vpc, address) {
      const eni = endpoints.get(key(vpc, address))
      return eni && { eni, wire: undefined }
    },
    client: (vpc, address) => enis.get(key(vpc, address)),
    instance: (netns) => instances.get(netns),
    zone: (endpoint, zone) => zones.get(zoneKey({ endpoint, zone })),
    isService: (vpc, address) =>
      plan?.fabric.vpcs.find(({ id }) => id === vpc)?.serviceLeg.serviceAddress === address,
  }
}
