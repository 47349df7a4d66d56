import { isShort } from '../model/source-ports.ts'
import type { WireReport } from '../protocol/messages.ts'

/** Whether the flows that came since the last look at open flows could leave a wire short of source ports. */
export function mayBeShort(now: readonly WireReport[], atLastLook: readonly WireReport[]): boolean {
  const looked = new Map(atLastLook.map((wire) => [wire.pair, wire.newConnections]))
  return now.some(({ pair, newConnections, portsUsed, portsInAll }) => {
    const come = newConnections - (looked.get(pair) ?? 0)
    return come > 0 && isShort(portsUsed + come, portsInAll)
  })
}
