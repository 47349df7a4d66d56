import { portFor, type PortRange } from '../plan/leg-ports.ts'

/**
 * A port per purpose and VPC that follows from what it is for, so that it stays when others come and go. When two fall on one
 * port, the later one takes the next that is free.
 */
export class PortsOfVpcs {
  readonly #taken = new Map<string, Set<number>>()
  readonly #range: PortRange

  constructor(range: PortRange) {
    this.#range = range
  }

  next(vpc: string, purpose: string): number | undefined {
    const { first, last, count } = this.#range
    const taken = this.#taken.get(vpc) ?? new Set<number>()
    this.#taken.set(vpc, taken)
    if (taken.size >= count) return undefined
    let port = portFor(this.#range, purpose)
    while (taken.has(port)) port = port < last ? port + 1 : first
    taken.add(port)
    return port
  }
}
