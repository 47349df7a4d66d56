import type { RandomBytes } from '../model/ids.ts'

/** A version 4 UUID in upper case, as the public API has them. */
export function newRequestId(randomBytes: RandomBytes): string {
  const bytes = Buffer.from(randomBytes(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes
    .toString('hex')
    .toUpperCase()
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
