import { createHash } from 'node:crypto'

/** Twelve hexadecimal digits: a name or a mark for a text too long to be one. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
