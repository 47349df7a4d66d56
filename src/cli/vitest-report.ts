import { existsSync, readFileSync } from 'node:fs'

interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
}

/**
 * What passed and failed by a vitest JSON report. A run that failed without a failed test (a file that could not be
 * loaded, an error outside tests, no report at all) counts as one failure.
 */
export function vitestCounts(file: string, code: number): { passed: number; failed: number } {
  if (!existsSync(file)) return { passed: 0, failed: 1 }
  const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport
  const failed = report.numFailedTests === 0 && code !== 0 ? 1 : report.numFailedTests
  return { passed: report.numPassedTests, failed }
}
