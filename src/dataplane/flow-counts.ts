/** Open flows, counted from what `conntrack -L` prints, a line per flow. */
import type { Flows } from './kernel.ts'

const direction = / src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)/g

/** By the mark that a listener sets, and by the address that was called first: of a wire, its provider's. */
export function countFlows(listing: string): Flows {
  const byMark = new Map<string, { active: number; inactive: number }>()
  const byAddress = new Map<string, { active: number; inactive: number }>()
  const ports = new Map<string, Map<string, number>>()
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
    const answer = [...line.matchAll(direction)][1]
    if (!answer) continue
    const [, answering = '', source = '', port] = answer
    const target = `${line.slice(0, 3)} ${answering} ${port}`
    const used = ports.get(source) ?? new Map<string, number>()
    ports.set(source, used.set(target, (used.get(target) ?? 0) + 1))
  }
  const portsUsed = new Map([...ports].map(([source, used]) => [source, Math.max(...used.values())]))
  return { byMark, byAddress, portsUsed }
}
