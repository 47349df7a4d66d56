/** Each list that is kept from version to version, against the plain meaning of what it keeps. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ById } from './by-id.ts'
import { Grouping } from './grouping.ts'
import { Mapping } from './mapping.ts'
import { difference, patched, picked, sortById } from './sorted.ts'
import { Union } from './union.ts'

interface Thing {
  readonly id: string
  readonly keys: readonly string[]
}

const key = fc.constantFrom('x', 'y', 'z')
const thing = fc.record({ id: fc.stringMatching(/^[a-h]$/), keys: fc.uniqueArray(key) })
const list = fc.uniqueArray(thing, { selector: ({ id }) => id }).map(sortById)

/** Versions in which most objects are those of the version before. */
const versions = fc.array(list, { minLength: 1, maxLength: 8 }).map((lists) => {
  let last: readonly Thing[] = []
  return lists.map((next) => {
    last = next.map((item) => last.find((old) => JSON.stringify(old) === JSON.stringify(item)) ?? item)
    return last
  })
})

test('what is gone is taken out, what has come is put in: that is the next version', () => {
  fc.assert(
    fc.property(list, list, fc.boolean(), (before, other, shared) => {
      const after = shared
        ? sortById([...before.slice(1), ...other.filter(({ id }) => !ids(before).has(id))])
        : other
      const { gone, come } = difference(before, after)
      const kept = before.filter((item) => !gone.includes(item))
      expect(sortById([...kept, ...come])).toEqual(after)
      expect(gone.every((item) => before.includes(item) && !after.includes(item))).toBe(true)
      expect(come.every((item) => after.includes(item) && !before.includes(item))).toBe(true)
    }),
  )
})

test('a patched list is the one that would be sorted anew', () => {
  fc.assert(
    fc.property(list, list, fc.array(fc.stringMatching(/^[a-h]$/)), (before, put, drop) => {
      const left = before.filter(({ id }) => !drop.includes(id) && !ids(put).has(id))
      expect(patched(before, put, drop)).toEqual(sortById([...left, ...put]))
    }),
  )
})

test('picked items are those of the ids', () => {
  fc.assert(
    fc.property(list, fc.uniqueArray(fc.stringMatching(/^[a-j]$/)), (items, wanted) => {
      expect(picked(items, wanted)).toEqual(items.filter(({ id }) => wanted.includes(id)))
    }),
  )
})

test('by id, by key and as a union: the same after many versions as after the last one alone', () => {
  fc.assert(
    fc.property(versions, (all) => {
      const byId = new ById<Thing>()
      const grouping = new Grouping<Thing>(({ keys }) => keys)
      const flat = ({ id, keys }: Thing) => keys.map((one) => ({ id: `${one}${id}` }))
      const union = new Union(flat)
      for (const version of all) {
        expect([...byId.update(version).values()].toSorted(order)).toEqual(version)
        expect(union.update(version)).toEqual(sortById(version.flatMap(flat)))
        const before = new Map(grouping.groups)
        grouping.update(version)
        for (const one of ['x', 'y', 'z']) {
          const members = version.filter(({ keys }) => keys.includes(one))
          expect(grouping.get(one)).toEqual(members)
          const same =
            before.get(one)?.length === members.length &&
            before.get(one)?.every((old, at) => old === members[at])
          if (same) expect(grouping.get(one)).toBe(before.get(one))
        }
        expect([...grouping.groups.keys()].every((one) => grouping.get(one).length > 0)).toBe(true)
      }
    }),
  )
})

test('values are those that would be made anew, and are made only where a part changed', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(versions, key), { minLength: 1, maxLength: 6 }), (rounds) => {
      const mapping = new Mapping<Thing, Thing, string>()
      for (const [[items = [], ...others], around] of rounds) {
        // A related thing belongs to the item whose id follows its own.
        const related = others.at(-1) ?? []
        const itemOf = ({ id }: Thing) => String.fromCharCode(id.charCodeAt(0) + 1)
        const partsOf = (item: Thing) => [item, around, related.find((one) => itemOf(one) === item.id)]
        const made: string[] = []
        const value = (item: Thing) => JSON.stringify(partsOf(item))
        const make = (item: Thing) => {
          made.push(item.id)
          return value(item)
        }
        const round = { items, around: [around], related, itemOf, partsOf, make }
        expect(mapping.update(round)).toEqual(items.map(value))
        const first = mapping.update(round)
        made.length = 0
        expect(mapping.update(round)).toBe(first)
        expect(made).toEqual([])
      }
    }),
  )
})

test('only the item that a related object belongs to is looked at', () => {
  const items = ['a', 'b', 'c'].map((id) => ({ id }))
  const mapping = new Mapping<{ readonly id: string }, { readonly id: string; readonly of: string }, string>()
  const looked: string[] = []
  const update = (related: readonly { readonly id: string; readonly of: string }[]) =>
    mapping.update({
      items,
      around: [],
      related,
      itemOf: ({ of }) => of,
      partsOf(item) {
        looked.push(item.id)
        return [item, related.find(({ of }) => of === item.id)]
      },
      make: ({ id }) => id,
    })
  update([])
  looked.length = 0
  update([{ id: 'r', of: 'b' }])
  expect(looked).toEqual(['b'])
})

function ids(items: readonly Thing[]): ReadonlySet<string> {
  return new Set(items.map(({ id }) => id))
}

function order(a: Thing, b: Thing): number {
  return a.id < b.id ? -1 : 1
}
