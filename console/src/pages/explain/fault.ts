/** The page of what is at fault, and where on it. */
import type { Paths } from '../../paths.ts'
import { pathOfId } from '../../ui/linked.tsx'
import type { SeenReason } from './answer.ts'

export interface Fault {
  readonly id: string
  readonly to: string
}

const tabs: Readonly<Partial<Record<SeenReason['code'], string>>> = {
  allAbnormal: 'health',
  backendsStopped: 'backends',
  mayNotLeave: 'egress',
  noBackends: 'backends',
  nobodyListens: 'log',
  weightsZero: 'backends',
}

export function faultOf(paths: Paths, reason: SeenReason): Fault | undefined {
  const id = objectOf(reason)
  const to = id === undefined ? undefined : pathOfId(paths, id)
  if (id === undefined || to === undefined) return undefined
  const tab = id.startsWith('epsrv-') ? 'connections' : tabs[reason.code]
  return { id, to: tab === undefined ? to : `${to}?tab=${tab}` }
}

function objectOf(reason: SeenReason): string | undefined {
  if ('decision' in reason) {
    return reason.decision.by === 'default' ? reason.groups[0] : reason.decision.group
  }
  // Who may give the provider's command is the provider.
  if ('provider' in reason && reason.provider !== undefined) return reason.service
  if ('balancer' in reason) return reason.balancer
  if ('endpoint' in reason) return reason.endpoint
  if ('instance' in reason) return reason.instance
  if (reason.code === 'clientState' || reason.code === 'clientWithoutAddress') return reason.client
  return 'places' in reason ? reason.places[0]?.split(' ')[0] : undefined
}
