/**
 * DNS messages as bytes: what this resolver reads (one query) and writes (one response), and no more. Everything
 * is checked against the message's length and counts before it is believed; `decodeQuery` never throws.
 * RFC 1035 (format, compression), RFC 6891 (EDNS0), RFC 2308 (negative answers).
 */
export const recordType = { A: 1, SOA: 6, AAAA: 28, OPT: 41, ANY: 255 } as const
export const responseCode = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
} as const
export type ResponseCode = (typeof responseCode)[keyof typeof responseCode]

const classIn = 1
const headerBytes = 12
const maxNameBytes = 255
/** Without EDNS0 a datagram ends here; with it, at what passes every path without fragments. */
const plainUdpBytes = 512
export const ednsUdpBytes = 1232
export const maxTcpBytes = 65_535

export interface Question {
  /** As sent, in its own letter case: each byte one character. */
  readonly labels: readonly string[]
  readonly type: number
  readonly class: number
}

export interface Query {
  readonly id: number
  readonly recursionDesired: boolean
  readonly question: Question
  readonly edns: { readonly udpBytes: number; readonly version: number } | undefined
}

/** `undefined` asks for silence: what cannot be a query gets no answer, so that nothing can be made to echo. */
export type Decoded =
  | { readonly ok: true; readonly query: Query }
  | { readonly ok: false; readonly answer: { readonly id: number; readonly code: ResponseCode } | undefined }

export function decodeQuery(bytes: Uint8Array): Decoded {
  if (bytes.length < headerBytes) return { ok: false, answer: undefined }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const id = view.getUint16(0)
  const flags = view.getUint16(2)
  if (flags & 0x8000) return { ok: false, answer: undefined }
  const refuse = (code: ResponseCode): Decoded => ({ ok: false, answer: { id, code } })
  if ((flags & 0x7800) !== 0) return refuse(responseCode.NOTIMP)
  const [questions, answers, authorities, additionals] = [4, 6, 8, 10].map((at) => view.getUint16(at))
  // A query has one question; more than OPT and one signature beside it is nobody's honest query.
  if (questions !== 1 || answers !== 0 || authorities !== 0) return refuse(responseCode.FORMERR)
  if (additionals === undefined || additionals > 2) return refuse(responseCode.FORMERR)

  const name = readName(bytes, headerBytes)
  if (!name || name.end + 4 > bytes.length) return refuse(responseCode.FORMERR)
  const question = {
    labels: name.labels,
    type: view.getUint16(name.end),
    class: view.getUint16(name.end + 2),
  }
  let edns: Query['edns']
  let at = name.end + 4
  for (let index = 0; index < additionals; index++) {
    const owner = readName(bytes, at)
    if (!owner || owner.end + 10 > bytes.length) return refuse(responseCode.FORMERR)
    const end = owner.end + 10 + view.getUint16(owner.end + 8)
    if (end > bytes.length) return refuse(responseCode.FORMERR)
    if (view.getUint16(owner.end) === recordType.OPT) {
      if (edns || owner.labels.length > 0) return refuse(responseCode.FORMERR)
      edns = { udpBytes: view.getUint16(owner.end + 2), version: view.getUint8(owner.end + 5) }
    }
    at = end
  }
  return { ok: true, query: { id, recursionDesired: (flags & 0x0100) !== 0, question, edns } }
}

/** A name without compression: in a query nothing comes before it that it could point to. */
function readName(bytes: Uint8Array, start: number): { labels: string[]; end: number } | undefined {
  const labels: string[] = []
  let at = start
  for (;;) {
    const length = bytes[at]
    if (length === undefined || length > 63) return undefined
    const next = at + 1 + length
    if (next - start > maxNameBytes || next > bytes.length) return undefined
    if (length === 0) return { labels, end: next }
    labels.push(String.fromCharCode(...bytes.subarray(at + 1, next)))
    at = next
  }
}

export interface SoaRecord {
  readonly owner: readonly string[]
  readonly primary: readonly string[]
  readonly mailbox: readonly string[]
  readonly serial: number
}

export interface Response {
  readonly code: ResponseCode
  readonly authoritative: boolean
  /** Addresses of the question's name. */
  readonly addresses: readonly string[]
  readonly ttlS: number
  /** Authority of a negative answer; it says how long that may be kept. */
  readonly soa: SoaRecord | undefined
}

/** How long the response to this query may be. */
export function responseLimit(query: Query, transport: 'udp' | 'tcp'): number {
  if (transport === 'tcp') return maxTcpBytes
  if (!query.edns) return plainUdpBytes
  return Math.min(Math.max(query.edns.udpBytes, plainUdpBytes), ednsUdpBytes)
}

/** The response as bytes; over `limit` it is sent empty with TC set, so that the client asks again by TCP. */
export function encodeResponse(query: Query, response: Response, limit: number): Uint8Array {
  const whole = encode(query, response, false)
  return whole.length <= limit ? whole : encode(query, { ...response, addresses: [], soa: undefined }, true)
}

/** The answer to what could not be read: only its id is certain. */
export function encodeError(id: number, code: ResponseCode): Uint8Array {
  const writer = new MessageWriter()
  writer.header(id, 0x8000 | (code & 15), [0, 0, 0, 0])
  return writer.bytes()
}

function encode(query: Query, response: Response, truncated: boolean): Uint8Array {
  const { question, edns } = query
  const flags =
    0x8000 |
    (response.authoritative ? 0x0400 : 0) |
    (truncated ? 0x0200 : 0) |
    (query.recursionDesired ? 0x0100 : 0) |
    (response.code & 15)
  const writer = new MessageWriter()
  writer.header(query.id, flags, [1, response.addresses.length, response.soa ? 1 : 0, edns ? 1 : 0])
  writer.name(question.labels)
  writer.uint16(question.type)
  writer.uint16(question.class)
  for (const address of response.addresses) {
    writer.recordHead(question.labels, recordType.A, response.ttlS)
    writer.sized(() => {
      for (const octet of address.split('.')) writer.uint8(Number(octet))
    })
  }
  if (response.soa) writeSoa(writer, response.soa, response.ttlS)
  if (edns) {
    writer.uint8(0)
    writer.uint16(recordType.OPT)
    writer.uint16(ednsUdpBytes)
    writer.uint8(response.code >> 4)
    writer.uint8(0)
    writer.uint16(0)
    writer.uint16(0)
  }
  return writer.bytes()
}

function writeSoa(writer: MessageWriter, soa: SoaRecord, ttlS: number): void {
  writer.recordHead(soa.owner, recordType.SOA, ttlS)
  writer.sized(() => {
    writer.name(soa.primary)
    writer.name(soa.mailbox)
    const refreshS = 3600
    const retryS = 600
    const expireS = 86_400
    for (const value of [soa.serial, refreshS, retryS, expireS, ttlS]) writer.uint32(value)
  })
}

class MessageWriter {
  #buffer = Buffer.alloc(plainUdpBytes)
  #length = 0
  /** Where a name, or the end of one, was written: later ones point to it. */
  readonly #names = new Map<string, number>()

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length)
  }

  header(id: number, flags: number, counts: readonly [number, number, number, number]): void {
    this.uint16(id)
    this.uint16(flags)
    for (const count of counts) this.uint16(count)
  }

  recordHead(owner: readonly string[], type: number, ttlS: number): void {
    this.name(owner)
    this.uint16(type)
    this.uint16(classIn)
    this.uint32(ttlS)
  }

  /** Writes what `content` writes, with its length before it. */
  sized(content: () => void): void {
    const at = this.#length
    this.uint16(0)
    content()
    this.#buffer.writeUInt16BE(this.#length - at - 2, at)
  }

  name(labels: readonly string[]): void {
    for (const [index, label] of labels.entries()) {
      const key = labels.slice(index).join('\0').toLowerCase()
      const seen = this.#names.get(key)
      if (seen !== undefined) return this.uint16(0xc000 | seen)
      if (this.#length < 0x4000) this.#names.set(key, this.#length)
      this.uint8(label.length)
      this.#reserve(label.length)
      this.#length += this.#buffer.write(label, this.#length, 'latin1')
    }
    this.uint8(0)
  }

  uint8(value: number): void {
    this.#reserve(1)
    this.#length = this.#buffer.writeUInt8(value, this.#length)
  }

  uint16(value: number): void {
    this.#reserve(2)
    this.#length = this.#buffer.writeUInt16BE(value, this.#length)
  }

  uint32(value: number): void {
    this.#reserve(4)
    this.#length = this.#buffer.writeUInt32BE(value >>> 0, this.#length)
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#buffer.length) return
    const larger = Buffer.alloc(Math.max(this.#buffer.length * 2, this.#length + count))
    this.#buffer.copy(larger)
    this.#buffer = larger
  }
}
