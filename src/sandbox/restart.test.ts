import { expect, test } from 'vitest'
import { afterEnd } from './restart.ts'

test('pauses grow while a sandbox ends soon, and start again after a good run', () => {
  const pauses: number[] = []
  let state = { attempts: 0, startedAtMs: 0 }
  for (let turn = 0; turn < 9; turn++) {
    const { attempts, nextAtMs } = afterEnd(state, state.startedAtMs)
    pauses.push((nextAtMs - state.startedAtMs) / 1000)
    state = { attempts, startedAtMs: nextAtMs }
  }
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
  expect(afterEnd(state, state.startedAtMs + 60_000).attempts).toBe(1)
})
