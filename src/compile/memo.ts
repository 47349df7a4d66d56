/**
 * Keeps what was made of an object as long as all it was made of is the same. Compiling with a memo gives the same
 * plan as compiling without one; items that did not change are the same objects, which makes the next plan's
 * difference to this one cheap.
 */
export interface Memo {
  readonly of: <Value>(id: string, parts: readonly unknown[], make: () => Value) => Value
}

interface Kept {
  readonly parts: readonly unknown[]
  readonly value: unknown
}

export const noMemo: Memo = { of: (_id, _parts, make) => make() }

/** A memo for one compilation after the other: what a round did not ask for is forgotten in the next. */
export function createMemo(): { readonly round: () => Memo } {
  let before = new Map<string, Kept>()
  let now = new Map<string, Kept>()
  return {
    round() {
      before = now
      now = new Map()
      return {
        of<Value>(id: string, parts: readonly unknown[], make: () => Value): Value {
          const old = before.get(id)
          const kept = old && sameParts(old.parts, parts) ? old : { parts, value: make() }
          now.set(id, kept)
          return kept.value as Value
        },
      }
    },
  }
}

function sameParts(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((part, position) => part === b[position])
}
