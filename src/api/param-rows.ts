/** What there is to say of an action's parameters, for the reference pages and for the command line. */
import { z } from 'zod'
import type { Action } from './action.ts'
import { unwrap } from './params.ts'

export interface ParamRow {
  /** With `N` for an index: `Tag.N.Key`. */
  readonly name: string
  /** `text`, `boolean`, `json`, `integer, 1 to 100`, or the choices. */
  readonly type: string
  readonly choices: readonly string[]
  /** `within`: only when another field of the same object is given. */
  readonly required: 'always' | 'within' | 'no'
  readonly about: string
}

export function paramRows({ params }: Pick<Action, 'params'>): readonly ParamRow[] {
  return Object.entries(params.shape).flatMap(([name, type]) => rowsOf(name, type as z.ZodType, true))
}

function rowsOf(name: string, type: z.ZodType, mustBeThere: boolean): ParamRow[] {
  const needed = !type.safeParse(undefined).success
  const inner = unwrap(type)
  const always = mustBeThere && needed
  if (inner instanceof z.ZodArray) return rowsOf(`${name}.N`, inner.element as z.ZodType, always)
  if (inner instanceof z.ZodObject) {
    return Object.entries(inner.shape).flatMap(([key, field]) =>
      rowsOf(`${name}.${key}`, field as z.ZodType, always),
    )
  }
  const meta = { ...inner.meta(), ...type.meta() }
  const choices = inner instanceof z.ZodEnum ? inner.options.map(String) : []
  const within = needed && name.includes('.') ? 'within' : 'no'
  return [
    {
      name,
      type: typeName(choices, meta),
      choices,
      required: always ? 'always' : within,
      about: meta.about ?? '',
    },
  ]
}

function typeName(choices: readonly string[], meta: z.GlobalMeta): string {
  if (choices.length > 0) return choices.map((choice) => `\`${choice}\``).join(', ')
  if (meta.wire === 'integer') return `integer, ${meta.minimum} to ${meta.maximum}`
  return meta.wire ?? 'text'
}
