/** Veth pairs lie in two namespaces, so they are compared before each namespace is looked at alone. */
import type { NamespaceState, WantedState } from './state.ts'

/**
 * Devices of pairs that are not as wanted: an end is missing, has another address, or belongs to another peer. Such
 * a pair is made anew, whatever is left of it. A namespace that could not be read has no state, and its pairs are
 * left alone: not knowing is no reason to cut.
 */
export function brokenPairs(
  states: ReadonlyMap<string, WantedState>,
  have: (netns: string) => NamespaceState | undefined,
): ReadonlyMap<string, ReadonlySet<string>> {
  const bare = new Map<string, Set<string>>()
  const add = (netns: string, device: string) => {
    const devices = bare.get(netns) ?? new Set()
    bare.set(netns, devices.add(device))
  }
  for (const [netns, want] of states) {
    const here = have(netns)
    for (const [device, wanted] of want.devices) {
      const { mac, arp, peer } = wanted
      // Rendered and carried out before; if its other end was touched, that end is compared.
      if (here?.devices.get(device) === wanted) continue
      const there = peer && have(peer.netns)
      if (!here || !there) continue
      const near = here.devices.get(device)
      const far = there.devices.get(peer.device)
      const alike = near?.mac === mac && far?.mac === peer.mac && near.arp === arp && far.arp === arp
      const intact = alike && agree(near, far)
      if (intact) continue
      add(netns, device)
      add(peer.netns, peer.device)
    }
  }
  return bare
}

interface Indexed {
  readonly index?: number
  readonly peerIndex?: number
}

/** Rendered devices have no index: what was made as a pair is one. */
function agree(a: Indexed, b: Indexed): boolean {
  if (a.index === undefined || b.index === undefined) return true
  return a.peerIndex === b.index && b.peerIndex === a.index
}
