import * as dns from 'dns-packet'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  decodeQuery,
  encodeResponse,
  ednsUdpBytes,
  responseCode,
  responseLimit,
  type Query,
  type Response,
} from './wire.ts'

const label = fc.stringMatching(/^[a-zA-Z0-9-]{1,20}$/)
const names = fc.array(label, { minLength: 1, maxLength: 8 })
const address = fc.ipV4()

function query(change: Partial<Query> = {}): Query {
  return {
    id: 7,
    recursionDesired: true,
    question: { labels: ['a', 'example'], type: 1, class: 1 },
    edns: undefined,
    ...change,
  }
}

function response(change: Partial<Response> = {}): Response {
  return {
    code: responseCode.NOERROR,
    authoritative: true,
    addresses: [],
    soa: undefined,
    ttlS: 5,
    ...change,
  }
}

test('a query of another implementation is read as it was meant', () => {
  fc.assert(
    fc.property(names, fc.integer({ min: 0, max: 65_535 }), fc.boolean(), (labels, id, edns) => {
      const bytes = dns.encode({
        type: 'query',
        id,
        flags: 0x0100,
        questions: [{ name: labels.join('.'), type: 'AAAA' }],
        additionals: edns ? [{ name: '.', type: 'OPT', udpPayloadSize: 4096 }] : [],
      })
      expect(decodeQuery(bytes)).toEqual({
        ok: true,
        query: {
          id,
          recursionDesired: true,
          question: { labels, type: 28, class: 1 },
          edns: edns ? { udpBytes: 4096, version: 0 } : undefined,
        },
      })
    }),
  )
})

test('a response is read by another implementation as it was meant', () => {
  fc.assert(
    fc.property(names, fc.array(address, { maxLength: 10 }), fc.boolean(), (labels, addresses, negative) => {
      const zone = labels.slice(1)
      const soa = { owner: zone, primary: ['ns', ...zone], mailbox: ['hostmaster', ...zone], serial: 1 }
      const bytes = encodeResponse(
        query({ question: { labels, type: 1, class: 1 }, edns: { udpBytes: 1232, version: 0 } }),
        response(negative ? { code: responseCode.NXDOMAIN, soa } : { addresses }),
        65_535,
      )
      const read = dns.decode(bytes)
      expect(read).toMatchObject({ id: 7, type: 'response', flag_aa: true, flag_tc: false })
      expect(read.questions).toMatchObject([{ name: labels.join('.'), type: 'A' }])
      expect(read.additionals).toMatchObject([
        { type: 'OPT', udpPayloadSize: ednsUdpBytes, extendedRcode: 0 },
      ])
      if (negative) {
        expect(read.rcode).toBe('NXDOMAIN')
        expect(read.authorities).toMatchObject([
          {
            name: zone.join('.') || '.',
            type: 'SOA',
            ttl: 5,
            data: { mname: ['ns', ...zone].join('.'), rname: ['hostmaster', ...zone].join('.'), minimum: 5 },
          },
        ])
      } else {
        const name = labels.join('.')
        expect(read.answers).toEqual(
          addresses.map((data) => expect.objectContaining({ name, type: 'A', ttl: 5, data })),
        )
      }
    }),
  )
})

test('any bytes are either a query or an error, never a crash', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      decodeQuery(bytes)
    }),
    { numRuns: 2000 },
  )
})

test('a query with some bytes changed never crashes either', () => {
  const good = dns.encode({
    type: 'query',
    id: 1,
    questions: [{ name: 'ep-1.epsrv-2.eu-central-1.privatelink.aliyuncs.com', type: 'A' }],
    additionals: [{ name: '.', type: 'OPT', udpPayloadSize: 1232 }],
  })
  const position = fc.integer({ min: 0, max: good.length - 1 })
  fc.assert(
    fc.property(
      fc.array(fc.tuple(position, fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
      (changes) => {
        const bytes = Buffer.from(good)
        for (const [at, value] of changes) bytes[at] = value
        decodeQuery(bytes.subarray(0, changes[0]?.[0] ?? bytes.length))
        decodeQuery(bytes)
      },
    ),
    { numRuns: 2000 },
  )
})

test.each<[string, number[], number | undefined]>([
  ['too short for a header', [0, 1, 0, 0, 0, 1], undefined],
  ['a response', [0, 1, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1], undefined],
  ['another opcode', [0, 1, 0x28, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1], responseCode.NOTIMP],
  ['no question', [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], responseCode.FORMERR],
  ['65,535 questions', [0, 1, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255], responseCode.FORMERR],
  ['a label past the end', [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 9, 65], responseCode.FORMERR],
  ['a pointer', [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1], responseCode.FORMERR],
  ['no type', [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], responseCode.FORMERR],
])('%s is answered by its code or not at all', (_, bytes, code) => {
  const answer = code === undefined ? undefined : { id: 1, code }
  expect(decodeQuery(Uint8Array.from(bytes))).toEqual({ ok: false, answer })
})

test('a name of more than 255 bytes is refused', () => {
  const labels = Array.from({ length: 4 }, () => [63, ...Buffer.alloc(63, 'a')]).flat()
  const bytes = Uint8Array.from([0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 1, 0, 1])
  expect(decodeQuery(bytes)).toMatchObject({ ok: false, answer: { code: responseCode.FORMERR } })
})

test('what does not fit is sent empty with TC set', () => {
  const addresses = Array.from({ length: 100 }, (_, i) => `10.0.0.${i}`)
  for (const [edns, limit] of [
    [undefined, 512],
    [{ udpBytes: 700, version: 0 }, 700],
    [{ udpBytes: 100, version: 0 }, 512],
    [{ udpBytes: 65_535, version: 0 }, ednsUdpBytes],
  ] as const) {
    const asked = query({ edns })
    expect(responseLimit(asked, 'udp')).toBe(limit)
    const bytes = encodeResponse(asked, response({ addresses }), responseLimit(asked, 'udp'))
    expect(bytes.length).toBeLessThanOrEqual(limit)
    expect(dns.decode(bytes)).toMatchObject({ flag_tc: true, answers: [] })
    const whole = dns.decode(encodeResponse(asked, response({ addresses }), responseLimit(asked, 'tcp')))
    expect(whole).toMatchObject({ flag_tc: false })
    expect(whole.answers).toHaveLength(100)
  }
})

test('names are compressed, and keep the letter case of the question', () => {
  const labels = ['eP-1', 'EpSrv-2', 'Example']
  const bytes = encodeResponse(
    query({ question: { labels, type: 1, class: 1 } }),
    response({ addresses: ['10.0.0.1'] }),
    512,
  )
  expect(bytes.length).toBe(12 + 5 + 8 + 8 + 1 + 4 + 16)
  expect(dns.decode(bytes).answers).toMatchObject([{ name: 'eP-1.EpSrv-2.Example' }])
})
