/** What a product offers, looked up by the names that people type. */
import type { Action, Product } from '../../api/action.ts'
import { type ParamRow, paramRows } from '../../api/param-rows.ts'
import { products } from '../../api/products.ts'

export const productNames: readonly string[] = Object.values(products)
  .map(({ name }) => name.toLowerCase())
  .toSorted()

export function findProduct(word: string): Product | undefined {
  return Object.values(products).find(({ name }) => name.toLowerCase() === word.toLowerCase())
}

export function actionsOf(product: Product, actions: readonly Action[]): readonly Action[] {
  return actions
    .filter((action) => action.product === product.name)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

const systemRow = (name: string, type: string): ParamRow => ({
  name,
  type,
  choices: [],
  required: 'no',
  about: '',
})

/** Those every action takes too come last. */
export function parametersOf(action: Action): readonly ParamRow[] {
  const own = paramRows(action)
  const system = [
    systemRow('RegionId', 'text'),
    ...(action.effect === 'write' ? [systemRow('ClientToken', 'text'), systemRow('DryRun', 'boolean')] : []),
  ]
  return [...own, ...system.filter(({ name }) => !own.some((row) => row.name === name))]
}

/** `Tag.2.Key` → `Tag.N.Key`, the form in which parameters are listed. */
export function patternOf(name: string): string {
  return name.replaceAll(/\.\d+(?=\.|$)/g, '.N')
}

/** As the server does, a first letter in the other case is taken for the same. */
export function isParameter(rows: readonly ParamRow[], name: string): boolean {
  const pattern = patternOf(name).toLowerCase()
  return rows.some((row) => row.name.toLowerCase() === pattern)
}
