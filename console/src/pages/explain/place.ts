/** What is called, as people write it: an id, a name, an address, or a whole URL. */
export interface Place {
  readonly target: string
  readonly port?: number
  readonly path?: string
}

const name = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/

/** Undefined for what cannot be called. */
export function readPlace(text: string): Place | undefined {
  if (name.test(text)) return { target: text }
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined
  const { protocol, hostname, port, pathname, search } = new URL(text)
  if (!name.test(hostname)) return undefined
  const usual = protocol === 'https:' ? 443 : 80
  return { target: hostname, port: port === '' ? usual : Number(port), path: `${pathname}${search}` }
}
