/** `--waiter`: asks again until an expression of the answer has a value. */
import { evaluate } from './expression.ts'
import { setTimeout as delay } from 'node:timers/promises'
import type { Answer } from './pages.ts'
import type { Waiter } from './words.ts'

export class WaitedInVain extends Error {
  /** What it was when the time was over. */
  readonly last: string

  constructor(last: string) {
    super(`still ${last}`)
    this.name = 'WaitedInVain'
    this.last = last
  }
}

/** @throws WaitedInVain */
export async function waitFor(ask: () => Promise<Answer>, waiter: Waiter): Promise<Answer> {
  const deadline = performance.now() + waiter.timeoutS * 1000
  for (;;) {
    const answer = await ask()
    const value = textOf(evaluate(answer, waiter.expression))
    if (value === waiter.to) return answer
    if (performance.now() + waiter.intervalS * 1000 > deadline) throw new WaitedInVain(value)
    await delay(waiter.intervalS * 1000)
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
