/** A JSON answer as the XML that `Format=XML` asks for: objects nest, the items of a list repeat its name. */
export function printXml(root: string, value: unknown): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${element(root, value)}`
}

/** What a client called a parameter may come back as a name, and need not be one in XML. */
const isName = /^[A-Za-z_][\w.:-]*$/

function element(name: string, value: unknown): string {
  if (value === undefined || value === null || !isName.test(name)) return ''
  if (Array.isArray(value)) return value.map((item) => element(name, item)).join('')
  return `<${name}>${content(value)}</${name}>`
}

function content(value: unknown): string {
  if (typeof value !== 'object' || value === null) return escapeText(String(value))
  return Object.entries(value)
    .map(([name, item]) => element(name, item))
    .join('')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** XML 1.0 has no way to write most control characters: they are left out. */
function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>]/g, (character) => entities[character] ?? '')
}
