/** RFC 3986: all but `A-Z a-z 0-9 - _ . ~` becomes `%XX` in upper case, over the UTF-8 bytes. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Pairs sorted by name in byte order. UTF-16 order, JavaScript's own, differs beyond the basic plane. */
export function sortByName(pairs: Iterable<readonly [string, string]>): (readonly [string, string])[] {
  return [...pairs].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}
