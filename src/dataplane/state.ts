/**
 * What a namespace holds, in the words of the tools that make it. The same types say what is wanted (rendered from
 * the plan) and what is there (read back), so a difference is found by comparing text, and a rendered state
 * that was applied serves as the observed one of the next round.
 */

export interface NamespaceState {
  readonly sysctls: ReadonlyMap<string, string>
  readonly devices: ReadonlyMap<string, Device>
  /** Addresses, routes, neighbours and rules: the text after `ip <kind> add`, and whose it is. */
  readonly objects: ReadonlyMap<string, IpObject>
  /** Rate in Mbit/s of the token bucket at a device's egress. */
  readonly rates: ReadonlyMap<string, number>
  readonly table: NftTable | undefined
}

/** A rendered state: everything in it can be made from it. */
export interface WantedState extends NamespaceState {
  readonly netns: string
  /** The plan item that the namespace stands for. */
  readonly owner: string
  readonly devices: ReadonlyMap<string, WantedDevice>
  readonly table: WantedTable | undefined
}

export interface Device {
  readonly mac: string
  readonly up: boolean
  /** False where the one address at the other end needs no asking: both ends have the same MAC. */
  readonly arp: boolean
  /** Interface index of this device and of its peer, as far as known: two ends belong together if they agree. */
  readonly index?: number
  readonly peerIndex?: number
}

export interface WantedDevice extends Device {
  readonly up: true
  readonly peer: Peer | undefined
  /** The plan item it belongs to. */
  readonly item: string
}

export interface Peer {
  readonly netns: string
  readonly device: string
  readonly mac: string
  /** True at the end whose namespace makes the pair. */
  readonly makes: boolean
}

export type IpKind = 'addr' | 'route' | 'neigh' | 'rule'

export interface IpObject {
  readonly kind: IpKind
  readonly text: string
  /** The object goes when this device goes; for a rule, the device it leads to, if known. */
  readonly device: string
}

/** The one table, `ip postern`. */
export interface NftTable {
  /** `ct timeout` objects by name. */
  readonly timeouts: ReadonlyMap<string, string>
  /** Names of counters, which go on counting while rules and elements that refer to them change. */
  readonly counters: ReadonlySet<string>
  readonly sets: ReadonlyMap<string, NftSet>
  readonly chains: ReadonlyMap<string, NftChain>
}

export interface WantedTable extends NftTable {
  readonly chains: ReadonlyMap<string, WantedChain>
}

export interface NftSet {
  readonly kind: 'set' | 'map'
  readonly spec: string
  /** Key → value; the value is empty in a set. */
  readonly elements: ReadonlyMap<string, string>
}

/** Marks are hashes of the rules' texts; each rule carries its own as a comment, which is how it is read back. */
export interface NftChain {
  readonly base: string | undefined
  readonly marks: readonly string[]
}

export interface WantedChain extends NftChain {
  readonly rules: readonly string[]
}

export const emptyState: NamespaceState = {
  sysctls: new Map(),
  devices: new Map(),
  objects: new Map(),
  rates: new Map(),
  table: undefined,
}

/** Set only when the rules are loaded, so nothing is forwarded before. */
export const forwarding = 'net.ipv4.ip_forward'
