/**
 * Keeps what was made of an object as long as all it was made of is the same. Compiling with a memo gives the same
 * plan as compiling without one; items that did not change are the same objects, which makes the next plan's
 * difference to this one cheap.
 */
export interface Memo {
  readonly of: <Value>(id: string, parts: readonly unknown[], make: () => Value) => Value
  /** Something that remembers by itself from round to round; made at the first. One type per name. */
  readonly keep: <Keeper>(name: string, make: () => Keeper) => Keeper
}

interface Kept {
  round: number
  parts: readonly unknown[]
  value: unknown
}

export const noMemo: Memo = { of: (_id, _parts, make) => make(), keep: (_name, make) => make() }

/** A memo for one compilation after the other. What several rounds did not ask for is forgotten. */
export function createMemo(): { readonly round: () => Memo } {
  const all = new Map<string, Kept>()
  const keepers = new Map<string, unknown>()
  let round = 0
  let asked = 0
  return {
    round() {
      if (all.size > 2 * asked) for (const [id, { round: last }] of all) if (last < round) all.delete(id)
      round += 1
      asked = 0
      return {
        of<Value>(id: string, parts: readonly unknown[], make: () => Value): Value {
          asked += 1
          const kept = all.get(id)
          if (!kept) {
            const value = make()
            all.set(id, { round, parts, value })
            return value
          }
          kept.round = round
          if (!sameParts(kept.parts, parts)) Object.assign(kept, { parts, value: make() })
          return kept.value as Value
        },
        keep<Keeper>(name: string, make: () => Keeper): Keeper {
          if (!keepers.has(name)) keepers.set(name, make())
          return keepers.get(name) as Keeper
        },
      }
    },
  }
}

function sameParts(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((part, position) => part === b[position])
}
