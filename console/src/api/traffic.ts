/** What passes by each endpoint just now, from one reading of the kernel's counters to the next. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from './context.ts'
import { request } from './send.ts'

export const trafficKey = ['traffic'] as const

export interface Reading {
  readonly endpoint: string
  readonly atMs: number
  readonly inBytes: number
  readonly outBytes: number
}

export interface Flow extends Reading {
  /** Both ways together, between the last two readings that differ; 0 when nothing passes any more. */
  readonly bitsPerSecond: number
  /** By this clock, when the counters last grew. */
  readonly grewAtMs: number
}

export type Flows = ReadonlyMap<string, Flow>

/** The agent reads every 5 s when there is little to read, else more seldom. */
const usualIntervalMs = 5000
/** How often a page asks, besides being told. */
const askEveryMs = 5000

/** A counter that did not grow for two readings stands still; one that became smaller was made anew. */
export function advance(before: Flows, readings: readonly Reading[], nowMs: number): Flows {
  return new Map(
    readings.map((reading): [string, Flow] => {
      const last = before.get(reading.endpoint)
      const quiet = { ...reading, bitsPerSecond: 0, grewAtMs: last?.grewAtMs ?? 0 }
      if (!last) return [reading.endpoint, quiet]
      const bytes = reading.inBytes + reading.outBytes - last.inBytes - last.outBytes
      const spanMs = reading.atMs - last.atMs
      if (bytes > 0 && spanMs > 0) {
        return [reading.endpoint, { ...quiet, bitsPerSecond: (bytes * 8000) / spanMs, grewAtMs: nowMs }]
      }
      const isOver = bytes < 0 || nowMs - last.grewAtMs > 2.2 * usualIntervalMs
      return [reading.endpoint, isOver ? quiet : last]
    }),
  )
}

export function useTraffic(): Flows {
  const { session, region } = useApi()
  const client = useQueryClient()
  const queryKey = [...trafficKey, session.account, region]
  const { data } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const { traffic } = (await request('GET', '/console/traffic', undefined, { signal })) as {
        traffic: readonly Reading[]
      }
      return advance(client.getQueryData<Flows>(queryKey) ?? new Map(), traffic, Date.now())
    },
    refetchInterval: askEveryMs,
    // Maps are compared by what is in them nowhere; each reading is a new one.
    structuralSharing: false,
    retry: false,
  })
  return data ?? new Map()
}
