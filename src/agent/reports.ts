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
  let lastWires: Report['wires'] | undefined
  const said = {
    instances: new Map<string, Said>(),
    health: new Map<string, Said>(),
    wires: new Map<string, Said>(),
    balancers: new Map<string, Said>(),
  }

  return {
    next(full) {
      const newHead = JSON.stringify([full.generation, full.problems])
      const instances = fresh(said.instances, full.instances, ({ id }) => id, JSON.stringify)
      const health = fresh(said.health, full.health, idOfHealth, JSON.stringify)
      const withoutTime = (counters: object) => JSON.stringify({ ...counters, atMs: 0 })
      const idOf = ({ id }: { readonly id: string }) => id
      // Counters are read now and then; what is said in between has the same list, of thousands perhaps.
      const sameWires = full.wires === lastWires
      const wires = sameWires ? [] : fresh(said.wires, full.wires, idOf, withoutTime)
      lastWires = full.wires
      const balancers = fresh(said.balancers, full.balancers, idOf, withoutTime)
      const news = instances.length + health.length + wires.length + balancers.length
      if (newHead === head && news === 0) return undefined
      head = newHead
      return { generation: full.generation, problems: full.problems, instances, health, wires, balancers }
    },
    reset() {
      head = undefined
      lastWires = undefined
      for (const map of Object.values(said)) map.clear()
    },
  }
}

interface Said {
  readonly item: object
  readonly content: string
}

/** Items whose content was not said last; forgets the ones that are gone. The same object is not looked into again. */
function fresh<Item extends object>(
  said: Map<string, Said>,
  items: readonly Item[],
  idOf: (item: Item) => string,
  contentOf: (item: Item) => string,
): Item[] {
  const gone = new Set(said.keys())
  const changed = items.filter((item) => {
    const id = idOf(item)
    const old = said.get(id)
    gone.delete(id)
    if (old?.item === item) return false
    const content = contentOf(item)
    said.set(id, { item, content })
    return old?.content !== content
  })
  for (const id of gone) said.delete(id)
  return changed
}
