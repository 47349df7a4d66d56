/** A signed load on the API, closed (as fast as answers come) or open (so many a second, whatever comes back). */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Parameters, SignedClient } from '../test/fixtures/signed-client.ts'

export interface LoadFigure {
  readonly requests: number
  readonly perSecond: number
  readonly medianMs: number
  readonly p99Ms: number
}

/** As many at once as there are connections, one after the other on each. */
export async function closedLoad(
  client: SignedClient,
  connections: number,
  seconds: number,
  next: () => Parameters,
): Promise<LoadFigure> {
  const latencies: number[] = []
  const start = performance.now()
  const end = start + seconds * 1000
  const connection = async () => {
    while (performance.now() < end) latencies.push(await timed(client, next()))
  }
  await Promise.all(Array.from({ length: connections }, connection))
  return figure(latencies, performance.now() - start)
}

/** Evenly spread over the time; latency counts from the moment when the request was due. */
export async function openLoad(
  client: SignedClient,
  perSecond: number,
  seconds: number,
  next: () => Parameters,
): Promise<LoadFigure> {
  const pending: Promise<number>[] = []
  const start = performance.now()
  const total = Math.floor(perSecond * seconds)
  while (pending.length < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - start) * perSecond) / 1000))
    while (pending.length < due) {
      const dueAt = start + (pending.length * 1000) / perSecond
      const lateMs = Math.max(0, performance.now() - dueAt)
      pending.push(timed(client, next()).then((ms) => ms + lateMs))
    }
    await sleep(1)
  }
  const latencies = await Promise.all(pending)
  return figure(latencies, performance.now() - start)
}

async function timed(client: SignedClient, parameters: Parameters): Promise<number> {
  const start = performance.now()
  await client.call(parameters)
  return performance.now() - start
}

function figure(latencies: readonly number[], elapsedMs: number): LoadFigure {
  const sorted = latencies.toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN
  return {
    requests: latencies.length,
    perSecond: (latencies.length * 1000) / elapsedMs,
    medianMs: at(0.5),
    p99Ms: at(0.99),
  }
}
