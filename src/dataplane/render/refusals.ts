/**
 * What was refused or dropped on its way into an endpoint, and why: packets counted by source, target and reason in a set of
 * bounded size, which rules fill where a packet's way ends anyway. No other packet comes here.
 */
import { memorySpec } from '../nft/spec.ts'
import type { VpcSlice } from '../slices.ts'
import type { NftSet, WantedChain } from '../state.ts'
import { addressSet, chain } from './build.ts'

/** The packet's own mark goes into the set as the reason: it ends here, so nobody else reads it. */
export const refusalMarks = {
  'security-group': 1,
  'not-connected': 2,
  'consumer-limit': 3,
  'connection-limit': 4,
  'rate-limit': 5,
  unserved: 6,
} as const

export type RefusalCause = keyof typeof refusalMarks

export const refusedSet = 'refused'
const keptS = 60
const mostKept = 4096

/** Chains that end a packet's way and note why. A set that is full takes no more, and breaks off the rule: so each ends it in a rule of its own. */
export const endings = {
  forbid: 'goto forbid',
  noWay: 'goto no-way',
  unserved: 'goto unserved',
  overConsumer: 'goto over-consumer',
  overConnections: 'goto over-connections',
  overRate: 'goto over-rate',
} as const

export function refusalSets({ endpointEnis }: VpcSlice): readonly [string, NftSet][] {
  const key = 'ipv4_addr . ipv4_addr . inet_proto . inet_service . mark'
  return [
    ['endpoint-enis', addressSet(endpointEnis.map(({ address }) => address))],
    [refusedSet, { kind: 'set', spec: memorySpec(key, keptS, mostKept), elements: new Map() }],
  ]
}

/** `ct original proto-dst` is a port only where the protocol is known to have some. */
const ports = 'meta l4proto { tcp, udp }'

export const refusalChains: readonly [string, WantedChain][] = [
  [
    'forbid',
    chain([
      'counter name ct original ip daddr map @deny-counters',
      note('security-group', `ct original ip daddr @endpoint-enis ${ports}`),
      'drop',
    ]),
  ],
  ['no-way', chain([note('not-connected', `ct original ip daddr @endpoint-enis ${ports}`), 'goto refuse'])],
  [
    'unserved',
    chain([
      'counter name ip daddr map @none-counters',
      // What was open when its listener went is not an attempt.
      note('unserved', 'tcp flags & (fin | syn | rst | ack) == syn'),
      note('unserved', 'meta l4proto udp'),
      'goto refuse',
    ]),
  ],
  ['over-consumer', chain([note('consumer-limit', ports), 'drop'])],
  ['over-connections', chain([note('connection-limit', ports), 'drop'])],
  ['over-rate', chain([note('rate-limit', ports), 'drop'])],
]

function note(cause: RefusalCause, when: string): string {
  const key = 'ip saddr . ct original ip daddr . meta l4proto . ct original proto-dst . meta mark'
  return `${when} meta mark set ${refusalMarks[cause]} update @${refusedSet} { ${key} counter }`
}
