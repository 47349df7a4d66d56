import { difference, type Identified } from './sorted.ts'

/** A list by id, for one version of the list after the other. What `update` gives is the same map every time. */
export class ById<Item extends Identified> {
  readonly #map = new Map<string, Item>()
  #list: readonly Item[] = []

  update(list: readonly Item[]): ReadonlyMap<string, Item> {
    const { gone, come } = difference(this.#list, list)
    for (const { id } of gone) this.#map.delete(id)
    for (const item of come) this.#map.set(item.id, item)
    this.#list = list
    return this.#map
  }
}
