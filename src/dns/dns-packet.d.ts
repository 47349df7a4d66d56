/** What the tests use of it: another implementation that judges ours. */
declare module 'dns-packet' {
  export interface Question {
    readonly name: string
    readonly type: string
    readonly class?: string
  }
  export interface Record {
    readonly name: string
    readonly type: string
    readonly ttl?: number
    readonly data?: unknown
    readonly udpPayloadSize?: number
    readonly extendedRcode?: number
  }
  export interface Packet {
    readonly type: 'query' | 'response'
    readonly id: number
    readonly flags?: number
    readonly rcode?: string
    readonly flag_aa?: boolean
    readonly flag_tc?: boolean
    readonly questions: readonly Question[]
    readonly answers: readonly Record[]
    readonly authorities: readonly Record[]
    readonly additionals: readonly Record[]
  }
  export function encode(packet: Partial<Packet>): Buffer
  export function decode(bytes: Uint8Array): Packet
}
