/** What conntrack knows of a namespace, as text and back. */
import type { Exec } from '../exec.ts'
import { inside, output } from '../exec.ts'

/** One direction of a flow. */
export interface Direction {
  readonly from: string
  readonly fromPort: number
  readonly to: string
  readonly toPort: number
}

export interface Flow {
  readonly protocol: 'tcp' | 'udp'
  /** Of TCP: the handshake is over and no end has closed. */
  readonly established: boolean
  /** Seconds until the kernel forgets it, unless a packet comes. */
  readonly remainingS: number
  /** As its first packet came, and as answers come back. */
  readonly original: Direction
  readonly reply: Direction
}

export function reversed({ from, fromPort, to, toPort }: Direction): Direction {
  return { from: to, fromPort: toPort, to: from, toPort: fromPort }
}

const ends = String.raw`src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)`
const line = new RegExp(String.raw`^(tcp|udp)\s+\d+ (\d+) (?:([A-Z_]+) )?${ends} .*?${ends}`)

/** Only what was translated: balancers translate every flow. */
export async function listFlows(exec: Exec, netns: string): Promise<readonly Flow[]> {
  const text = await output(exec, inside(netns, ['conntrack', '-L', '-f', 'ipv4', '--dst-nat']))
  return text.split('\n').flatMap((row) => parseFlow(row) ?? [])
}

export function parseFlow(row: string): Flow | undefined {
  const match = line.exec(row)
  if (!match) return undefined
  const [, protocol, remaining, state, from = '', to = '', fromPort, toPort, ...back] = match
  const [replyFrom = '', replyTo = '', replyFromPort, replyToPort] = back
  return {
    protocol: protocol === 'tcp' ? 'tcp' : 'udp',
    established: state === 'ESTABLISHED',
    remainingS: Number(remaining),
    original: { from, fromPort: Number(fromPort), to, toPort: Number(toPort) },
    reply: { from: replyFrom, fromPort: Number(replyFromPort), to: replyTo, toPort: Number(replyToPort) },
  }
}
