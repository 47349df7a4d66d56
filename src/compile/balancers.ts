import { inOrderOfMatching, isWildcard } from '../model/forwarding-rules.ts'
import type { BackendServer, ForwardingRule, Listener, LoadBalancer } from '../model/world.ts'
import type {
  BackendPlan,
  BalancerPlan,
  ForwardingRulePlan,
  HealthCheckPlan,
  HttpPlan,
  ListenerPlan,
} from '../plan/host-plan.ts'
import type { Index } from './index-world.ts'

export function compileBalancers(index: Index): BalancerPlan[] {
  return [...index.loadBalancers.values()]
    .filter((balancer) => index.vpcs.has(balancer.vpc))
    .map((balancer) => {
      const addresses = reachable(index, balancer)
      return index.memo.of(balancer.id, [balancer, addresses.join()], () =>
        compileBalancer(balancer, addresses),
      )
    })
}

/**
 * A CLB has one address, which its primary zone carries, and its backup zone while that one is down. An NLB has an address
 * of its own in each zone.
 */
function reachable({ zonesDown }: Index, { addresses }: LoadBalancer): readonly string[] {
  const isUp = (zone: string | undefined) => zone !== undefined && !zonesDown.has(zone)
  return addresses
    .filter(({ zone, backup }) => isUp(zone) || isUp(backup))
    .map(({ address }) => address)
    .toSorted()
}

function compileBalancer(balancer: LoadBalancer, addresses: readonly string[]): BalancerPlan {
  return {
    id: balancer.id,
    vpc: balancer.vpc,
    addresses,
    limits: balancer.limits,
    listeners: (addresses.length > 0 ? forwarding(balancer) : [])
      .map(compileListener)
      .toSorted((a, b) => (a.protocol === b.protocol ? a.port - b.port : a.protocol < b.protocol ? -1 : 1)),
    relays: [],
  }
}

/** An inactive or locked load balancer keeps its address and forwards nothing (Slb, SetLoadBalancerStatus). */
export function forwarding(balancer: LoadBalancer): readonly Listener[] {
  if (balancer.status !== 'active') return []
  return balancer.listeners.filter(({ status }) => status === 'starting' || status === 'running')
}

function compileListener(listener: Listener): ListenerPlan {
  return {
    protocol: listener.protocol,
    port: listener.port,
    lastPort: listener.lastPort,
    scheduler: listener.scheduler,
    idleTimeoutS: listener.idleTimeoutS,
    persistenceS: listener.persistenceS,
    drainS: listener.drainS,
    newConnectionsPerS: listener.newConnectionsPerS,
    backends: compileBackends(listener.servers),
    healthCheck: listener.healthCheck && compileHealthCheck(listener.healthCheck),
    http: listener.http && compileHttp(listener.http),
  }
}

function compileBackends(servers: readonly BackendServer[]): readonly BackendPlan[] {
  return servers
    .map(({ server, address, port, weight, standby }) => ({ server, address, port, weight, standby }))
    .toSorted((a, b) => (a.server === b.server ? a.port - b.port : a.server < b.server ? -1 : 1))
}

function compileHttp({ tls, identity, rules, ...http }: NonNullable<Listener['http']>): HttpPlan {
  return {
    ...http,
    proxyPort: 0,
    rules: compileRules(rules),
    tls: tls && identity && { ...identity, cipherPolicy: tls.cipherPolicy, http2: tls.http2 },
  }
}

/** A domain without a rule for the rest of its paths has nothing there. */
function compileRules(rules: readonly ForwardingRule[]): readonly ForwardingRulePlan[] {
  const ordered = inOrderOfMatching(rules)
  return ordered.flatMap(({ id, domain, path, servers }, position): ForwardingRulePlan[] => {
    const host = compileDomain(domain)
    const rule = { id, host, path, backends: compileBackends(servers) }
    const isLast = ordered[position + 1]?.domain !== domain
    return isLast && domain !== '' && path !== ''
      ? [rule, { id: `rest of ${domain}`, host, path: '', backends: undefined }]
      : [rule]
  })
}

function compileDomain(domain: string): ForwardingRulePlan['host'] {
  if (domain === '') return undefined
  return isWildcard(domain) ? { endsWith: domain.slice(1) } : { is: domain }
}

/** A timeout longer than the interval counts as the interval (CLB user guide, health checks). */
function compileHealthCheck(check: NonNullable<Listener['healthCheck']>): HealthCheckPlan {
  return {
    probe: check.probe,
    port: check.port,
    intervalMs: check.intervalS * 1000,
    timeoutMs: Math.min(check.timeoutS, check.intervalS) * 1000,
    healthyThreshold: check.healthyThreshold,
    unhealthyThreshold: check.unhealthyThreshold,
  }
}
