import { difference, patched, type Identified } from './sorted.ts'

/** What many objects hold, in one list that is sorted by id, for one version of them after the other. Ids are unique over all of them. */
export class Union<Source extends Identified, Item extends Identified> {
  readonly #itemsOf: (source: Source) => readonly Item[]
  #sources: readonly Source[] = []
  #items: readonly Item[] = []

  constructor(itemsOf: (source: Source) => readonly Item[]) {
    this.#itemsOf = itemsOf
  }

  update(sources: readonly Source[]): readonly Item[] {
    const { gone, come } = difference(this.#sources, sources)
    const drop = gone.flatMap(this.#itemsOf).map(({ id }) => id)
    this.#items = patched(this.#items, come.flatMap(this.#itemsOf), drop)
    this.#sources = sources
    return this.#items
  }
}
