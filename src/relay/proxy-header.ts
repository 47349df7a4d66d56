/**
 * The PROXY protocol's header, version 2 (proxy-protocol.txt, section 2.2), for TCP over IPv4. PrivateLink's ids go
 * along as TLVs of type 0xE1: one byte says which id it is, its text follows (PrivateLink, client addresses).
 */
import { parseAddress } from '../model/ipv4.ts'

export interface ProxyHeader {
  readonly source: Socket
  readonly destination: Socket
  readonly vpc?: string | undefined
  readonly endpoint?: string | undefined
  readonly service?: string | undefined
}

export interface Socket {
  readonly address: string
  readonly port: number
}

const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')
const versionAndProxy = 0x21
const tcpOverIpv4 = 0x11
const privateLinkType = 0xe1
const subtypes = { vpc: 0x01, endpoint: 0x02, service: 0x03 } as const

export function encodeProxyHeader(header: ProxyHeader): Buffer {
  const addresses = Buffer.alloc(12)
  addresses.writeUInt32BE(addressOf(header.source), 0)
  addresses.writeUInt32BE(addressOf(header.destination), 4)
  addresses.writeUInt16BE(header.source.port, 8)
  addresses.writeUInt16BE(header.destination.port, 10)
  const ids = (['vpc', 'endpoint', 'service'] as const).flatMap((name) => {
    const id = header[name]
    return id === undefined ? [] : [tlv(subtypes[name], id)]
  })
  const rest = Buffer.concat([addresses, ...ids])
  const start = Buffer.from([versionAndProxy, tcpOverIpv4, rest.length >> 8, rest.length & 0xff])
  return Buffer.concat([signature, start, rest])
}

function tlv(subtype: number, id: string): Buffer {
  const text = Buffer.from(id, 'latin1')
  const length = text.length + 1
  return Buffer.concat([Buffer.from([privateLinkType, length >> 8, length & 0xff, subtype]), text])
}

function addressOf({ address }: Socket): number {
  const value = parseAddress(address)
  if (value === undefined) throw new Error(`not an IPv4 address: ${address}`)
  return value
}
