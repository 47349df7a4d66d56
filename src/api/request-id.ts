import type { RandomBytes } from '../model/ids.ts'

/**
 * A version 4 UUID in upper case, as the public API has them. It begins with the time, so that the index of the record
 * grows at its end: at random places, each request would dirty a page of its own, and every commit writes them all.
 */
export function newRequestId(at: Date, randomBytes: RandomBytes): string {
  const bytes = Buffer.from(randomBytes(16))
  bytes.writeUIntBE(at.getTime(), 0, 6)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes
    .toString('hex')
    .toUpperCase()
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
