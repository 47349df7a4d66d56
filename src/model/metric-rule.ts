/** When a rule raises an alarm. */
import type { Statistic } from './metrics.ts'

export const comparisons = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanOrEqualToThreshold',
  'LessThanThreshold',
  'NotEqualToThreshold',
] as const

export interface Condition {
  readonly statistic: Statistic
  readonly comparison: (typeof comparisons)[number]
  readonly threshold: number
  /** So many periods in a row. */
  readonly times: number
}

/** The gravest first. */
export const levels = ['Critical', 'Warn', 'Info'] as const
export type Level = (typeof levels)[number]
export type Escalations = Readonly<Partial<Record<Level, Condition>>>

export type AlertState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

export interface Verdict {
  readonly state: AlertState
  /** The gravest level whose condition holds. */
  readonly level: Level | undefined
  /** What was found last. */
  readonly value: number | undefined
}

export type Values = Readonly<Record<Statistic, number>>

/** What the newest periods say, the oldest first; undefined where nothing was measured. */
export function judge(escalations: Escalations, periods: readonly (Values | undefined)[]): Verdict {
  const newest = periods.at(-1)
  const found = levels.flatMap((level) => {
    const condition = escalations[level]
    return condition ? [{ level, condition }] : []
  })
  const raised = found.find(({ condition }) => holds(condition, periods))
  const told = raised ?? found.at(0)
  const value = told && newest?.[told.condition.statistic]
  if (raised) return { state: 'ALARM', level: raised.level, value }
  return { state: newest ? 'OK' : 'INSUFFICIENT_DATA', level: undefined, value }
}

function holds({ times, ...condition }: Condition, periods: readonly (Values | undefined)[]): boolean {
  const last = periods.slice(-times)
  return last.length === times && last.every((values) => values !== undefined && compare(condition, values))
}

function compare(
  { comparison, statistic, threshold }: Omit<Condition, 'times'>,
  { [statistic]: value }: Values,
): boolean {
  switch (comparison) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold
    case 'GreaterThanThreshold':
      return value > threshold
    case 'LessThanOrEqualToThreshold':
      return value <= threshold
    case 'LessThanThreshold':
      return value < threshold
    case 'NotEqualToThreshold':
      return value !== threshold
  }
}

/** As one writes it: `$Average>=90`. */
export function expression({ statistic, comparison, threshold }: Condition): string {
  const sign = {
    GreaterThanOrEqualToThreshold: '>=',
    GreaterThanThreshold: '>',
    LessThanOrEqualToThreshold: '<=',
    LessThanThreshold: '<',
    NotEqualToThreshold: '!=',
  }[comparison]
  return `$${statistic}${sign}${threshold}`
}

export const longestTimes = 60
