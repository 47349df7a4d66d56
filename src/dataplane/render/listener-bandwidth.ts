/**
 * The bandwidth of listeners: what is beyond is dropped, each direction by itself, all connections of a listener together.
 * They have no device in common that could queue them. Each limit is a chain of its own, because the kernel keeps what
 * is left of it in the rule: a second's worth, which may come at once.
 */
import { setSpec } from '../nft/spec.ts'
import type { VpcSlice } from '../slices.ts'
import type { NftSet, WantedChain } from '../state.ts'
import { chain } from './build.ts'
import { listenerCounters } from './counting.ts'

export interface ListenerBandwidths {
  /** Of `forward`; none when no listener of the VPC is limited. */
  readonly rules: readonly string[]
  readonly sets: readonly [string, NftSet][]
  readonly chains: readonly [string, WantedChain][]
}

const bytesPerMbit = 125_000

export function renderListenerBandwidths({ balancers }: Pick<VpcSlice, 'balancers'>): ListenerBandwidths {
  const limits = balancers.flatMap(({ id, listeners }) =>
    listeners.flatMap((listener) => {
      const { bandwidthMbps } = listener
      if (bandwidthMbps === undefined) return []
      const { mark, receivedBeyond, sentBeyond } = listenerCounters(id, listener)
      const rate = bandwidthMbps * bytesPerMbit
      return [
        { key: `original . ${mark}`, name: receivedBeyond, rate },
        { key: `reply . ${mark}`, name: sentBeyond, rate },
      ]
    }),
  )
  if (limits.length === 0) return { rules: [], sets: [], chains: [] }
  const elements = new Map(limits.map(({ key, name }) => [key, `jump ${name}`]))
  const map: NftSet = { kind: 'map', spec: setSpec('ct_dir . mark', 'verdict', false), elements }
  return {
    rules: ['ct mark != 0 ct direction . ct mark vmap @bandwidths'],
    sets: [['bandwidths', map]],
    chains: limits.map(({ name, rate }): [string, WantedChain] => [
      name,
      chain([`limit rate over ${rate} bytes/second counter name "${name}" drop`]),
    ]),
  }
}
