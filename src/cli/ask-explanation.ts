/** The server's judgement of packets, and what the instances themselves know: whether a program listens. */
import { withApplication } from '../explain/application.ts'
import type { HttpRequest, Judgement, Question, Step } from '../explain/judgement.ts'
import { askServer } from './ask-server.ts'
import { ExecError } from './exec.ts'
import { openPorts } from './probe.ts'
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
): Promise<readonly Explained[]> {
  const { Judgements } = (await askServer(paths, 'POST', '/explain', screen, { questions })) as {
    Judgements: readonly Explained[]
  }
  return Judgements
}

/** Adds the last step to all of them; each instance is looked into once. */
export async function withApplications(
  socket: string,
  judgements: readonly Explained[],
  protocol: 'tcp' | 'udp',
): Promise<readonly Explained[]> {
  const instances = new Set(
    judgements.flatMap(({ destinations }) => destinations.flatMap(({ instance }) => instance ?? [])),
  )
  const open = new Map<string, ReadonlySet<number>>()
  for (const instance of instances) {
    try {
      open.set(instance, new Set(await openPorts(socket, instance, protocol)))
    } catch (error) {
      // It has ended since: nobody can look, so nothing is said about its programs.
      if (!(error instanceof ExecError)) throw error
    }
  }
  return judgements.map((judgement) => ({
    ...judgement,
    ...withApplication(judgement, protocol, (instance, _, port) => open.get(instance)?.has(port)),
  }))
}
