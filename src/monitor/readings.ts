/** Reports as readings, each with the name of what was read. */
import type { Measures } from '../model/metric-points.ts'
import type { BalancerReport, WireReport } from '../protocol/messages.ts'
import type { Reading } from './deltas.ts'

export interface NamedReading extends Reading {
  readonly name: string
  /** What is true at the moment and is not counted. */
  readonly gauges: Partial<Measures>
}

export function wireReading(wire: WireReport): NamedReading {
  const { inBytes, inPackets, inDropped, outBytes, outPackets, outDropped } = wire
  const { newConnections, overConnections, denied, unserved } = wire
  return {
    name: wire.id,
    origin: wire.pair,
    counters: {
      inBytes,
      inPackets,
      inDropped,
      outBytes,
      outPackets,
      outDropped,
      newConnections,
      overConnections,
      denied,
      unserved,
    },
    gauges: { activeConnections: wire.activeConnections },
  }
}

export function balancerReadings(balancer: BalancerReport): readonly NamedReading[] {
  const { id, overRate, overConnections, listeners } = balancer
  return [
    { name: id, origin: id, counters: { overRate, overConnections }, gauges: {} },
    ...listeners.map((listener): NamedReading => {
      const name = listenerName(id, listener)
      const { inBytes, inPackets, inDropped, outBytes, outPackets, outDropped } = listener
      const { newConnections } = listener
      const { activeConnections, inactiveConnections } = listener
      return {
        name,
        origin: name,
        counters: {
          inBytes,
          inPackets,
          inDropped,
          outBytes,
          outPackets,
          outDropped,
          newConnections,
          overRate: listener.overRate,
        },
        gauges: { activeConnections, inactiveConnections },
      }
    }),
  ]
}

export function listenerName(
  balancer: string,
  { protocol, port }: { readonly protocol: string; readonly port: number },
): string {
  return `${balancer} ${protocol} ${port}`
}
