/** What a round cut: which wires, and how many open flows each of them lost. */
import type { CutReport } from '../protocol/messages.ts'
import type { WirePlan } from '../plan/host-plan.ts'
import type { Flow } from './nft/flow-list.ts'
import type { Slice } from './slices.ts'

/** Wires of a slice by the address that names them in the flows of both VPCs. */
export function wiresByAddress(slice: Slice | undefined): ReadonlyMap<string, WirePlan> {
  if (slice?.kind !== 'vpc') return new Map()
  return new Map([...slice.consumed, ...slice.provided].map((wire) => [wire.providerAddress, wire]))
}

/** Open flows: what is closing anyway, or never began, is not ended by a cut. */
export function openThrough(wire: WirePlan, flows: readonly Flow[]): number {
  return flows.filter(
    ({ protocol, established, original, reply }) =>
      (protocol === 'udp' || established) &&
      (original.to === wire.providerAddress || reply.from === wire.providerAddress),
  ).length
}

/** Both VPCs of a wire tell of its cut: it is one, which ended when both had ended their halves of each flow. */
export function mergeCut(before: CutReport | undefined, cut: CutReport): CutReport {
  if (!before) return cut
  return {
    ...before,
    endedAtMs: Math.max(before.endedAtMs, cut.endedAtMs),
    flows: Math.max(before.flows, cut.flows),
  }
}
