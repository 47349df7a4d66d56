import type { NftOp } from './nft/ops.ts'
import type { NftSet, NftTable } from './state.ts'

interface FakeChain {
  readonly base: string | undefined
  readonly rules: { readonly rule: string; readonly mark: string }[]
}

interface FakeSet {
  readonly kind: NftSet['kind']
  readonly spec: string
  readonly elements: Map<string, string>
}

/** A table `ip postern`: refers to nothing that is not there, and is changed as a whole or not at all. */
export class FakeTable {
  readonly #timeouts = new Map<string, string>()
  readonly #counters = new Set<string>()
  readonly #sets = new Map<string, FakeSet>()
  readonly #chains = new Map<string, FakeChain>()

  /** The table after a transaction; throws, with `before` as it was, when one statement is not possible. */
  static after(before: FakeTable | undefined, ops: readonly NftOp[]): FakeTable | undefined {
    let table = before && before.#copy()
    for (const op of ops) {
      if (op.op === 'add-table') table ??= new FakeTable()
      else if (!table) throw new Error('No such file or directory: table')
      else if (op.op === 'delete-table') table = undefined
      else table.#apply(op)
    }
    return table
  }

  state(): NftTable {
    return {
      timeouts: new Map(this.#timeouts),
      counters: new Set(this.#counters),
      sets: new Map(
        [...this.#sets].map(([name, set]) => [name, { ...set, elements: new Map(set.elements) }]),
      ),
      chains: new Map(
        [...this.#chains].map(([name, { base, rules }]) => [
          name,
          { base, marks: rules.map(({ mark }) => mark) },
        ]),
      ),
    }
  }

  dump(): string[] {
    return [
      'table',
      ...[...this.#timeouts].map(([name, spec]) => `timeout ${name} ${spec}`),
      ...[...this.#counters].map((name) => `counter ${name}`),
      ...[...this.#sets].flatMap(([name, { kind, spec, elements }]) => [
        `${kind} ${name} ${spec}`,
        ...[...elements].map(([key, value]) => `${kind} ${name} ${key} : ${value}`),
      ]),
      ...[...this.#chains].flatMap(([name, { base, rules }]) => [
        `chain ${name} ${base ?? ''}`,
        ...rules.map(({ rule }, i) => `chain ${name} ${i} ${rule}`),
      ]),
    ]
  }

  #apply(op: Exclude<NftOp, { op: 'add-table' | 'delete-table' }>): void {
    switch (op.op) {
      case 'add-timeout':
        this.#timeouts.set(op.name, op.spec)
        return
      case 'delete-timeout':
        this.#unused(`set "${op.name}"`)
        remove(this.#timeouts, op.name)
        return
      case 'add-counter':
        this.#counters.add(op.name)
        return
      case 'delete-counter':
        this.#unused(op.name)
        if (!this.#counters.delete(op.name)) throw new Error(`No such file or directory: ${op.name}`)
        return
      case 'add-set':
        if (!this.#sets.has(op.name))
          this.#sets.set(op.name, { kind: op.kind, spec: op.spec, elements: new Map() })
        return
      case 'delete-set':
        this.#unused(`@${op.name}`)
        remove(this.#sets, op.name)
        return
      case 'add-chain':
        if (!this.#chains.has(op.name)) this.#chains.set(op.name, { base: op.base, rules: [] })
        return
      case 'flush-chain':
        found(this.#chains, op.name).rules.length = 0
        return
      case 'delete-chain':
        this.#unused(`(?:goto|jump) ${op.name}`)
        if (found(this.#chains, op.name).rules.length > 0)
          throw new Error(`Device or resource busy: ${op.name}`)
        remove(this.#chains, op.name)
        return
      case 'add-rule':
        this.#resolve(op.rule)
        found(this.#chains, op.chain).rules.push({ rule: op.rule, mark: op.mark })
        return
      case 'add-elements': {
        const { elements, spec } = found(this.#sets, op.set)
        for (const [key, value] of op.elements) {
          this.#resolve(value)
          if (spec.includes(': counter;')) this.#counter(value)
          if (elements.has(key)) throw new Error(`File exists: ${op.set} ${key}`)
          elements.set(key, value)
        }
        return
      }
      case 'delete-elements': {
        const { elements } = found(this.#sets, op.set)
        for (const key of op.keys) remove(elements, key)
      }
    }
  }

  /** What a rule or a value names must be there. */
  #resolve(text: string): void {
    for (const [, name = ''] of text.matchAll(/(?:goto|jump) ([\w-]+)/g)) found(this.#chains, name)
    for (const [, name = ''] of text.matchAll(/@([\w-]+)/g)) found(this.#sets, name)
    for (const [, name = ''] of text.matchAll(/ct timeout set "([\w-]+)"/g)) found(this.#timeouts, name)
    for (const [, name = ''] of text.matchAll(/counter name "([\w-]+)"/g)) this.#counter(name)
  }

  #counter(name: string): void {
    if (!this.#counters.has(name)) throw new Error(`No such file or directory: ${name}`)
  }

  #unused(reference: string): void {
    const rules = [...this.#chains.values()].flatMap(({ rules: all }) => all.map(({ rule }) => rule))
    const values = [...this.#sets.values()].flatMap(({ elements }) => [...elements.values()])
    const word = new RegExp(`${reference}(?![\\w-])`)
    if ([...rules, ...values].some((text) => word.test(text)))
      throw new Error(`Device or resource busy: ${reference}`)
  }

  #copy(): FakeTable {
    const copy = new FakeTable()
    for (const [name, spec] of this.#timeouts) copy.#timeouts.set(name, spec)
    for (const name of this.#counters) copy.#counters.add(name)
    for (const [name, set] of this.#sets) copy.#sets.set(name, { ...set, elements: new Map(set.elements) })
    for (const [name, { base, rules }] of this.#chains) copy.#chains.set(name, { base, rules: [...rules] })
    return copy
  }
}

function found<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name)
  if (value === undefined) throw new Error(`No such file or directory: ${name}`)
  return value
}

function remove(map: Map<string, unknown>, name: string): void {
  found(map, name)
  map.delete(name)
}
