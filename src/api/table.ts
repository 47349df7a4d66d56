import { z } from 'zod'
import type { Action, Product } from './action.ts'
import { ApiError } from './errors.ts'
import { products } from './products.ts'

/** The actions of all products. The version names the product, so one address serves them all. */
export interface ActionTable {
  readonly actions: readonly Action[]
  /** @throws ApiError when the version or the action is unknown. */
  readonly find: (version: string, action: string) => { readonly product: Product; readonly action: Action }
}

export function buildTable(actions: readonly Action[]): ActionTable {
  const byName = new Map<string, Action>()
  for (const action of actions) {
    const key = `${products[action.product].version} ${action.name}`
    if (byName.has(key)) throw new Error(`the action ${action.product} ${action.name} is declared twice`)
    checkResult(action)
    byName.set(key, action)
  }
  return {
    actions: [...byName.values()],
    find(version, name) {
      const product = Object.values(products).find((candidate) => candidate.version === version)
      if (!product) throw new ApiError('InvalidVersion')
      const action = byName.get(`${version} ${name}`)
      if (!action) throw new ApiError('InvalidAction.NotFound')
      return { product, action }
    },
  }
}

/** Clients take any answer with `Code` at the top for an error, whatever the HTTP status, unless it is 200 (Cms). */
function checkResult(action: Action): void {
  const reserved = ['Code', 'RequestId']
  const shape = action.result instanceof z.ZodObject ? action.result.shape : {}
  for (const name of reserved) {
    const { success, data } = z.coerce.number().safeParse(literalOf(shape[name]))
    if (name === 'Code' && success && data === 200) continue
    if (name in shape) throw new Error(`the result of ${action.product} ${action.name} must not have ${name}`)
  }
}

function literalOf(type: unknown): unknown {
  return type instanceof z.ZodLiteral ? type.value : undefined
}
