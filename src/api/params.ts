/**
 * Parameters of actions: declared once as zod types over what the wire carries (text), read from flat names
 * (`Tag.1.Key`), and given to handlers as typed values. See `api-conventions`: an empty string counts as absent,
 * the case of a name's first letter does not matter, names nobody declared are ignored.
 */
import { z } from 'zod'
import type { TextRule } from '../model/rules.ts'
import { ApiError } from './errors.ts'
import { reasonOf } from './param-reason.ts'

/** What a parameter's error is called when the product has a name of its own for it. */
export interface ErrorNames {
  readonly missing?: string
  readonly invalid?: string
  /** A text beyond its length, where that has another code than other wrong values. */
  readonly tooLong?: string
  /** One line for the reference and `--help`. */
  readonly about?: string
}

declare module 'zod' {
  interface GlobalMeta {
    missing?: string
    invalid?: string
    tooLong?: string
    about?: string
    /** An empty value counts, and only a parameter that was not sent is absent. */
    keepEmpty?: boolean
    wire?: 'text' | 'integer' | 'boolean' | 'json'
    minimum?: number
    maximum?: number
  }
}

export function text(
  names: ErrorNames & { readonly pattern?: RegExp | TextRule; readonly max?: number } = {},
) {
  const { pattern, max, ...meta } = names
  let type = z.string()
  if (max !== undefined) type = type.max(max)
  if (pattern instanceof RegExp) type = type.regex(pattern)
  else if (pattern) type = type.regex(pattern.pattern)
  const about = pattern && 'says' in pattern ? { about: pattern.says } : {}
  return type.meta({ wire: 'text', ...about, ...meta })
}

export function choice<const Values extends readonly [string, ...string[]]>(
  values: Values,
  names: ErrorNames = {},
) {
  return z.enum(values).meta({ wire: 'text', ...names })
}

/** Whole number in decimal, within the inclusive bounds. */
export function integer(minimum: number, maximum: number, names: ErrorNames = {}) {
  return z
    .string()
    .regex(/^-?\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().int().min(minimum).max(maximum))
    .meta({ wire: 'integer', minimum, maximum, ...names })
}

export function flag(names: ErrorNames = {}) {
  return z
    .string()
    .regex(/^(true|false)$/i)
    .transform((value) => value.toLowerCase() === 'true')
    .meta({ wire: 'boolean', ...names })
}

/** A JSON text, parsed and checked against `type`. */
export function json<Type extends z.ZodType>(type: Type, names: ErrorNames = {}) {
  return z
    .string()
    .transform((value, context) => {
      try {
        return JSON.parse(value) as unknown
      } catch {
        context.addIssue({ code: 'custom', message: 'not valid JSON' })
        return z.NEVER
      }
    })
    .pipe(type)
    .meta({ wire: 'json', ...names })
}

export const tags = () =>
  z
    .array(z.object({ Key: text(), Value: text().optional() }))
    .max(20)
    .optional()

export type Params = z.ZodObject

/** How a product spells its generic parameter errors. */
export interface ParamErrorStyle {
  readonly missing: (name: string) => string
  readonly invalid: (name: string) => string
}

/**
 * Typed values of `params` from the flat pairs of a request.
 * @throws ApiError with the parameter's own code, or the product's generic one.
 */
export function readParams<Type extends Params>(
  params: Type,
  flat: ReadonlyMap<string, string>,
  style: ParamErrorStyle,
): z.infer<Type> {
  const raw = collectParams(params, flat)
  const parsed = params.safeParse(raw)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  if (!issue) throw new Error('zod refused without an issue', { cause: parsed.error })
  const path = paramPath(raw, issue.path)
  const name = path.map((part) => (typeof part === 'number' ? part + 1 : String(part))).join('.')
  const meta = metaAt(params, path)
  const missing = valueAt(raw, path) === undefined
  const tooLong = issue.code === 'too_big' && issue.origin === 'string' ? meta.tooLong : undefined
  const code = missing
    ? (meta.missing ?? style.missing(name))
    : (tooLong ?? meta.invalid ?? style.invalid(name))
  throw new ApiError(code, { name, reason: reasonOf(issue, meta) })
}

/** The parameters that are there, as text in the shape of their declaration; nothing is validated. */
export function collectParams(params: Params, flat: ReadonlyMap<string, string>): Record<string, unknown> {
  return readObject(params, flat, '') ?? {}
}

function readValue(type: z.ZodType, flat: ReadonlyMap<string, string>, name: string): unknown {
  const inner = unwrap(type)
  if (inner instanceof z.ZodArray) return readList(inner.element as z.ZodType, flat, name)
  if (inner instanceof z.ZodObject) return readObject(inner, flat, `${name}.`)
  const value = lookup(flat, name)
  return value === '' && inner.meta()?.keepEmpty !== true ? undefined : value
}

function readObject(
  type: z.ZodObject,
  flat: ReadonlyMap<string, string>,
  prefix: string,
): Record<string, unknown> | undefined {
  const result: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(type.shape)) {
    const value = readValue(field as z.ZodType, flat, prefix + key)
    if (value !== undefined) result[key] = value
  }
  return Object.keys(result).length > 0 ? result : undefined
}

function readList(
  element: z.ZodType,
  flat: ReadonlyMap<string, string>,
  name: string,
): unknown[] | undefined {
  const indices = new Set<number>()
  for (const prefix of [`${name}.`, `${swapFirst(name)}.`]) {
    for (const key of flat.keys()) {
      if (!key.startsWith(prefix)) continue
      const index = /^(\d{1,4})(?:\.|$)/.exec(key.slice(prefix.length))
      if (index) indices.add(Number(index[1]))
    }
  }
  const values = [...indices]
    .sort((a, b) => a - b)
    .map((index) => readValue(element, flat, `${name}.${index}`))
    .filter((value) => value !== undefined)
  return values.length > 0 ? values : undefined
}

/** The value under a name, its first letter (of the first or the last part) in either case. */
function lookup(flat: ReadonlyMap<string, string>, name: string): string | undefined {
  const dot = name.lastIndexOf('.') + 1
  const swappedLast = name.slice(0, dot) + swapFirst(name.slice(dot))
  return flat.get(name) ?? flat.get(swappedLast) ?? flat.get(swapFirst(name))
}

function swapFirst(name: string): string {
  const first = name.charAt(0)
  const swapped = first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase()
  return swapped + name.slice(1)
}

/** The type inside optional and default wrappers. */
export function unwrap(type: z.ZodType): z.ZodType {
  if (type instanceof z.ZodOptional || type instanceof z.ZodDefault) return unwrap(type.unwrap() as z.ZodType)
  return type
}

function metaAt(type: z.ZodType, path: readonly PropertyKey[]): z.GlobalMeta {
  const outer = type.meta() ?? {}
  const inner = unwrap(type)
  const [key, ...rest] = path
  if (key !== undefined && inner instanceof z.ZodArray) return metaAt(inner.element as z.ZodType, rest)
  if (key !== undefined && inner instanceof z.ZodObject) {
    const field = inner.shape[String(key)] as z.ZodType | undefined
    return field ? metaAt(field, rest) : {}
  }
  return { ...inner.meta(), ...outer }
}

/** The part of an issue's path that leads to a parameter: what lies inside a JSON text is none of its own. */
function paramPath(raw: unknown, path: readonly PropertyKey[]): readonly PropertyKey[] {
  const end = path.findIndex((_, index) => typeof valueAt(raw, path.slice(0, index + 1)) === 'string')
  return end < 0 ? path : path.slice(0, end + 1)
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    raw,
  )
}
