/** The types by which the console calls the API: parameters and answer of every action, made of the action table. */
import { z } from 'zod'
import type { Action } from './action.ts'
import { unwrap } from './params.ts'
import { products } from './products.ts'

/** TypeScript that holds types only, so that nothing of the server gets into the browser. */
export function consoleTypes(actions: readonly Action[]): string {
  const offered = Object.keys(products).map((product) => {
    const own = actions
      .filter((action) => action.product === product)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    return `  ${product}: {\n${own.map(actionType).join('')}  }\n`
  })
  return `/** Made by \`npm run reference\` from the action table. Do not edit. */

/** A 64-bit number: text when a JavaScript number cannot hold it exactly. */
export type BigNumber = number | string

export interface Actions {
${offered.join('')}}
`
}

function actionType({ name, params, result }: Action): string {
  return `    ${name}: { params: ${objectType(params, paramType, true)}; result: ${resultType(result)} }\n`
}

function paramType(type: z.ZodType): string {
  const inner = unwrap(type)
  if (inner instanceof z.ZodArray) return `readonly ${grouped(paramType(inner.element as z.ZodType))}[]`
  if (inner instanceof z.ZodObject) return objectType(inner, paramType, true)
  if (inner instanceof z.ZodEnum) return inner.options.map(literal).join(' | ')
  const wire = { ...inner.meta(), ...type.meta() }.wire
  if (wire === 'integer') return 'number'
  return wire === 'boolean' ? 'boolean' : 'string'
}

function resultType(type: z.ZodType): string {
  const inner = unwrap(type)
  if (inner instanceof z.ZodArray) return `${grouped(resultType(inner.element as z.ZodType))}[]`
  if (inner instanceof z.ZodObject) return objectType(inner, resultType, false)
  if (inner instanceof z.ZodEnum) return inner.options.map(literal).join(' | ')
  if (inner instanceof z.ZodLiteral) return [...inner.values].map(literal).join(' | ')
  if (inner instanceof z.ZodUnion)
    return inner.options.map((option) => resultType(option as z.ZodType)).join(' | ')
  if (inner instanceof z.ZodBoolean) return 'boolean'
  if (inner instanceof z.ZodBigInt) return 'BigNumber'
  if (inner instanceof z.ZodNumber) return 'number'
  if (inner instanceof z.ZodString) return 'string'
  if (inner instanceof z.ZodRecord) return `Record<string, ${resultType(inner.valueType as z.ZodType)}>`
  if (inner instanceof z.ZodPipe) return resultType(shownBy(inner))
  throw new Error(`no console type for ${inner.def.type}`)
}

/** What a pipe gives, but for a transformation, of which only what goes in has a type to show. */
function shownBy({ in: given, out }: z.ZodPipe): z.ZodType {
  return (out instanceof z.ZodTransform ? given : out) as z.ZodType
}

function objectType(
  type: z.ZodObject,
  typeOf: (field: z.ZodType) => string,
  givesUndefined: boolean,
): string {
  const fields = Object.entries(type.shape).map(([name, field]) => {
    const optional = (field as z.ZodType).safeParse(undefined).success
    const mark = optional ? '?' : ''
    const orNothing = optional && givesUndefined ? ' | undefined' : ''
    return `${/^\w+$/.test(name) ? name : literal(name)}${mark}: ${typeOf(field as z.ZodType)}${orNothing}`
  })
  return fields.length === 0 ? 'object' : `{ ${fields.join('; ')} }`
}

function grouped(type: string): string {
  return type.includes(' | ') && !type.startsWith('{') ? `(${type})` : type
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value)
}
