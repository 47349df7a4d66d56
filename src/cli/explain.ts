/** `explain`: why a packet passes or not, and what a real one does. */
import { setTimeout as delay } from 'node:timers/promises'
import { blamed } from '../explain/limits.ts'
import { withApplications } from '../probe/applications.ts'
import type { Run } from '../probe/run.ts'
import { areEqual, probeOf, type Probed } from '../probe/single.ts'
import { judgeAll, type Asked, type Explained } from './ask-explanation.ts'
import { isRunning } from './deployment.ts'
import { Failure } from './failure.ts'
import { runInside } from './inside.ts'
import type { Screen } from './screen.ts'
import type { StatePaths } from './state.ts'

/** Exit code 0 when it passes and 1 when it does not, or when model and probe disagree. */
export async function explain(paths: StatePaths, question: Asked, screen: Screen): Promise<number> {
  const { messages } = screen
  const ask = async () => {
    const [answer] = await judgeAll(paths, [question], screen, true)
    if (!answer) throw new Error('the server gave no judgement')
    return answer
  }
  const judged = await ask()
  if (!isRunning(paths)) throw new Failure(1, messages.notRunning(paths.state))
  const run: Run = (instance, words) => runInside(paths.execSocket, instance, words)
  const [arriving = judged] = await withApplications(run, [judged], question.protocol)
  const probed = await probeOf(run, question, arriving)
  const isLost = arriving.passes && probed?.outcome === 'silent'
  const explained = isLost ? ((await droppedBy(arriving, ask)) ?? arriving) : arriving
  const agrees = probed === undefined ? undefined : areEqual(explained, probed, question.protocol)
  const passes = probed ? probed.outcome === 'open' : explained.passes
  show(question, explained, probed, agrees, screen)
  screen.result({ ...question, passes, agrees, model: explained, probe: probed })
  const isAnswered =
    probed === undefined || passes || (probed.outcome === 'silent' && question.protocol === 'udp')
  return explained.passes && isAnswered ? 0 : 1
}

/** The kernel's counters are read every few seconds: the packet that got no answer may not be among them yet. */
async function droppedBy(judged: Explained, ask: () => Promise<Explained>): Promise<Explained | undefined> {
  const endMs = performance.now() + countedWithinMs
  for (let found = blamed(judged); ; found = blamed(await ask())) {
    if (found !== undefined || performance.now() > endMs) return found
    await delay(500)
  }
}

const countedWithinMs = 8000

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
