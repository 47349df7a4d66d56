/**
 * Balancers: address → chain of the balancer → chain of the listener → backend. A flow is translated once, so it keeps
 * its backend when the chain changes. A port without listener, or a listener without backend, translates nothing, and
 * what is not translated is refused.
 *
 * Limits are chains of their own, which stay as they are when listeners and backends change: the kernel counts in
 * the rule. Only the first packet of a flow comes here, so a limit never touches a flow that is open.
 */
import type { BalancerPlan, LimitsPlan, ListenerPlan } from '../../plan/host-plan.ts'
import { timeoutSpec } from '../nft/spec.ts'
import type { VpcSlice } from '../slices.ts'
import type { NftSet, WantedChain } from '../state.ts'
import { addressMap, chain, sourceMemory } from './build.ts'
import { connectionLimit } from './connection-limit.ts'
import { renderConsumerCaps } from './consumer-caps.ts'
import { balancerCounters, countersOfBalancer, listenerCounters, trafficOf } from './counting.ts'
import { shortHash } from './hash.ts'
import { idleGraceS } from './idle.ts'
import type { BalancerPart, PartCache } from './parts.ts'
import { endings } from './refusals.ts'
import type { Target } from './schedule.ts'
import { hashSlots, roundRobin } from './schedule.ts'

export interface RenderedBalancers extends Omit<BalancerPart, 'timeouts'> {
  readonly timeouts: ReadonlyMap<string, string>
}

interface Rendered {
  readonly chains: readonly [string, WantedChain][]
  readonly sets: readonly [string, NftSet][]
}

export function renderBalancers({ vpc, balancers, provided }: VpcSlice, cache: PartCache): RenderedBalancers {
  const verdicts = new Map(balancers.map(({ id }) => [id, `goto ${chainName(id)}`]))
  const served = provided.flatMap((wire) => {
    const verdict = verdicts.get(wire.balancer)
    return verdict ? [{ wire, verdict }] : []
  })
  const caps = renderConsumerCaps(served)
  const addresses = balancers.flatMap(({ id, addresses: own }) =>
    own.map((address) => [address, verdicts.get(id) ?? 'drop'] as const),
  )
  const { serviceAddress } = vpc.serviceLeg
  const parts = balancers.map((balancer) =>
    cache.balancers.get(balancer, serviceAddress, () => renderBalancer(balancer, serviceAddress)),
  )
  const timeouts = new Map(parts.flatMap((part) => part.timeouts))
  return {
    timeouts: new Map([...timeouts].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))),
    counters: parts.flatMap(({ counters }) => counters),
    traffic: parts.flatMap(({ traffic }) => traffic),
    sets: [
      ['balancers', addressMap('verdict', addresses)],
      ...caps.sets,
      ...parts.flatMap(({ sets }) => sets),
    ],
    chains: [...caps.chains, ...parts.flatMap(({ chains }) => chains)],
  }
}

function chainName(balancer: string): string {
  return `lb-${shortHash(balancer)}`
}

type Idle = Pick<ListenerPlan, 'protocol' | 'idleTimeoutS'>

function idleTimeouts(listeners: readonly Idle[]): BalancerPart['timeouts'] {
  const timeouts = listeners.flatMap(({ protocol, idleTimeoutS: seconds }): [string, string][] => {
    if (seconds === undefined) return []
    const policy =
      protocol === 'tcp' ? { established: seconds + idleGraceS } : { unreplied: seconds, replied: seconds }
    return [[timeoutName(protocol, seconds), timeoutSpec(protocol, policy)]]
  })
  return [...new Map(timeouts)]
}

function timeoutName(protocol: Idle['protocol'], seconds: number): string {
  return protocol === 'tcp' ? `established-${seconds + idleGraceS}` : `datagrams-${seconds}`
}

function renderBalancer(balancer: BalancerPlan, proxyAddress: string): BalancerPart {
  const { id, limits, listeners } = balancer
  const cap = renderCap(shortHash(id), limits, balancerCounters(id))
  const serving = listeners.flatMap(
    (listener) => renderListener(id, listener, cap.chains, proxyAddress) ?? [],
  )
  const ports = serving.map(({ ports: own, name }) => `${own} : goto ${name}`)
  return {
    timeouts: idleTimeouts(listeners),
    counters: countersOfBalancer(balancer),
    traffic: trafficOf(balancer),
    sets: [...cap.sets, ...serving.flatMap(({ sets }) => sets)],
    chains: [
      [
        chainName(id),
        chain(ports.length > 0 ? [`meta l4proto . th dport vmap { ${ports.join(', ')} }`] : []),
      ],
      ...cap.chains,
      ...serving.flatMap(({ chains }) => chains),
    ],
  }
}

/** Nothing when there is no limit. A second's worth of new connections may come at once. */
function renderCap(
  hash: string,
  { connections, newConnectionsPerS: rate }: LimitsPlan,
  { overRate, overConnections }: Readonly<Record<'overRate' | 'overConnections', string>>,
): Rendered {
  const open =
    connections === undefined
      ? { sets: [], rules: [] }
      : connectionLimit(hash, connections, `counter name "${overConnections}" ${endings.overConnections}`)
  const rules = [
    ...(rate === undefined
      ? []
      : [
          `limit rate over ${rate}/second burst ${rate} packets counter name "${overRate}" ${endings.overRate}`,
        ]),
    ...open.rules,
  ]
  return { sets: open.sets, chains: rules.length > 0 ? [[`cap-${hash}`, chain(rules)]] : [] }
}

interface RenderedListener extends Rendered {
  readonly name: string
  readonly ports: string
}

/** Undefined when no backend takes connections. */
function renderListener(
  balancer: string,
  listener: ListenerPlan,
  capOfAll: Rendered['chains'],
  proxyAddress: string,
): RenderedListener | undefined {
  const { protocol, port, lastPort, newConnectionsPerS, http } = listener
  const targets = targetsOf(listener)
  if (targets.length === 0 && !http) return undefined
  const hash = shortHash(`${balancer} ${protocol} ${port}`)
  const name = `ls-${hash}`
  const { mark, accepted, overRate } = listenerCounters(balancer, listener)
  const limits = { connections: undefined, newConnectionsPerS }
  const own = renderCap(hash, limits, { overRate, overConnections: '' }).chains
  const entry = [
    ...[...capOfAll, ...own].map(([cap]) => `jump ${cap}`),
    `ct mark set ${mark} counter name "${accepted}"`,
  ]
  // The proxy chooses, for each request.
  const choosing = http
    ? {
        rules: [`meta l4proto tcp dnat ip to ${proxyAddress}:${http.proxyPort}`],
        chains: [],
        sets: [],
      }
    : listener.persistenceS > 0
      ? remembering(hash, listener, targets)
      : {
          rules: choices(listener, 'map', targets).map(({ when, to }) => translation(listener, to, when)),
          chains: [],
          sets: [],
        }
  return {
    name,
    ports: `${protocol === 'udp' ? 'udp' : 'tcp'} . ${port}${lastPort === undefined ? '' : `-${lastPort}`}`,
    sets: choosing.sets,
    chains: [...own, [name, chain([...entry, ...choosing.rules])], ...choosing.chains],
  }
}

/** Backends on standby serve only when no other does. Without a port a translation leaves it as it is. */
function targetsOf({ backends }: ListenerPlan): readonly Target[] {
  const live = backends.filter(({ weight }) => weight > 0)
  const first = live.filter(({ standby }) => !standby)
  return (first.length > 0 ? first : live).map(({ address, port, weight }) => ({
    to: port === 0 ? address : `${address} . ${port}`,
    weight,
  }))
}

function translation({ protocol, idleTimeoutS }: ListenerPlan, to: string, before = ''): string {
  const timeout = idleTimeoutS === undefined ? '' : `ct timeout set "${timeoutName(protocol, idleTimeoutS)}" `
  return `meta l4proto ${protocol} ${timeout}${before}dnat ip to ${to}`
}

/**
 * Persistence by source: a chain and a set of sources per backend. Who is in a set goes to its backend, as long as that
 * one takes connections; anybody else is given one, and remembered. The sets' names carry the time, as sets cannot
 * change theirs.
 */
function remembering(hash: string, listener: ListenerPlan, targets: readonly Target[]) {
  const places = targets.map((target) => {
    const name = shortHash(`${hash} ${target.to} ${listener.persistenceS}`)
    return { target, chainName: `be-${name}`, setName: `st-${name}` }
  })
  const ways = places.map(({ target: { weight }, chainName: name }): Target => ({
    to: `goto ${name}`,
    weight,
  }))
  return {
    rules: [
      ...places.map(({ chainName: name, setName }) => `ip saddr @${setName} goto ${name}`),
      ...choices(listener, 'vmap', ways).map(({ when, to }) => `${when}${to}`),
    ],
    chains: places.map(({ target, chainName: name, setName }): [string, WantedChain] => [
      name,
      chain([translation(listener, target.to.replace(' . ', ':'), `update @${setName} { ip saddr } `)]),
    ]),
    sets: places.map(({ setName }): [string, NftSet] => [setName, sourceMemory(listener.persistenceS)]),
  }
}

/** A fixed seed: a flow finds the same backend after the rules were loaded again. */
const seed = ' seed 0x706f7374'

interface Choice {
  /** What the packet must be for it. */
  readonly when: string
  readonly to: string
}

function choices(
  { scheduler }: ListenerPlan,
  into: 'map' | 'vmap',
  targets: readonly Target[],
): readonly Choice[] {
  const by = (selector: string, slots: readonly string[], suffix = '', when = ''): Choice => ({
    when,
    to: slotMap(selector, suffix, into, slots),
  })
  const hashed = (selector: string, when?: string) => by(`jhash ${selector}`, hashSlots(targets), seed, when)
  switch (scheduler) {
    case 'wrr':
    // The agent has turned connections into weights.
    case 'wlc':
      return [by('numgen inc', roundRobin(targets))]
    case 'rr':
      return [by('numgen inc', roundRobin(targets.map(({ to }) => ({ to, weight: 1 }))))]
    case 'sch':
      return [hashed('ip saddr')]
    case 'tch':
      return [hashed('ip saddr . ip daddr . th sport . th dport')]
    case 'qch':
      return [hashed(quicIds.long, quicIds.isLong), hashed(quicIds.short)]
  }
}

/**
 * The destination connection id of QUIC (RFC 9000, 17): behind the first byte, or in packets of a handshake, which have
 * the first bit set, behind version and length. Its first eight bytes: shorter ids are padded by what follows.
 */
const quicIds = { isLong: '@th,64,1 1 ', long: '@th,112,64', short: '@th,72,64' } as const

function slotMap(selector: string, suffix: string, into: 'map' | 'vmap', slots: readonly string[]): string {
  const entries = slots.map((to, slot) => `${slot} : ${to}`)
  return `${selector} mod ${slots.length}${suffix} ${into} { ${entries.join(', ')} }`
}
