/** The ports of an NLB's listener: one, or a range, which the API writes as port 0 with two ends. */
import { z } from 'zod'
import type { NlbListenerTable } from '../../../store/tables.ts'
import { demand, found } from '../../require.ts'

export type Ports = Pick<NlbListenerTable, 'port' | 'last_port'>

export const isRange = ({ last_port: last }: Ports) => last !== null

interface GivenPorts {
  readonly ListenerPort: number
  readonly StartPort?: number | undefined
  readonly EndPort?: number | undefined
}

/** Port 0 stands for a range (Nlb, CreateListener). */
export function portsOf({ ListenerPort, StartPort, EndPort }: GivenPorts): Ports {
  if (ListenerPort > 0) {
    demand(StartPort === undefined && EndPort === undefined, 'IllegalParam.Port', {
      name: 'StartPort',
      reason: 'a range goes with ListenerPort 0',
    })
    return { port: ListenerPort, last_port: null }
  }
  const port = found(StartPort, 'MissingParam.StartPort', { name: 'StartPort' })
  const last = found(EndPort, 'MissingParam.EndPort', { name: 'EndPort' })
  demand(port > 0 && port < last, 'IllegalParam.Port', {
    name: 'EndPort',
    reason: 'a range begins at 1 or later and ends at a greater port',
  })
  return { port, last_port: last }
}

export function overlap(a: Ports, b: Ports): boolean {
  return a.port <= (b.last_port ?? b.port) && b.port <= (a.last_port ?? a.port)
}

/** Of a listener with a range. */
export const rangeResult = { StartPort: z.string().optional(), EndPort: z.string().optional() }

/** A range is told as port 0, with its ends as texts. */
export function describePorts({ port, last_port: last }: Ports) {
  return last === null
    ? { ListenerPort: port }
    : { ListenerPort: 0, StartPort: String(port), EndPort: String(last) }
}
