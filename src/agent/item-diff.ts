import type { ItemChange } from './service-protocol.ts'

/** Remembers what was sent and gives the difference to what is wanted now. */
export function createItemDiff<Item extends { readonly id: string }>(): (
  items: readonly Item[],
) => ItemChange<Item> {
  const sent = new Map<string, string>()
  return (items) => {
    const gone = new Set(sent.keys())
    const put = items.filter((item) => {
      gone.delete(item.id)
      const content = JSON.stringify(item)
      if (sent.get(item.id) === content) return false
      sent.set(item.id, content)
      return true
    })
    for (const id of gone) sent.delete(id)
    return { put, drop: [...gone] }
  }
}
