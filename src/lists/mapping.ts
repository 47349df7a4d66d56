import { difference, middle, type Identified } from './sorted.ts'

export interface Mapped<Item extends Identified, Related extends Identified, Value> {
  readonly items: readonly Item[]
  /** What the value of every item may depend on: while it is the same, items that are the same are not looked into. */
  readonly around: readonly unknown[]
  /** What values depend on beside, and the id of the item whose value does. */
  readonly related: readonly Related[]
  readonly itemOf: (related: Related) => string | undefined
  /** Everything that the value is made of. */
  readonly partsOf: (item: Item) => readonly unknown[]
  readonly make: (item: Item) => Value
}

/** A value for each item of a list, for one version of the list after the other; it is made anew only when one of its parts changed. */
export class Mapping<Item extends Identified, Related extends Identified, Value> {
  #items: readonly Item[] = []
  #parts: readonly (readonly unknown[])[] = []
  #values: readonly Value[] = []
  #around: readonly unknown[] = []
  #related: readonly Related[] = []

  /** In the order of the items; the same array when nothing changed. */
  update({ items, around, related, itemOf, partsOf, make }: Mapped<Item, Related, Value>): readonly Value[] {
    const touched = new Set<string>()
    const { gone, come } = difference(this.#related, related)
    for (const one of [...gone, ...come]) {
      const id = itemOf(one)
      if (id !== undefined) touched.add(id)
    }
    const sure = sameParts(this.#around, around)
    const { start, beforeEnd, afterEnd } = middle(this.#items, items)
    const old = new Map(this.#items.slice(start, beforeEnd).map((item, offset) => [item, start + offset]))
    const shift = beforeEnd - afterEnd
    const parts: (readonly unknown[])[] = []
    const values: Value[] = []
    let same = items.length === this.#items.length
    items.forEach((item, position) => {
      const before = position < start ? position : position >= afterEnd ? position + shift : old.get(item)
      const had = before === undefined ? undefined : this.#parts[before]
      const hasAll = sure && (touched.size === 0 || !touched.has(item.id)) ? had : undefined
      const has = hasAll ?? partsOf(item)
      const kept = before !== undefined && had !== undefined && sameParts(had, has)
      if (!kept || before !== position) same = false
      parts.push(has)
      values.push(kept ? (this.#values[before] as Value) : make(item))
    })
    this.#related = related
    this.#around = around
    this.#items = items
    this.#parts = parts
    if (!same) this.#values = values
    return this.#values
  }
}

function sameParts(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === b.length && a.every((part, position) => part === b[position]))
}
