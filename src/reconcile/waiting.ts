/**
 * Answers that wait until the kernel holds what they acknowledge. What is stored stays stored, so an answer is late
 * at worst: without an agent, or with one that is stuck, it leaves after the time limit.
 */
export interface Waiting {
  /** Resolves when the generation was reached, or after the time limit. */
  until(generation: number): Promise<void>
  reached(generation: number): void
}

export function createWaiting(limitMs: number): Waiting {
  const waiters = new Set<{ readonly generation: number; readonly done: () => void }>()
  return {
    until(generation) {
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer)
          waiters.delete(waiter)
          resolve()
        }
        const timer = setTimeout(done, limitMs)
        const waiter = { generation, done }
        waiters.add(waiter)
      })
    },
    reached(generation) {
      for (const waiter of waiters) if (waiter.generation <= generation) waiter.done()
    },
  }
}
