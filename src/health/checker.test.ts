import { expect, test } from 'vitest'
import { initialState, nextState, type HealthStatus } from './checker.ts'

const thresholds = { healthyThreshold: 2, unhealthyThreshold: 3 }

/** `+` is a success; the statuses after each result. */
function statuses(from: HealthStatus, results: string): string {
  let state = initialState(from)
  return Array.from(results)
    .map((result) => {
      state = nextState(state, result === '+', thresholds)
      return { normal: 'N', abnormal: 'A', unavailable: 'u' }[state.status]
    })
    .join('')
}

test.each<[HealthStatus, string, string]>([
  ['unavailable', '++', 'uN'],
  ['unavailable', '---', 'uuA'],
  ['unavailable', '+-+-++', 'uuuuuN'],
  ['normal', '--+---', 'NNNNNA'],
  ['normal', '---++', 'NNAAN'],
  ['abnormal', '+-+-++', 'AAAAAN'],
])('from %s, %s gives %s', (from, results, expected) => {
  expect(statuses(from, results)).toBe(expected)
})
