/** Blocks of IPv4 and IPv6 addresses, as policies name where a caller may come from. */

export interface IpBlock {
  readonly bits: 32 | 128
  /** The address's own number; what lies beyond the prefix does not count. */
  readonly address: bigint
  readonly prefix: number
}

/** `10.0.0.0/8`, `2001:db8::/32`, or an address alone; undefined for anything else. */
export function parseIpBlock(text: string): IpBlock | undefined {
  const [host = '', prefix, ...more] = text.split('/')
  if (more.length > 0) return undefined
  const address = host.includes(':') ? parseIpv6(host) : parseIpv4(host)
  if (address === undefined) return undefined
  const bits = host.includes(':') ? 128 : 32
  if (prefix === undefined) return { bits, address, prefix: bits }
  return /^(?:0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= bits
    ? { bits, address, prefix: Number(prefix) }
    : undefined
}

/** Whether an address is in the block; one of the other family never is. */
export function isInBlock({ bits, address, prefix }: IpBlock, text: string): boolean {
  const other = parseIpBlock(text)
  if (!other || other.bits !== bits || other.prefix !== bits) return false
  const beyond = BigInt(bits - prefix)
  return address >> beyond === other.address >> beyond
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  const isOctet = (part: string) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255
  if (!parts.every(isOctet)) return undefined
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n)
}

/** Eight groups of hexadecimal digits; `::` stands once for those that are 0. */
function parseIpv6(text: string): bigint | undefined {
  const [head = '', tail, ...more] = text.split('::')
  if (more.length > 0) return undefined
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = 8 - first.length - last.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...first, ...Array.from({ length: missing }, () => '0'), ...last]
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n)
}
