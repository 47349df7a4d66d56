import { keyOf } from '../netns/diff.ts'
import type { EniPlan, WirePlan } from '../../plan/host-plan.ts'
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
 * Parts of items that were rendered before. A VPC may hold a thousand wires and a change be about one of them: the
 * same item gives the very same part, so the others cost neither making nor comparing. Plans share their items.
 */
export interface PartCache {
  readonly enis: Remembered<EniPlan>
  readonly consumed: Remembered<WirePlan>
  readonly provided: Remembered<WirePlan>
}

export function createPartCache(): PartCache {
  return { enis: new Remembered(), consumed: new Remembered(), provided: new Remembered() }
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
