/**
 * A source address has so many ports towards one target and protocol: a client's port of 1024 or more is replaced by another of these,
 * when it is taken.
 */
export const portsPerSource = 65536 - 1024

/** A connection gets one more address when half of what it has is in use, so that there is time until the other half is. */
export function isShort(used: number, inAll: number): boolean {
  return used * 2 >= inAll
}

/** 516,096 ports towards one listener: more open flows than a host's table takes unless told otherwise. */
export const mostSources = 8

/** What an operator may set for the addresses of connections. */
export interface LinkCapacity {
  readonly portsPerSource: number
}

export const fullCapacity: LinkCapacity = { portsPerSource }
