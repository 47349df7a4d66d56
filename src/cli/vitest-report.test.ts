import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { vitestCounts } from './vitest-report.ts'

let directory: string
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'postern-report-'))))
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const passed = { status: 'passed', assertionResults: [{ status: 'passed' }, { status: 'passed' }] }
const failed = { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] }
const broken = { status: 'failed', assertionResults: [] }

test.each([
  ['all passed', [passed], 2, 0, 0, { passed: 2, failed: 0 }],
  ['one test failed', [passed, failed], 3, 1, 1, { passed: 3, failed: 1 }],
  ['a file could not be loaded', [passed, broken], 2, 0, 1, { passed: 2, failed: 1 }],
  ['an error outside of any test', [passed], 2, 0, 1, { passed: 2, failed: 1 }],
])('%s', (_name, testResults, numPassedTests, numFailedTests, code, counts) => {
  const file = join(directory, 'report.json')
  writeFileSync(file, JSON.stringify({ numPassedTests, numFailedTests, testResults }))
  expect(vitestCounts(file, code)).toEqual(counts)
})

test('no report is a failure', () => {
  expect(vitestCounts(join(directory, 'none.json'), 1)).toEqual({ passed: 0, failed: 1 })
})
