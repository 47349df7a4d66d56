import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { vitestOutcome } from './vitest-report.ts'

let directory: string
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'postern-report-'))))
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const passed = { status: 'passed', assertionResults: [{ status: 'passed' }, { status: 'passed' }] }
const one = {
  status: 'failed',
  fullName: 'a sum',
  failureMessages: ['AssertionError: 1, not 2\n  at sum.ts'],
}
const failed = { name: '/clone/sum.test.ts', status: 'failed', assertionResults: [{ status: 'passed' }, one] }
const broken = { name: '/clone/lost.test.ts', status: 'failed', message: 'not found', assertionResults: [] }

test.each([
  ['all passed', [passed], 2, 0, { passed: 2, failures: [] }],
  [
    'one test failed',
    [passed, failed],
    3,
    1,
    { passed: 3, failures: ['sum.test.ts > a sum: AssertionError: 1, not 2'] },
  ],
  [
    'a file could not be loaded',
    [passed, broken],
    2,
    1,
    { passed: 2, failures: ['lost.test.ts: not found'] },
  ],
  [
    'an error outside of any test',
    [passed],
    2,
    1,
    { passed: 2, failures: ['vitest ended with 1, outside of any test'] },
  ],
])('%s', (_name, testResults, numPassedTests, code, outcome) => {
  const file = join(directory, 'report.json')
  writeFileSync(file, JSON.stringify({ numPassedTests, testResults }))
  expect(vitestOutcome(file, code, '/clone')).toEqual(outcome)
})

test('no report is a failure', () => {
  const outcome = { passed: 0, failures: ['vitest made no report'] }
  expect(vitestOutcome(join(directory, 'none.json'), 1, '/clone')).toEqual(outcome)
})
