/** One question: a real packet of it, and whether that is as judged. */
import { isUncertain, type Judgement, type Question } from '../explain/judgement.ts'
import { parseAddress } from '../model/ipv4.ts'
import { lookUp, probe, type Outcome } from './packets.ts'
import type { Run } from './run.ts'

export interface Probed {
  readonly resolved: readonly string[]
  readonly outcome: Outcome | 'unresolved'
}

const probeSeconds = 3

/** Undefined when there is nowhere to send it from, or nowhere to send it to. */
export async function probeOf(
  run: Run,
  question: Question,
  { called: target, steps }: Pick<Judgement, 'steps'> & { readonly called: string },
): Promise<Probed | undefined> {
  const { client: instance, port, protocol } = question
  if (isId.test(target) || steps.some(({ reason }) => cannotSend.has(reason.code))) return undefined
  const resolved = parseAddress(target) === undefined ? await lookUp(run, instance, target) : [target]
  if (resolved.length === 0) return { resolved, outcome: 'unresolved' }
  const targets = resolved.map((address) => ({ address, port }))
  const outcomes = await probe({ run, instance, protocol, seconds: probeSeconds }, targets)
  return { resolved, outcome: outcomes.find((outcome) => outcome !== 'open') ?? 'open' }
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
