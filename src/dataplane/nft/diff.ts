import type { NftChain, NftSet, NftTable, WantedChain, WantedTable } from '../state.ts'
import type { NftOp } from './ops.ts'

const emptyTable: NftTable = {
  timeouts: new Map(),
  counters: new Set(),
  sets: new Map(),
  chains: new Map(),
}

/**
 * The transaction that turns `have` into `want`: things are made before what refers to them, elements change while
 * all chains exist, deletions come last. A table of another shape (an older version's) is replaced as a whole, in
 * the same transaction.
 */
export function diffTable(want: WantedTable, have: NftTable | undefined): NftOp[] {
  if (!have) return [{ op: 'add-table' }, ...changes(want, emptyTable)]
  if (!sameShape(want, have)) {
    return [{ op: 'delete-table' }, { op: 'add-table' }, ...changes(want, emptyTable)]
  }
  return changes(want, have)
}

function changes(want: WantedTable, have: NftTable): NftOp[] {
  return [
    ...missing(want.timeouts, have.timeouts).map(([name, spec]): NftOp => ({
      op: 'add-timeout',
      name,
      spec,
    })),
    ...absent(want.counters, have.counters).map((name): NftOp => ({ op: 'add-counter', name })),
    ...missing(want.sets, have.sets).map(([name, { kind, spec }]): NftOp => ({
      op: 'add-set',
      name,
      kind,
      spec,
    })),
    ...missing(want.chains, have.chains).map(([name, { base }]): NftOp => ({ op: 'add-chain', name, base })),
    ...[...want.sets].flatMap(([name, set]) => staleElements(name, set, have.sets.get(name))),
    ...missing(have.sets, want.sets).flatMap(([name, set]) => allElements(name, set)),
    ...[...want.chains].flatMap(([name, chain]) => refill(name, chain, have.chains.get(name))),
    ...[...want.sets].flatMap(([name, set]) => newElements(name, set, have.sets.get(name))),
    ...missing(have.chains, want.chains).map(([name]): NftOp => ({ op: 'flush-chain', name })),
    ...missing(have.chains, want.chains).map(([name]): NftOp => ({ op: 'delete-chain', name })),
    ...missing(have.sets, want.sets).map(([name, { kind }]): NftOp => ({ op: 'delete-set', name, kind })),
    ...absent(have.counters, want.counters).map((name): NftOp => ({ op: 'delete-counter', name })),
    ...missing(have.timeouts, want.timeouts).map(([name]): NftOp => ({ op: 'delete-timeout', name })),
  ]
}

function missing<T>(from: ReadonlyMap<string, T>, into: ReadonlyMap<string, unknown>): [string, T][] {
  return [...from].filter(([name]) => !into.has(name))
}

function absent(from: ReadonlySet<string>, into: ReadonlySet<string>): string[] {
  return [...from].filter((name) => !into.has(name))
}

function refill(name: string, want: WantedChain, have: NftChain | undefined): NftOp[] {
  if (have === want || (have && have.marks.join() === want.marks.join())) return []
  const rules = want.rules.map((rule, i): NftOp => ({
    op: 'add-rule',
    chain: name,
    rule,
    mark: want.marks[i] ?? '',
  }))
  return have && have.marks.length > 0 ? [{ op: 'flush-chain', name }, ...rules] : rules
}

/** A changed element is deleted and added again: elements have no update. */
function staleElements(set: string, want: NftSet, have: NftSet | undefined): NftOp[] {
  if (!have || have.elements === want.elements) return []
  const keys: string[] = []
  for (const [key, value] of have.elements) if (want.elements.get(key) !== value) keys.push(key)
  return keys.length > 0 ? [{ op: 'delete-elements', set, keys }] : []
}

function allElements(set: string, have: NftSet): NftOp[] {
  return have.elements.size > 0 ? [{ op: 'delete-elements', set, keys: [...have.elements.keys()] }] : []
}

function newElements(set: string, want: NftSet, have: NftSet | undefined): NftOp[] {
  const elements: [string, string][] = []
  for (const [key, value] of want.elements) if (have?.elements.get(key) !== value) elements.push([key, value])
  return elements.length > 0 ? [{ op: 'add-elements', set, elements }] : []
}

function sameShape(want: NftTable, have: NftTable): boolean {
  for (const [name, set] of want.sets) {
    const old = have.sets.get(name)
    if (old && (old.kind !== set.kind || old.spec !== set.spec)) return false
  }
  for (const [name, chain] of want.chains) {
    const old = have.chains.get(name)
    if (old && old.base !== chain.base) return false
  }
  for (const [name, spec] of want.timeouts) {
    const old = have.timeouts.get(name)
    if (old !== undefined && old !== spec) return false
  }
  return true
}
