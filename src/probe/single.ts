/** One question: a real packet of it, and whether that is as judged. */
import { isUncertain, type HttpRequest, type Judgement, type Question } from '../explain/judgement.ts'
import { parseAddress } from '../model/ipv4.ts'
import { lookUp, probe, type Outcome } from './packets.ts'
import { requestStatus } from './request.ts'
import type { Run } from './run.ts'

export interface Probed {
  readonly resolved: readonly string[]
  readonly outcome: Outcome | 'unresolved'
  /** Of a request to an HTTP or HTTPS listener. */
  readonly status?: number
}

const probeSeconds = 3

interface Judged extends Pick<Judgement, 'steps'> {
  readonly called: string
  /** What an HTTP listener is asked for; without it only a connection is tried. */
  readonly request?: HttpRequest | undefined
}

/** Undefined when there is nowhere to send it from, or nowhere to send it to. */
export async function probeOf(
  run: Run,
  question: Pick<Question, 'client' | 'port' | 'protocol'>,
  judged: Judged,
): Promise<Probed | undefined> {
  const { called: target, steps } = judged
  const { client: instance, port, protocol } = question
  if (isId.test(target) || steps.some(({ reason }) => cannotSend.has(reason.code))) return undefined
  const resolved = parseAddress(target) === undefined ? await lookUp(run, instance, target) : [target]
  if (resolved.length === 0) return { resolved, outcome: 'unresolved' }
  const status = await statusOf(run, instance, judged, resolved[0] ?? '', port)
  if (status !== undefined) return { resolved, outcome: outcomeOf(status, judged), status }
  const targets = resolved.map((address) => ({ address, port }))
  const outcomes = await probe({ run, instance, protocol, seconds: probeSeconds }, targets)
  return { resolved, outcome: outcomes.find((outcome) => outcome !== 'open') ?? 'open' }
}

/** Undefined when it is no HTTP listener that is called, or nothing there can send a request. */
async function statusOf(
  run: Run,
  instance: string,
  { request, steps }: Judged,
  address: string,
  port: number,
): Promise<number | undefined> {
  const scheme = steps
    .map(({ reason }) => (reason.code === 'listenerRuns' ? reason.protocol : ''))
    .find((protocol) => protocol === 'http' || protocol === 'https')
  if (!request || scheme === undefined) return undefined
  return await requestStatus({ run, instance, seconds: probeSeconds, scheme, address, port, ...request })
}

/** What the balancer itself says when it has nobody to ask is no answer. */
function outcomeOf(status: number, { steps }: Judged): Outcome {
  const isNothing = status === 404 && steps.at(-1)?.reason.code === 'ruleForOtherPaths'
  return status === 0 || isNothing || [502, 503, 504].includes(status) ? 'refused' : 'open'
}

/** Of something that is not there. */
const isId = /^(?:ep|i|lb|nlb)-[a-z0-9]+$/

const cannotSend: ReadonlySet<string> = new Set(['clientUnknown', 'clientState', 'clientWithoutAddress'])

/** A datagram that nobody answers says nothing of the network: a program need not answer. */
export function areEqual(judged: Judgement, { outcome }: Probed, protocol: Question['protocol']): boolean {
  if (isUncertain(judged)) return true
  return judged.passes
    ? outcome === 'open' || (protocol === 'udp' && outcome === 'silent')
    : outcome !== 'open'
}
