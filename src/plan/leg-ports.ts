/** Ports of the service side of a VPC's leg, below those that the kernel gives to connections. */
import { createHash } from 'node:crypto'

export interface PortRange {
  readonly first: number
  readonly last: number
  readonly count: number
}

export const relayPorts: PortRange = { first: 10_000, last: 29_999, count: 20_000 }
export const proxyPorts: PortRange = { first: 30_000, last: 31_999, count: 2_000 }

/** The port of the range that follows from what it is for. */
export function portFor({ first, count }: PortRange, purpose: string): number {
  return first + (createHash('sha256').update(purpose).digest().readUInt32BE() % count)
}
