/** Open flows, counted from what `conntrack -L` prints, a line per flow. */
import type { FlowCounts } from './kernel.ts'

/** By the mark that a listener sets, and by the address that was called first: of a wire, its provider's. */
export function countFlows(listing: string): { readonly byMark: FlowCounts; readonly byAddress: FlowCounts } {
  const byMark = new Map<string, { active: number; inactive: number }>()
  const byAddress = new Map<string, { active: number; inactive: number }>()
  for (const line of listing.split('\n')) {
    const called = / dst=(\S+)/.exec(line)?.[1]
    if (called === undefined) continue
    // Established streams; of datagrams, what was answered.
    const active = line.startsWith('tcp') ? line.includes(' ESTABLISHED ') : !line.includes('[UNREPLIED]')
    const mark = / mark=(\d+)/.exec(line)?.[1] ?? '0'
    for (const [counts, key] of [
      [byMark, mark],
      [byAddress, called],
    ] as const) {
      const count = counts.get(key) ?? { active: 0, inactive: 0 }
      if (active) count.active++
      else count.inactive++
      counts.set(key, count)
    }
  }
  return { byMark, byAddress }
}
