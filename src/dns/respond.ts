import type { ZoneTable } from './zone.ts'
import { decodeQuery, encodeError, encodeResponse, responseCode, responseLimit } from './wire.ts'

/** The bytes that answer the bytes of a query, or undefined when silence is the answer. */
export function respond(
  zones: ZoneTable,
  bytes: Uint8Array,
  source: string,
  transport: 'udp' | 'tcp',
): Uint8Array | undefined {
  const decoded = decodeQuery(bytes)
  if (!decoded.ok) return decoded.answer && encodeError(decoded.answer.id, decoded.answer.code)
  const { query } = decoded
  const limit = responseLimit(query, transport)
  if (query.edns && query.edns.version > 0) {
    const code = responseCode.BADVERS
    const response = { code, authoritative: false, addresses: [], soa: undefined, ttlS: 0 }
    return encodeResponse(query, response, limit)
  }
  return encodeResponse(query, zones.lookUp(source, query.question, query.id), limit)
}
