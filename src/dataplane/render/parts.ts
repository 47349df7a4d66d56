import { keyOf } from '../netns/diff.ts'
import type { BalancerPlan, EniPlan, VpcPlan } from '../../plan/host-plan.ts'
import type { IpObject, NftSet, WantedChain, WantedDevice } from '../state.ts'

/** What one plan item puts into a namespace beside elements of maps: a device and what hangs on it. */
export interface Part {
  readonly device: readonly [string, WantedDevice]
  readonly objects: readonly (readonly [string, IpObject])[]
  readonly rate: readonly [string, number] | undefined
}

export function part(
  name: string,
  device: Omit<WantedDevice, 'up'>,
  objects: readonly IpObject[],
  rateMbps?: number,
): Part {
  return {
    device: [name, { ...device, up: true }],
    objects: objects.map((object) => [keyOf(object), object]),
    rate: rateMbps === undefined ? undefined : [name, rateMbps],
  }
}

/** What a balancer puts into the table of its VPC. */
export interface BalancerPart {
  readonly timeouts: readonly (readonly [string, string])[]
  readonly counters: readonly string[]
  /** Elements of the map of counters that packets choose from. */
  readonly traffic: readonly (readonly [string, string])[]
  readonly sets: readonly (readonly [string, NftSet])[]
  readonly chains: readonly (readonly [string, WantedChain])[]
}

/**
 * Parts of items that were rendered before: the same item gives the very same part, so it costs neither making nor
 * comparing. Plans share their items. (Wires that did not change are not even rendered.)
 */
export interface PartCache {
  readonly legs: Remembered<VpcPlan, Part>
  readonly enis: Remembered<EniPlan, Part>
  readonly balancers: Remembered<BalancerPlan, BalancerPart>
}

export function createPartCache(): PartCache {
  return { legs: new Remembered(), enis: new Remembered(), balancers: new Remembered() }
}

class Remembered<Item extends object, Made> {
  readonly #parts = new WeakMap<Item, { readonly at: string; readonly part: Made }>()

  /** `at` is what the part depends on beside the item. */
  get(item: Item, at: string, make: () => Made): Made {
    const known = this.#parts.get(item)
    if (known?.at === at) return known.part
    const made = make()
    this.#parts.set(item, { at, part: made })
    return made
  }
}
