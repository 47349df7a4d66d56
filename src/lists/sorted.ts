/**
 * Lists that are sorted by id and shared from version to version: what did not change is the same object. A change of
 * one item then costs the change, and a copy of the references, which is next to nothing: no other item is looked into.
 */

export interface Identified {
  readonly id: string
}

/** Where two versions of a list differ: before `start` and behind the ends they hold the same objects. */
export interface Middle {
  readonly start: number
  readonly beforeEnd: number
  readonly afterEnd: number
}

export function middle(before: readonly unknown[], after: readonly unknown[]): Middle {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start += 1
  let same = 0
  const most = shorter - start
  while (same < most && before[before.length - 1 - same] === after[after.length - 1 - same]) same += 1
  return { start, beforeEnd: before.length - same, afterEnd: after.length - same }
}

export interface Difference<Item> {
  readonly gone: readonly Item[]
  readonly come: readonly Item[]
}

/**
 * The objects that only one of two versions holds. In lists that are not sorted, an object that has moved may be in both
 * answers: whoever takes out what is gone and then puts in what has come need not mind.
 */
export function difference<Item extends Identified>(
  before: readonly Item[],
  after: readonly Item[],
): Difference<Item> {
  const { start, beforeEnd, afterEnd } = middle(before, after)
  const gone: Item[] = []
  const come: Item[] = []
  let [left, right] = [start, start]
  while (left < beforeEnd || right < afterEnd) {
    const old = left < beforeEnd ? before[left] : undefined
    const item = right < afterEnd ? after[right] : undefined
    const order = old === item ? 0 : old && item ? byId(old, item) : old ? -1 : 1
    if (old && old !== item && order <= 0) gone.push(old)
    if (item && old !== item && order >= 0) come.push(item)
    if (order <= 0) left += 1
    if (order >= 0) right += 1
  }
  return { gone, come }
}

export function isSorted(items: readonly Identified[], from = 1, to = items.length): boolean {
  for (let position = Math.max(from, 1); position < to; position++) {
    if ((items[position - 1]?.id ?? '') > (items[position]?.id ?? '')) return false
  }
  return true
}

export function sortById<Item extends Identified>(items: readonly Item[]): readonly Item[] {
  return isSorted(items) ? items : items.toSorted(byId)
}

function byId(a: Identified, b: Identified): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/** The sorted list without the ids in `drop`, and with `put` in place of, or beside, what has their ids. */
export function patched<Item extends Identified>(
  list: readonly Item[],
  put: readonly Item[],
  drop: readonly string[],
): readonly Item[] {
  if (put.length + drop.length === 0) return list
  if (list.length === 0) return sortById(put)
  const news = new Map(put.map((item) => [item.id, item]))
  const pieces: (readonly Item[])[] = []
  let done = 0
  for (const id of [...new Set([...news.keys(), ...drop])].sort()) {
    const position = placeOf(list, id, done)
    pieces.push(list.slice(done, position))
    done = list[position]?.id === id ? position + 1 : position
    const item = news.get(id)
    if (item) pieces.push([item])
  }
  pieces.push(list.slice(done))
  return pieces.flat()
}

/** The items with these ids, in the list's order. */
export function picked<Item extends Identified>(
  list: readonly Item[],
  ids: readonly string[],
): readonly Item[] {
  return ids.toSorted().flatMap((id) => {
    const item = list[placeOf(list, id, 0)]
    return item?.id === id ? [item] : []
  })
}

/** The first position at or behind `from` whose id is not smaller. */
function placeOf(list: readonly Identified[], id: string, from: number): number {
  let low = from
  let high = list.length
  while (low < high) {
    const between = (low + high) >>> 1
    if ((list[between]?.id ?? '') < id) low = between + 1
    else high = between
  }
  return low
}
