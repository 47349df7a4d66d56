/**
 * Balancers: address → chain of the balancer → chain of the listener → backend. A flow is translated once, so it keeps
 * its backend when the chain changes. A port without listener, or a listener without backend, translates nothing, and
 * what is not translated is refused.
 */
import type { BalancerPlan, ListenerPlan } from '../../plan/host-plan.ts'
import { timeoutSpec } from '../nft/spec.ts'
import type { VpcSlice } from '../slices.ts'
import type { NftSet, WantedChain } from '../state.ts'
import { addressMap, chain } from './build.ts'
import { shortHash } from './hash.ts'
import type { Target } from './schedule.ts'
import { hashSlots, roundRobin } from './schedule.ts'

export interface RenderedBalancers {
  readonly timeouts: ReadonlyMap<string, string>
  readonly sets: readonly [string, NftSet][]
  readonly chains: readonly [string, WantedChain][]
}

export function renderBalancers({ balancers, provided }: VpcSlice): RenderedBalancers {
  const verdicts = new Map(balancers.map(({ id }) => [id, `goto ${chainName(id)}`]))
  const wires = provided.flatMap(({ wire: { providerAddress, balancer } }): [string, string][] => {
    const verdict = verdicts.get(balancer)
    return verdict ? [[providerAddress, verdict]] : []
  })
  const tcp = balancers.flatMap(({ listeners }) => listeners).filter(({ protocol }) => protocol === 'tcp')
  const timeouts = [...new Set(tcp.map(({ establishedTimeoutS }) => establishedTimeoutS))].sort(
    (a, b) => a - b,
  )
  return {
    timeouts: new Map(
      timeouts.map((seconds) => [timeoutName(seconds), timeoutSpec('tcp', { established: seconds })]),
    ),
    sets: [
      [
        'balancers',
        addressMap(
          'verdict',
          balancers.map(({ id, address }) => [address, verdicts.get(id) ?? 'drop']),
        ),
      ],
      ['wires', addressMap('verdict', wires)],
    ],
    chains: balancers.flatMap(balancerChains),
  }
}

function chainName(balancer: string): string {
  return `lb-${shortHash(balancer)}`
}

function timeoutName(seconds: number): string {
  return `established-${seconds}`
}

function balancerChains({ id, listeners }: BalancerPlan): readonly [string, WantedChain][] {
  const serving = listeners
    .map((listener) => ({ listener, rule: listenerRule(listener) }))
    .filter(({ rule }) => rule !== undefined)
    .map(({ listener: { protocol, port }, rule }) => ({
      port: `${protocol} . ${port}`,
      name: `ls-${shortHash(`${id} ${protocol} ${port}`)}`,
      rule: rule ?? '',
    }))
  const ports = serving.map(({ port, name }) => `${port} : goto ${name}`)
  return [
    [chainName(id), chain(ports.length > 0 ? [`meta l4proto . th dport vmap { ${ports.join(', ')} }`] : [])],
    ...serving.map(({ name, rule }): [string, WantedChain] => [name, chain([rule])]),
  ]
}

/** Undefined when no backend takes connections. */
function listenerRule(listener: ListenerPlan): string | undefined {
  const { protocol, backends, establishedTimeoutS } = listener
  const targets = backends
    .filter(({ weight }) => weight > 0)
    .map(({ address, port, weight }): Target => ({ to: `${address} . ${port}`, weight }))
  if (targets.length === 0) return undefined
  const timeout = protocol === 'tcp' ? `ct timeout set "${timeoutName(establishedTimeoutS)}" ` : ''
  return `meta l4proto ${protocol} ${timeout}dnat ip to ${choice(listener, targets)}`
}

/** A fixed seed: a flow finds the same backend after the rules were loaded again. */
const seed = 'seed 0x706f7374'

function choice({ scheduler }: ListenerPlan, targets: readonly Target[]): string {
  switch (scheduler) {
    case 'wrr':
      return slotMap('numgen inc', '', roundRobin(targets))
    case 'rr':
      return slotMap('numgen inc', '', roundRobin(targets.map(({ to }) => ({ to, weight: 1 }))))
    case 'sch':
      return slotMap('jhash ip saddr', seed, hashSlots(targets))
    case 'tch':
      return slotMap('jhash ip saddr . ip daddr . th sport . th dport', seed, hashSlots(targets))
  }
}

function slotMap(selector: string, suffix: string, slots: readonly string[]): string {
  const entries = slots.map((to, slot) => `${slot} : ${to}`)
  return `${selector} mod ${slots.length}${suffix ? ` ${suffix}` : ''} map { ${entries.join(', ')} }`
}
