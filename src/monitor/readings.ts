/** Reports as readings, each with the name of what was read. */
import type { Measures } from '../model/metric-points.ts'
import type { BalancerReport, ListenerReport, WireReport } from '../protocol/messages.ts'
import type { Reading } from './deltas.ts'

export interface NamedReading extends Reading {
  readonly name: string
  /** What is true at the moment and is not counted. */
  readonly gauges: Partial<Measures>
}

export function wireReading(wire: WireReport): NamedReading {
  const { overConnections, denied, unserved } = wire
  return {
    name: wire.id,
    origin: wire.pair,
    counters: { ...carriedBy(wire), overConnections, denied, unserved },
    gauges: { activeConnections: wire.activeConnections },
  }
}

/** What wires and listeners both count. */
function carriedBy({
  inBytes,
  inPackets,
  inDropped,
  outBytes,
  outPackets,
  outDropped,
  newConnections,
}: WireReport | ListenerReport) {
  return { inBytes, inPackets, inDropped, outBytes, outPackets, outDropped, newConnections }
}

export function balancerReadings(balancer: BalancerReport): readonly NamedReading[] {
  const { id, overRate, overConnections, listeners } = balancer
  return [
    { name: id, origin: id, counters: { overRate, overConnections }, gauges: {} },
    ...listeners.map((listener): NamedReading => {
      const name = listenerName(id, listener)
      const { activeConnections, inactiveConnections } = listener
      return {
        name,
        origin: name,
        counters: { ...carriedBy(listener), overRate: listener.overRate },
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
