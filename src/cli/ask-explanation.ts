/** The server's judgement of packets. */
import type { Judgement, Question, Step } from '../explain/judgement.ts'
import { askServer } from './ask-server.ts'
import type { Screen } from './screen.ts'
import type { StatePaths } from './state.ts'

export interface Explained extends Judgement {
  /** The name or the address that the client calls. */
  readonly called: string
  /** Each may carry the command that would mend it. */
  readonly steps: readonly (Step & { readonly mend?: string })[]
}

export async function judgeAll(
  paths: StatePaths,
  questions: readonly Question[],
  screen: Screen,
): Promise<readonly Explained[]> {
  const { Judgements } = (await askServer(paths, 'POST', '/explain', screen, { questions })) as {
    Judgements: readonly Explained[]
  }
  return Judgements
}
