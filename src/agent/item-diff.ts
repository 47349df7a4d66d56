import { isDeepStrictEqual } from 'node:util'
import type { ItemChange } from './service-protocol.ts'

/** Remembers what was sent and gives the difference to what is wanted now. What both share is not looked into. */
export function createItemDiff<Item extends { readonly id: string }>(): (
  items: readonly Item[],
) => ItemChange<Item> {
  const sent = new Map<string, Item>()
  return (items) => {
    const gone = new Set(sent.keys())
    const put = items.filter((item) => {
      gone.delete(item.id)
      if (isDeepStrictEqual(sent.get(item.id), item)) return false
      sent.set(item.id, item)
      return true
    })
    for (const id of gone) sent.delete(id)
    return { put, drop: [...gone] }
  }
}
