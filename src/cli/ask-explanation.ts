/** The server's judgement of packets. */
import type { HttpRequest, Judgement, Question, Step } from '../explain/judgement.ts'
import { askServer } from './ask-server.ts'
import type { Screen } from './screen.ts'
import type { StatePaths } from './state.ts'

export interface Explained extends Judgement {
  /** The name or the address that the client calls. */
  readonly called: string
  /** What an HTTP listener was asked for. */
  readonly request?: HttpRequest | undefined
  /** Each may carry the command that would mend it. */
  readonly steps: readonly (Step & { readonly mend?: string })[]
}

/** The host of a request may be left to what is called. */
export interface Asked extends Omit<Question, 'request'> {
  readonly request?: { readonly host?: string | undefined; readonly path: string } | undefined
}

export async function judgeAll(
  paths: StatePaths,
  questions: readonly Asked[],
  screen: Screen,
  limits = false,
): Promise<readonly Explained[]> {
  const { Judgements } = (await askServer(paths, 'POST', '/explain', screen, { questions, limits })) as {
    Judgements: readonly Explained[]
  }
  return Judgements
}
