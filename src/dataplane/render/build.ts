/** Makers of the parts of a rendered state. */
import { keyOf } from '../netns/diff.ts'
import { countingSpec, memorySpec, setSpec } from '../nft/spec.ts'
import type { IpObject, NftSet, WantedChain, WantedDevice } from '../state.ts'
import { shortHash } from './hash.ts'

export function objectMap(objects: readonly IpObject[]): ReadonlyMap<string, IpObject> {
  return new Map(objects.map((object) => [keyOf(object), object]))
}

export function loopback(item: string): [string, WantedDevice] {
  return ['lo', { mac: '00:00:00:00:00:00', up: true, arp: true, peer: undefined, item }]
}

export function chain(rules: readonly string[], base?: string): WantedChain {
  return { base, rules, marks: rules.map(shortHash) }
}

/** A map from addresses; values are addresses or verdicts. */
export function addressMap(
  values: 'ipv4_addr' | 'verdict',
  entries: readonly (readonly [string, string])[],
): NftSet {
  return { kind: 'map', spec: setSpec('ipv4_addr', values, false), elements: new Map(entries) }
}

/** A map from devices to verdicts. */
export function deviceMap(entries: readonly (readonly [string, string])[]): NftSet {
  return { kind: 'map', spec: setSpec('ifname', 'verdict', false), elements: new Map(entries) }
}

/** A set of sources that rules fill. */
export function sourceMemory(timeoutS: number): NftSet {
  return { kind: 'set', spec: memorySpec('ipv4_addr', timeoutS), elements: new Map() }
}

/** A set of lists of connections by the packet's mark, which rules make. */
export function countingSet(lists: number): NftSet {
  return { kind: 'set', spec: countingSpec('mark', lists), elements: new Map() }
}

export function addressSet(members: readonly string[]): NftSet {
  return {
    kind: 'set',
    spec: setSpec('ipv4_addr', undefined, false),
    elements: new Map(members.map((member) => [member, ''])),
  }
}
