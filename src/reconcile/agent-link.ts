/**
 * The server's end of the line to the agent: a unix socket on which it listens. A newer connection replaces an
 * older one. After a hello the agent gets the whole plan, then what changes.
 */
import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import type { Logger } from 'pino'
import { planChange } from '../plan/change.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import { encodeFrame, readFrames } from '../protocol/frames.ts'
import {
  isAgentMessage,
  type ConsoleAnswer,
  type Report,
  type ServerMessage,
  type ToldCut,
} from '../protocol/messages.ts'
import { createQuestions } from './questions.ts'

export interface AgentLink {
  readonly publish: (plan: HostPlan) => void
  readonly connected: () => boolean
  /** Asks the agent for a line of commands. */
  readonly askForShell: (ticket: string) => void
  /** The end of an instance's console log; undefined when the agent does not say. */
  readonly console: (instance: string) => Promise<ConsoleAnswer | undefined>
  readonly close: () => Promise<void>
}

/** Some of the public SDKs wait three seconds for an answer. */
const answerWithinMs = 2000

export interface AgentLinkParts {
  readonly socketFile: string
  /** An agent has come, or come back: nothing it applied before counts any more. */
  readonly onHello: () => void
  readonly onReport: (report: Report) => void
  /** Resolves when they are stored; the agent keeps them until it is told so. */
  readonly onCuts: (cuts: readonly ToldCut[]) => Promise<void>
  readonly log: Logger
}

export async function listenForAgent({
  socketFile,
  onHello,
  onReport,
  onCuts,
  log,
}: AgentLinkParts): Promise<AgentLink> {
  const questions = createQuestions(answerWithinMs)
  let plan: HostPlan | undefined
  let agent: { readonly socket: Socket; sent: HostPlan | undefined; greeted: boolean } | undefined

  function send(message: ServerMessage): void {
    agent?.socket.write(encodeFrame(message))
  }

  function push(): void {
    if (!agent?.greeted || !plan || agent.sent === plan) return
    if (agent.sent) send({ type: 'change', change: planChange(agent.sent, plan) })
    else send({ type: 'plan', plan })
    agent.sent = plan
  }

  async function keep(cuts: readonly ToldCut[]): Promise<void> {
    try {
      await onCuts(cuts)
      send({ type: 'cuts-stored', ids: cuts.map(({ id }) => id) })
    } catch (error) {
      // The agent tells them again after its next hello.
      log.error({ err: error, cuts }, 'cuts not recorded')
    }
  }

  async function converse(socket: Socket): Promise<void> {
    agent?.socket.destroy()
    const session = { socket, sent: undefined, greeted: false }
    agent = session
    try {
      for await (const message of readFrames(socket, isAgentMessage)) {
        switch (message.type) {
          case 'hello':
            log.info({ host: message.host, generation: message.generation }, 'agent connected')
            Object.assign(session, { greeted: true, sent: undefined })
            onHello()
            push()
            break
          case 'report':
            onReport(message.report)
            break
          case 'cuts':
            void keep(message.cuts)
            break
          case 'console':
            questions.answered(message)
            break
        }
      }
    } catch (error) {
      log.warn({ err: error }, 'the line to the agent broke')
    } finally {
      socket.destroy()
      if (agent === session) {
        agent = undefined
        questions.forget()
      }
    }
  }

  rmSync(socketFile, { force: true })
  const server = createServer((socket) => void converse(socket))
  server.listen(socketFile)
  await once(server, 'listening')
  chmodSync(socketFile, 0o600)

  return {
    publish(next) {
      plan = next
      push()
    },
    connected: () => agent?.greeted ?? false,
    askForShell: (ticket) => send({ type: 'shell', ticket }),
    console: (instance) =>
      agent?.greeted === true
        ? questions.ask((question) => send({ type: 'ask-console', question, instance }))
        : Promise.resolve(undefined),
    async close() {
      agent?.socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
