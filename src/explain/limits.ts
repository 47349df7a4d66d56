/**
 * Limits that have dropped something within the last minute. What they let through depends on what else passes at the moment, so
 * a packet may pass or not; one that got no answer was dropped by the first of them.
 */
import type { Drops } from '../model/drops.ts'
import type { BalancerLimits, Endpoint, Listener } from '../model/world.ts'
import {
  judgementOf,
  passing,
  type Judgement,
  type LimitReason,
  type Reason,
  type Step,
} from './judgement.ts'
import { ownerOfVpc, type Scene } from './scene.ts'

export function limitsOfWire(
  { world, drops = [] }: Scene,
  endpoint: Endpoint,
  zone: string,
): readonly Step[] {
  const { id, service, owner: account, bandwidthMbps } = endpoint
  const provider = world.services.find((one) => one.id === service)?.owner
  const of = { endpoint: id, service, provider, account }
  const dropped = (limit: Drops['limit']) => countOf(drops, limit, `${id}/${zone}`)
  const limit =
    world.consumerLimits.find(({ consumer }) => consumer === account) ??
    world.consumerLimits.find(({ consumer }) => consumer === 'all')
  return [
    ...(dropped('consumer') > 0 && limit
      ? [passing({ code: 'consumerFull', ...of, limit: limit.connections, dropped: dropped('consumer') })]
      : []),
    ...(dropped('bandwidth') > 0 && bandwidthMbps !== undefined
      ? [passing({ code: 'bandwidthFull', ...of, limit: bandwidthMbps, dropped: dropped('bandwidth') })]
      : []),
  ]
}

interface Limited {
  readonly id: string
  readonly vpc: string
  readonly limits: BalancerLimits
}

export function limitsOfBalancer(
  { world, drops = [] }: Scene,
  { id, vpc, limits }: Limited,
  { protocol, port, newConnectionsPerS }: Listener,
): readonly Step[] {
  const of = { balancer: id, account: ownerOfVpc(world, vpc), protocol, port }
  const full = (
    code: 'balancerFull' | 'balancerBusy' | 'listenerBusy',
    limit: number | undefined,
    dropped: number,
  ) => (dropped > 0 && limit !== undefined ? [passing({ code, ...of, limit, dropped })] : [])
  const listener = `${id} ${protocol} ${port}`
  return [
    ...full('balancerFull', limits.connections, countOf(drops, 'connections', id)),
    ...full('balancerBusy', limits.newConnectionsPerS, countOf(drops, 'newConnections', id)),
    ...full('listenerBusy', newConnectionsPerS, countOf(drops, 'newConnections', listener)),
  ]
}

function countOf(drops: readonly Drops[], limit: Drops['limit'], id: string): number {
  return drops.find((one) => one.limit === limit && one.id === id)?.count ?? 0
}

/** What became of a packet that got no answer; undefined when no limit dropped anything. */
export function blamed<Judged extends Judgement>(judged: Judged): (Judged & Judgement) | undefined {
  const at = judged.steps.findIndex(({ reason }) => isFull(reason))
  const full = judged.steps[at]
  if (!full) return undefined
  const steps = [...judged.steps.slice(0, at), { ...full, verdict: 'stops' as const }]
  return { ...judged, ...judgementOf(steps) }
}

function isFull(reason: Reason): reason is LimitReason {
  return 'dropped' in reason
}
