/** What a person sees of the quickstart. */
import type { Text } from '../cli/language.ts'
import { type Screen, table } from '../cli/screen.ts'
import { summary } from './answer.ts'
import type { Audience, StepResult } from './play.ts'
import type { Scenario } from './scenario.ts'
import type { CallRecord } from './stage.ts'

const words = {
  failed: { en: 'failed', zh: '失败' },
  checks: { en: 'Checks', zh: '检查结果' },
  total: {
    en: (passed: number, all: number, seconds: string) => `${passed} of ${all} checks passed in ${seconds} s`,
    zh: (passed: number, all: number, seconds: string) =>
      `${all} 项检查通过 ${passed} 项，用时 ${seconds} 秒`,
  },
}

/** Prints steps with a bar of how far both walkthroughs are. */
export function printingAudience(screen: Screen, totalSteps: number): Audience {
  let done = 0
  return {
    stepStarts(step) {
      screen.say(`${bar(done, totalSteps)} ${screen.text(step.title)}`)
    },
    stepEnds(result) {
      done++
      for (const line of describeStep(result, screen)) screen.say(line)
    },
  }
}

export function bar(done: number, total: number): string {
  const width = 20
  const filled = Math.round((done / total) * width)
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${String(done + 1).padStart(2)}/${total}`
}

function describeStep(result: StepResult, screen: Screen): string[] {
  const calls = result.calls.flatMap(describeCall)
  const checks = result.checks.map(
    ({ ok, title, detail }) => `    ${ok ? '✓' : '✗'} ${screen.text(title)}: ${oneLine(detail)}`,
  )
  const end = result.error === undefined ? '' : `  ${screen.text(words.failed)}: ${oneLine(result.error)}`
  return [...calls, ...checks, `    ${result.ok ? '✓' : '✗'} ${result.ms} ms${end}`]
}

function describeCall({ account, action, params, outcome }: CallRecord): string[] {
  const called = `    → ${account} ${action} ${describeParams(params)}`.trimEnd()
  const returned =
    'answer' in outcome ? summary(outcome.answer) : `${outcome.code}: ${oneLine(outcome.message)}`
  return returned === '' ? [called] : [called, `    ← ${returned}`]
}

function describeParams(params: CallRecord['params']): string {
  return Object.entries(params)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
      return `${name}=${text.length > 90 ? `${text.slice(0, 40)}…` : text}`
    })
    .join(' ')
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').trim()
}

export function printHeading(screen: Screen, scenario: Scenario): void {
  screen.say('')
  screen.say(`== ${screen.text(scenario.title)}`)
}

export interface CheckRow {
  readonly scenario: Text
  readonly title: Text
  readonly ok: boolean
  readonly detail: string
  readonly ms: number
}

export function printChecks(screen: Screen, rows: readonly CheckRow[], ms: number): void {
  screen.say('')
  screen.say(screen.text(words.checks))
  const lines = rows.map(({ scenario, title, ok, detail, ms: took }) => [
    ok ? '✓' : '✗',
    screen.text(scenario),
    screen.text(title),
    `${took} ms`,
    oneLine(detail),
  ])
  for (const line of table(lines)) screen.say(line)
  const passed = rows.filter(({ ok }) => ok).length
  screen.say(words.total[screen.language](passed, rows.length, (ms / 1000).toFixed(1)))
}
