/** The end of a flow, as conntrack prints it (`-E -o xml,ktimestamp`): all that the kernel knew of it, on one line. */
import type { Direction } from '../dataplane/nft/flow-list.ts'

export interface FlowEnd {
  readonly protocol: 'tcp' | 'udp'
  /** As its first packet came, and as answers came back. */
  readonly original: Counted
  readonly reply: Counted
  /** Of TCP: the last state. */
  readonly state: string | undefined
  /** Seconds that the kernel would still have kept it; 0 when its time was over. */
  readonly remainingS: number
  /** No answer came that the kernel takes for one: a reset in answer to the first packet is none. */
  readonly unanswered: boolean
  readonly assured: boolean
  /** A program asked for its end: it was cut. */
  readonly cut: boolean
  readonly startMs: number
  readonly endMs: number
}

/** A flow's direction, and what went that way with its IP headers. */
export interface Counted extends Direction {
  readonly packets: number
  readonly bytes: number
}

const direction = String.raw`<src>([\d.]+)</src><dst>([\d.]+)</dst></layer3><layer4 protonum="\d+" protoname="(\w+)"><sport>(\d+)</sport><dport>(\d+)</dport></layer4>(?:<counters><packets>(\d+)</packets><bytes>(\d+)</bytes></counters>)?`
const line = new RegExp(
  `^<flow type="destroy">.*?<meta direction="original">.*?${direction}.*?<meta direction="reply">.*?${direction}`,
)
const times = /<start>(\d+)<\/start><stop>(\d+)<\/stop>/

/** Undefined for anything else: the document's head, other protocols, a line whose beginning is missing. */
export function parseFlowEnd(text: string): FlowEnd | undefined {
  const match = line.exec(text)
  const at = times.exec(text)
  if (!match || !at) return undefined
  const protocol = match[3]
  if (protocol !== 'tcp' && protocol !== 'udp') return undefined
  const state = /<state>(\w+)<\/state>/.exec(text)?.[1]
  const assured = text.includes('<assured/>')
  const remainingS = Number(/<timeout>(\d+)<\/timeout>/.exec(text)?.[1] ?? 0)
  const startMs = milliseconds(at[1])
  return {
    protocol,
    original: counted(match.slice(1, 8)),
    reply: counted(match.slice(8, 15)),
    state,
    remainingS,
    unanswered: text.includes('<unreplied/>'),
    assured,
    cut: text.includes('[USERSPACE]'),
    startMs,
    endMs: Math.max(
      startMs,
      milliseconds(at[2]) - (remainingS > 0 ? 0 : keptS(protocol, state, assured) * 1000),
    ),
  }
}

function counted([
  from = '',
  to = '',
  ,
  fromPort,
  toPort,
  packets = '0',
  bytes = '0',
]: readonly string[]): Counted {
  return {
    from,
    to,
    fromPort: Number(fromPort),
    toPort: Number(toPort),
    packets: Number(packets),
    bytes: Number(bytes),
  }
}

function milliseconds(nanoseconds: string | undefined): number {
  return Math.round(Number(nanoseconds) / 1e6)
}

/**
 * How long the kernel keeps a flow after its last packet (nf_conntrack_proto_tcp.c, nf_conntrack_proto_udp.c): it ended
 * that much before it was forgotten. Nothing for established streams, whose time is a listener's.
 */
const keptAfterS: Readonly<Record<string, number>> = {
  SYN_SENT: 120,
  SYN_SENT2: 120,
  SYN_RECV: 60,
  FIN_WAIT: 120,
  CLOSE_WAIT: 60,
  LAST_ACK: 30,
  TIME_WAIT: 120,
  CLOSE: 10,
}

function keptS(protocol: FlowEnd['protocol'], state: string | undefined, assured: boolean): number {
  if (protocol === 'udp') return assured ? 120 : 30
  return keptAfterS[state ?? ''] ?? 0
}
