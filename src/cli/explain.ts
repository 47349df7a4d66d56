/** `explain`: why a packet passes or not, and what a real one does. */
import { isUncertain } from '../explain/judgement.ts'
import { parseAddress } from '../model/ipv4.ts'
import { judgeAll, withApplications, type Asked, type Explained } from './ask-explanation.ts'
import { isRunning } from './deployment.ts'
import { Failure } from './failure.ts'
import { lookUp, probe, type Outcome } from './probe.ts'
import { requestStatus } from './request-probe.ts'
import type { Screen } from './screen.ts'
import type { StatePaths } from './state.ts'

export interface Probed {
  readonly resolved: readonly string[]
  readonly outcome: Outcome | 'unresolved'
  /** Of a request to an HTTP or HTTPS listener. */
  readonly status?: number
}

const probeSeconds = 3

/** Exit code 0 when it passes and 1 when it does not, or when model and probe disagree. */
export async function explain(paths: StatePaths, question: Asked, screen: Screen): Promise<number> {
  const { messages } = screen
  const [judged] = await judgeAll(paths, [question], screen)
  if (!judged) throw new Error('the server gave no judgement')
  if (!isRunning(paths)) throw new Failure(1, messages.notRunning(paths.state))
  const [explained = judged] = await withApplications(paths.execSocket, [judged], question.protocol)
  const probed = await probeOf(paths.execSocket, question, explained)
  const agrees = probed === undefined ? undefined : areEqual(explained, probed, question)
  const passes = probed ? probed.outcome === 'open' : explained.passes
  show(question, explained, probed, agrees, screen)
  screen.result({ ...question, passes, agrees, model: explained, probe: probed })
  return explained.passes && agrees !== false ? 0 : 1
}

/** Undefined when there is nowhere to send it from, or nowhere to send it to. */
async function probeOf(socket: string, question: Asked, explained: Explained): Promise<Probed | undefined> {
  const { called: target, steps } = explained
  const { client: instance, port, protocol } = question
  if (isId.test(target) || steps.some(({ reason }) => cannotSend.has(reason.code))) return undefined
  const resolved = parseAddress(target) === undefined ? await lookUp(socket, instance, target) : [target]
  if (resolved.length === 0) return { resolved, outcome: 'unresolved' }
  const status = await statusOf(socket, instance, explained, resolved[0] ?? '', port)
  if (status !== undefined) return { resolved, outcome: outcomeOf(status, explained), status }
  const targets = resolved.map((address) => ({ address, port }))
  const outcomes = await probe({ socket, instance, protocol, seconds: probeSeconds }, targets)
  return { resolved, outcome: outcomes.find((outcome) => outcome !== 'open') ?? 'open' }
}

/** Undefined when it is no HTTP listener that is called, or nothing there can send a request. */
async function statusOf(
  socket: string,
  instance: string,
  { request, steps }: Explained,
  address: string,
  port: number,
): Promise<number | undefined> {
  const scheme = steps
    .map(({ reason }) => (reason.code === 'listenerRuns' ? reason.protocol : ''))
    .find((protocol) => protocol === 'http' || protocol === 'https')
  if (!request || scheme === undefined) return undefined
  return await requestStatus({ socket, instance, seconds: probeSeconds, scheme, address, port, ...request })
}

/** What the balancer itself says when it has nobody to ask is no answer. */
function outcomeOf(status: number, { steps }: Explained): Outcome {
  const isNothing = status === 404 && steps.at(-1)?.reason.code === 'ruleForOtherPaths'
  return status === 0 || isNothing || [502, 503, 504].includes(status) ? 'refused' : 'open'
}

/** Of something that is not there. */
const isId = /^(?:ep|i|lb|nlb)-[a-z0-9]+$/

const cannotSend: ReadonlySet<string> = new Set(['clientUnknown', 'clientState', 'clientWithoutAddress'])

/** A datagram that nobody answers says nothing of the network: a program need not answer. */
function areEqual(judged: Explained, { outcome }: Probed, { protocol }: Asked): boolean {
  if (isUncertain(judged)) return true
  return judged.passes
    ? outcome === 'open' || (protocol === 'udp' && outcome === 'silent')
    : outcome !== 'open'
}

function show(
  { client, target, port, protocol }: Asked,
  { steps, passes }: Explained,
  probed: Probed | undefined,
  agrees: boolean | undefined,
  screen: Screen,
): void {
  const { explain: words } = screen.messages
  screen.say(words.asked(client, target, port, protocol))
  for (const { verdict, reason, mend } of steps) {
    screen.say(`  ${verdict === 'passes' ? '✓' : '✗'} ${words.reason(reason)}`)
    if (verdict === 'stops') screen.say(`    ${words.whatToDo(reason)}`)
    if (mend !== undefined && verdict === 'stops') screen.say(`      ${mend}`)
  }
  screen.say(words.judged(passes))
  if (probed) screen.say(probed.status ? words.answered(probed.status) : words.probed(probed.outcome))
  if (agrees === false) screen.say(words.differs)
}
