import { keyOf } from '../netns/diff.ts'
import type { EniPlan, VpcPlan } from '../../plan/host-plan.ts'
import type { IpObject, WantedDevice } from '../state.ts'

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

/**
 * Parts of items that were rendered before: the same item gives the very same part, so it costs neither making nor
 * comparing. Plans share their items. (Wires that did not change are not even rendered.)
 */
export interface PartCache {
  readonly legs: Remembered<VpcPlan>
  readonly enis: Remembered<EniPlan>
}

export function createPartCache(): PartCache {
  return { legs: new Remembered(), enis: new Remembered() }
}

class Remembered<Item extends object> {
  readonly #parts = new WeakMap<Item, { readonly at: string; readonly part: Part }>()

  /** `at` is what the part depends on beside the item. */
  get(item: Item, at: string, make: () => Part): Part {
    const known = this.#parts.get(item)
    if (known?.at === at) return known.part
    const made = make()
    this.#parts.set(item, { at, part: made })
    return made
  }
}
