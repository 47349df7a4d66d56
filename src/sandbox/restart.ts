/** When a sandbox that ended is started again: at once, then after longer and longer pauses. Pure. */
export interface RestartState {
  readonly attempts: number
  readonly startedAtMs: number
}

const firstPauseMs = 1000
const longestPauseMs = 60_000
/** One that ran this long had a good start: its next end is the first again. */
const steadyMs = 60_000

export function afterEnd(state: RestartState, nowMs: number): { attempts: number; nextAtMs: number } {
  const attempts = nowMs - state.startedAtMs >= steadyMs ? 1 : state.attempts + 1
  const pauseMs = Math.min(firstPauseMs * 2 ** (attempts - 1), longestPauseMs)
  return { attempts, nextAtMs: nowMs + pauseMs }
}
