/**
 * JSON whose whole numbers are exact: account ids have up to 16 digits and user ids up to 18, more than a
 * JavaScript number can tell apart. They are `bigint` inside and plain digits on the wire.
 */
import { z } from 'zod'

declare global {
  /** ECMAScript's "JSON.parse source text access", which the compiler's library does not know yet. */
  interface JSON {
    rawJSON(text: string): object
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown
  }
}

/** A result field that is a 64-bit number on the wire: a `bigint` for the handler, its plain digits in what is printed. */
export function bigNumber() {
  return z
    .bigint()
    .transform((value) => JSON.rawJSON(value.toString()))
    .meta({ wire: 'integer' })
}

export function printJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'bigint' ? JSON.rawJSON(item.toString()) : item,
  )
}

/** Numbers that a JavaScript number cannot hold exactly come as `bigint`. */
export function parseJson(text: string): unknown {
  return JSON.parse(text, (_, value, { source }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && source && /^-?\d+$/.test(source)
      ? BigInt(source)
      : value,
  )
}
