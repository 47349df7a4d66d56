/** What the server does not know yet: pure but for its memory of what was said since the last hello. */
import type { Report } from '../protocol/messages.ts'

export interface ReportFilter {
  /** The report with only the items that are new, or undefined when it says nothing new. */
  next(full: Report): Report | undefined
  /** After a hello the server knows nothing. */
  reset(): void
}

export function createReportFilter(idOfHealth: (health: Report['health'][number]) => string): ReportFilter {
  let head: string | undefined
  const said = {
    instances: new Map<string, string>(),
    health: new Map<string, string>(),
    wires: new Map<string, string>(),
  }

  return {
    next(full) {
      const newHead = JSON.stringify([full.generation, full.problems])
      const instances = fresh(said.instances, full.instances, ({ id }) => id, JSON.stringify)
      const health = fresh(said.health, full.health, idOfHealth, JSON.stringify)
      const wires = fresh(
        said.wires,
        full.wires,
        ({ id }) => id,
        (wire) => JSON.stringify({ ...wire, atMs: 0 }),
      )
      if (newHead === head && instances.length + health.length + wires.length === 0) return undefined
      head = newHead
      return { generation: full.generation, problems: full.problems, instances, health, wires }
    },
    reset() {
      head = undefined
      for (const map of Object.values(said)) map.clear()
    },
  }
}

/** Items whose content was not said last; forgets the ones that are gone. */
function fresh<Item>(
  said: Map<string, string>,
  items: readonly Item[],
  idOf: (item: Item) => string,
  contentOf: (item: Item) => string,
): Item[] {
  const gone = new Set(said.keys())
  const changed = items.filter((item) => {
    const id = idOf(item)
    const content = contentOf(item)
    gone.delete(id)
    if (said.get(id) === content) return false
    said.set(id, content)
    return true
  })
  for (const id of gone) said.delete(id)
  return changed
}
