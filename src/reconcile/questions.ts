/** Questions to the agent and their answers, which come over the same line as reports, in any order. */
import type { ConsoleAnswer } from '../protocol/messages.ts'

export interface Questions {
  /** Undefined when no answer comes in time, or the line breaks. */
  ask(send: (question: number) => void): Promise<ConsoleAnswer | undefined>
  answered(answer: ConsoleAnswer): void
  /** The agent that was asked is gone. */
  forget(): void
}

export function createQuestions(limitMs: number): Questions {
  const open = new Map<number, (answer: ConsoleAnswer | undefined) => void>()
  let last = 0
  return {
    ask(send) {
      last += 1
      const question = last
      return new Promise((resolve) => {
        const done = (answer: ConsoleAnswer | undefined) => {
          clearTimeout(timer)
          open.delete(question)
          resolve(answer)
        }
        const timer = setTimeout(() => done(undefined), limitMs)
        open.set(question, done)
        send(question)
      })
    },
    answered: (answer) => open.get(answer.question)?.(answer),
    forget() {
      for (const done of open.values()) done(undefined)
    },
  }
}
