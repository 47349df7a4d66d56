/**
 * `GET /console/traffic`: the kernel's counters of the account's connections as last read, for pictures that move while something
 * passes. The metrics of the API tell the same by the minute.
 */
import { findSession, hashToken } from '../../store/sessions.ts'
import type { Origin } from '../audit.ts'
import { ApiError } from '../errors.ts'
import { refusalOf, seeTraffic } from './admit.ts'
import { requireToken, respond } from './answering.ts'
import { callerOfSession } from './caller.ts'
import type { ViewerOptions } from './viewer.ts'

export interface Traffic {
  readonly endpoint: string
  /** When the newest of the counters was read. */
  readonly atMs: number
  readonly inBytes: number
  readonly outBytes: number
}

export async function traffic(options: ViewerOptions, request: Request, origin: Origin): Promise<Response> {
  const token = requireToken(options, request, origin)
  const endpoints = await options.commits.run(async (tx) => {
    // Looking at a picture is no use of a session.
    const session = await findSession(tx, hashToken(token), origin.at)
    if (!session) return new ApiError('ConsoleNeedLogin')
    const caller = callerOfSession(session)
    const region = options.regions.defaultRegion
    const refusal = await refusalOf(options, tx, {
      action: seeTraffic,
      params: new Map(),
      caller,
      region,
      origin,
    })
    if (refusal) return refusal
    const rows = await tx
      .selectFrom('endpoint')
      .innerJoin('endpoint_service', 'endpoint_service.id', 'endpoint.service_id')
      .select('endpoint.id')
      .where((where) =>
        where.or([
          where('endpoint.account_id', '=', caller.account),
          where('endpoint_service.account_id', '=', caller.account),
        ]),
      )
      .execute()
    return new Set<string>(rows.map(({ id }) => id))
  })
  if (endpoints instanceof ApiError) throw endpoints
  const found = new Map<string, Traffic>()
  for (const { id, atMs, inBytes, outBytes } of options.observed().wires) {
    const endpoint = id.slice(0, id.indexOf('/'))
    if (!endpoints.has(endpoint)) continue
    const sum = found.get(endpoint)
    found.set(endpoint, {
      endpoint,
      atMs: Math.max(atMs, sum?.atMs ?? 0),
      inBytes: inBytes + (sum?.inBytes ?? 0),
      outBytes: outBytes + (sum?.outBytes ?? 0),
    })
  }
  return respond({ traffic: [...found.values()] })
}
