import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'

interface VitestReport {
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message?: string
    readonly assertionResults: readonly {
      readonly status: string
      readonly fullName: string
      readonly failureMessages?: readonly string[]
    }[]
  }[]
}

/** What one part of a test run came to; a failure is a line that tells which check failed and why. */
export interface Outcome {
  readonly passed: number
  readonly failures: readonly string[]
}

/**
 * What passed and failed by a vitest JSON report. A file that failed without a failed test (it could not be loaded, or
 * its set-up failed) counts as one failure, and so does a run that failed without saying where.
 */
export function vitestOutcome(file: string, code: number, root: string): Outcome {
  if (!existsSync(file)) return { passed: 0, failures: ['vitest made no report'] }
  const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport
  const failures = report.testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const path = relative(root, name)
      const failed = assertionResults.filter(({ status }) => status === 'failed')
      if (failed.length === 0) return [line(path, message)]
      return failed.map(({ fullName, failureMessages }) =>
        line(`${path} > ${fullName}`, failureMessages?.[0]),
      )
    })
  if (failures.length === 0 && code !== 0) failures.push(`vitest ended with ${code}, outside of any test`)
  return { passed: report.numPassedTests, failures }
}

function line(where: string, message: string | undefined): string {
  const first = message?.trim().split('\n')[0]
  return first === undefined || first === '' ? where : `${where}: ${first}`
}
