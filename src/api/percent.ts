/** RFC 3986: all but `A-Z a-z 0-9 - _ . ~` becomes `%XX` in upper case, over the UTF-8 bytes. */
export function percentEncode(text: string): string {
  if (unreserved.test(text)) return text
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

const unreserved = /^[\w.~-]*$/

/** Pairs sorted by name in byte order. */
export function sortByName(pairs: Iterable<readonly [string, string]>): (readonly [string, string])[] {
  return [...pairs].sort(([a], [b]) => compareBytes(a, b))
}

/** UTF-16 order, JavaScript's own, differs from that of the bytes beyond the basic plane only, where surrogates stand for characters. */
function compareBytes(a: string, b: string): number {
  if (surrogate.test(a) || surrogate.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return a < b ? -1 : a > b ? 1 : 0
}

const surrogate = /[\ud800-\udfff]/
