import { createHash } from 'node:crypto'

/** Ports on which relays listen, below those that the kernel gives to connections. */
export const relayPorts = { first: 10_000, last: 29_999, count: 20_000 } as const

/** The port of the range that follows from what the relay is for. */
export function relayPortOf(purpose: string): number {
  return relayPorts.first + (createHash('sha256').update(purpose).digest().readUInt32BE() % relayPorts.count)
}
