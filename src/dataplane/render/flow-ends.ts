/**
 * Of which flows the kernel tells the end. Only the first packet of a flow comes here. So many in a second of a VPC, and no more: a
 * message is made for each, and what the machine has is for packets. The others are counted.
 */
import type { WantedChain } from '../state.ts'
import { chain } from './build.ts'

export const untoldCounter = 'untold'
export const tellEnd = 'jump tell-end'

const perSecond = 500
/** As many as begin at once where many connect anew. */
const burst = 5000

export const flowEndChains: readonly [string, WantedChain][] = [
  [
    'tell-end',
    chain([
      `limit rate over ${perSecond}/second burst ${burst} packets counter name "${untoldCounter}" return`,
      // With `nf_conntrack_events=0` of no other.
      'ct event set destroy',
    ]),
  ],
]
