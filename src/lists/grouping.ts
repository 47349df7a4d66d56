import { difference, patched, type Identified } from './sorted.ts'

/**
 * A sorted list by keys of its items, for one version of the list after the other: a group that did not change is the
 * same array, and only the groups of what changed are touched.
 */
export class Grouping<Item extends Identified> {
  readonly #keysOf: (item: Item) => readonly string[]
  readonly #groups = new Map<string, readonly Item[]>()
  #list: readonly Item[] = []

  constructor(keysOf: (item: Item) => readonly string[]) {
    this.#keysOf = keysOf
  }

  /** Groups of the newest version; there is no empty one. */
  get groups(): ReadonlyMap<string, readonly Item[]> {
    return this.#groups
  }

  get(key: string): readonly Item[] {
    return this.#groups.get(key) ?? none
  }

  update(list: readonly Item[]): this {
    const { gone, come } = difference(this.#list, list)
    const drop = this.#byKey(gone)
    const put = this.#byKey(come)
    for (const key of new Set([...drop.keys(), ...put.keys()])) {
      const ids = (drop.get(key) ?? []).map(({ id }) => id)
      const group = patched(this.get(key), put.get(key) ?? [], ids)
      if (group.length > 0) this.#groups.set(key, group)
      else this.#groups.delete(key)
    }
    this.#list = list
    return this
  }

  #byKey(items: readonly Item[]): Map<string, Item[]> {
    const groups = new Map<string, Item[]>()
    for (const item of items) {
      for (const key of this.#keysOf(item)) {
        const group = groups.get(key)
        if (group) group.push(item)
        else groups.set(key, [item])
      }
    }
    return groups
  }
}

const none: readonly never[] = []
