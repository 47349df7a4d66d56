/** The inside of the service process: resolver, probes and relays of all VPCs, configured by the agent. */
import { respond } from '../dns/respond.ts'
import { createDnsServer } from '../dns/server.ts'
import { createZoneTable, type ResolverVpc } from '../dns/zone.ts'
import { createProber } from '../health/prober.ts'
import { targetsOf, type ProbedBalancer } from '../health/targets.ts'
import { reportKey } from '../health/with-health.ts'
import type { HealthReport, Problem } from '../protocol/messages.ts'
import type { Relayed } from '../relay/relayed.ts'
import { createRelays } from '../relay/relays.ts'
import type { ServiceChange, ServiceMessage } from './service-protocol.ts'

export interface Service {
  apply(change: ServiceChange): void
  close(): void
}

export interface ServiceOptions {
  readonly domainSuffix: string
  readonly send: (message: ServiceMessage) => void
  readonly random: () => number
}

/** An address that is not there yet is tried again after this. */
const relistenMs = 1000

export function createService({ domainSuffix, send, random }: ServiceOptions): Service {
  const zones = createZoneTable(domainSuffix)
  const dns = createDnsServer((bytes, source, transport) => respond(zones, bytes, source, transport))
  const vpcs = new Map<string, ResolverVpc>()
  const balancers = new Map<string, ProbedBalancer>()
  const relayed = new Map<string, Relayed>()
  const relays = createRelays()
  let lastKnown = new Map<string, HealthReport['status']>()
  let waiting: HealthReport[] = []
  let said = '[]'
  let relisten: NodeJS.Timeout | undefined
  let listening: Promise<void> = Promise.resolve()
  let closed = false

  const prober = createProber({
    random,
    lastKnown: (key) => lastKnown.get(key) ?? 'unavailable',
    onChange(report) {
      // Results of one moment go in one message.
      if (waiting.length === 0) setImmediate(flush)
      waiting.push(report)
    },
  })

  function flush(): void {
    send({ type: 'health', reports: waiting })
    waiting = []
  }

  async function listen(): Promise<void> {
    clearTimeout(relisten)
    if (closed) return
    const addresses = [...vpcs.values()].map(({ serviceAddress }) => serviceAddress)
    const failed = await dns.listen(addresses)
    const silent = await relays.listen()
    const problems: Problem[] = [...vpcs.values()].flatMap(({ id, serviceAddress }) => {
      const error = failed.get(serviceAddress)
      const ofVpc = [...relayed.values()].filter(({ localAddress }) => localAddress === serviceAddress)
      const relayErrors = ofVpc.flatMap((one) => silent.get(one.id) ?? [])
      return [
        ...(error ? [{ id, message: `resolver: ${error.message}` }] : []),
        ...relayErrors.map(({ message }) => ({ id, message: `relay: ${message}` })),
      ]
    })
    const text = JSON.stringify(problems)
    if (text !== said) send({ type: 'problems', problems })
    said = text
    if (problems.length > 0) relisten = setTimeout(listenNext, relistenMs)
  }

  function listenNext(): void {
    listening = listening.then(listen)
  }

  return {
    apply(change) {
      for (const id of change.vpcs.drop) {
        vpcs.delete(id)
        zones.drop(id)
      }
      for (const vpc of change.vpcs.put) {
        vpcs.set(vpc.id, vpc)
        zones.put(vpc)
      }
      for (const id of change.balancers.drop) balancers.delete(id)
      for (const balancer of change.balancers.put) balancers.set(balancer.id, balancer)
      for (const id of change.relays.drop) relayed.delete(id)
      for (const one of change.relays.put) relayed.set(one.id, one)
      relays.setRelays([...relayed.values()])
      lastKnown = new Map(change.health.map((report) => [reportKey(report), report.status]))
      prober.setTargets([...balancers.values()].flatMap(targetsOf))
      listenNext()
    },
    close() {
      closed = true
      clearTimeout(relisten)
      prober.close()
      dns.close()
      relays.close()
    },
  }
}
