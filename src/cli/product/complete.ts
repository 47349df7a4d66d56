/** The words that can follow those already typed after a product's name. */
import type { Action } from '../../api/action.ts'
import { actionsOf, findProduct, parametersOf, patternOf } from './catalogue.ts'
import { fieldFlags, switches, valueFlags } from './words.ts'

export interface Typed {
  readonly product: string
  /** The last one is being typed, and may be empty. */
  readonly words: readonly string[]
  readonly profiles: readonly string[]
}

export function completions(
  { product, words, profiles }: Typed,
  table: readonly Action[],
): readonly string[] {
  const found = findProduct(product)
  if (!found) return []
  const offered = actionsOf(found, table)
  const typing = words.at(-1) ?? ''
  const done = words.slice(0, -1)
  const action = offered.find(({ name }) => done.includes(name))
  const candidates = candidatesFor(done.at(-1), done, offered, action, profiles)
  return candidates.filter((word) => word.startsWith(typing))
}

function candidatesFor(
  before: string | undefined,
  done: readonly string[],
  offered: readonly Action[],
  action: Action | undefined,
  profiles: readonly string[],
): readonly string[] {
  if (before === '--profile') return profiles
  if (before === '--output') return ['json', 'table', 'text', 'cols=', 'rows=']
  if (before === '--waiter') return ['expr=', 'to=', 'timeout=', 'interval=']
  const flags = [...valueFlags, ...switches, ...fieldFlags].map((name) => `--${name}`)
  if (!action) return [...offered.map(({ name }) => name), ...flags]
  const rows = parametersOf(action)
  const valueOf = rows.find(({ name }) => `--${name}` === patternOf(before ?? ''))
  if (valueOf) return valueOf.type === 'boolean' ? ['true', 'false'] : valueOf.choices
  const free = rows.map(({ name }) => `--${freeName(name, done)}`).filter((name) => !done.includes(name))
  return [...free, ...flags]
}

/** `Tag.N.Key` with the first index that is not given yet. */
function freeName(pattern: string, done: readonly string[]): string {
  for (let index = 1; ; index++) {
    const name = pattern.replaceAll('.N', `.${index}`)
    if (name === pattern || !done.includes(`--${name}`)) return name
  }
}
