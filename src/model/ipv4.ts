/** IPv4 addresses and blocks as numbers and text. Text in, text out at the edges; numbers for arithmetic. */

export interface Cidr {
  /** First address of the block, 0 … 2^32-1. */
  readonly base: number
  /** Prefix length, 0 … 32. */
  readonly prefix: number
}

/** Value of a dotted quad, or undefined when the text is not exactly one (no leading zeros, no spaces). */
export function parseAddress(text: string): number | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let value = 0
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part)) return undefined
    const octet = Number(part)
    if (octet > 255) return undefined
    value = value * 256 + octet
  }
  return value
}

export function formatAddress(value: number): string {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.')
}

/** Number of addresses in a block of this prefix length. */
export function blockSize(prefix: number): number {
  return 2 ** (32 - prefix)
}

/** A block such as `10.0.0.0/16`; undefined when malformed or when host bits are set. */
export function parseCidr(text: string): Cidr | undefined {
  const block = parseLooseCidr(text)
  if (!block || block.base % blockSize(block.prefix) !== 0) return undefined
  return block
}

/** As `parseCidr`, but a bare address counts as a /32 and host bits are cleared, as security-group rules allow. */
export function parseSourceCidr(text: string): Cidr | undefined {
  const block = parseLooseCidr(text.includes('/') ? text : `${text}/32`)
  if (!block) return undefined
  return { base: block.base - (block.base % blockSize(block.prefix)), prefix: block.prefix }
}

function parseLooseCidr(text: string): Cidr | undefined {
  const match = /^([\d.]+)\/(0|[1-9]\d?)$/.exec(text)
  if (!match?.[1] || !match[2]) return undefined
  const base = parseAddress(match[1])
  const prefix = Number(match[2])
  if (base === undefined || prefix > 32) return undefined
  return { base, prefix }
}

export function formatCidr(block: Cidr): string {
  return `${formatAddress(block.base)}/${block.prefix}`
}

export function containsAddress(block: Cidr, address: number): boolean {
  return address >= block.base && address < block.base + blockSize(block.prefix)
}

export function containsBlock(outer: Cidr, inner: Cidr): boolean {
  return inner.prefix >= outer.prefix && containsAddress(outer, inner.base)
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return containsBlock(a, b) || containsBlock(b, a)
}

/** The same addresses by disjoint blocks, in order: what lies in another block is left out. */
export function disjointBlocks(blocks: readonly Cidr[]): readonly Cidr[] {
  const disjoint: Cidr[] = []
  for (const block of blocks.toSorted((a, b) => a.base - b.base || a.prefix - b.prefix)) {
    const last = disjoint.at(-1)
    if (!last || !containsBlock(last, block)) disjoint.push(block)
  }
  return disjoint
}

/** The addresses of a vSwitch that a tenant may use: all but the first and the last three (VPC API, CreateVSwitch). */
export function usableRange(block: Cidr): { readonly first: number; readonly last: number } {
  return { first: block.base + 1, last: block.base + blockSize(block.prefix) - 4 }
}

/** The router's address in a vSwitch: the third from the end, one of the four reserved ones. */
export function gatewayAddress(block: Cidr): number {
  return block.base + blockSize(block.prefix) - 3
}
