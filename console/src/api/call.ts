/** A call of the public API as data: shown to the user, sent by a query or by a form, and compared by its content. */
import type { Actions } from './actions.ts'

export type Product = keyof Actions
export type ActionOf<P extends Product> = keyof Actions[P] & string
export type ParamsOf<P extends Product, A extends ActionOf<P>> = Actions[P][A] extends { params: infer T }
  ? T
  : never
export type ResultOf<P extends Product, A extends ActionOf<P>> = Actions[P][A] extends { result: infer T }
  ? T
  : never

/** Names and texts as they go over the wire: `Tag.1.Key`. */
export type FlatParams = Readonly<Record<string, string>>

export interface Call<Result = unknown> {
  readonly product: Product
  readonly action: string
  readonly params: FlatParams
  /** Never there; it carries the type of the answer. */
  readonly answers?: Result
}

export function callOf<P extends Product, A extends ActionOf<P>>(
  product: P,
  action: A,
  params: ParamsOf<P, A>,
): Call<ResultOf<P, A>> {
  return { product, action, params: flatten(params) }
}

/** Lists become numbered names; what is undefined or empty is not sent. */
export function flatten(value: unknown, prefix = ''): Record<string, string> {
  if (value === undefined || value === null || value === '') return {}
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { [prefix]: String(value) }
  }
  const parts = Array.isArray(value)
    ? value.map((item, index): [string, unknown] => [String(index + 1), item])
    : Object.entries(value)
  const joined = parts.map(([name, item]) => flatten(item, prefix ? `${prefix}.${name}` : name))
  return Object.assign({}, ...joined) as Record<string, string>
}
