/**
 * What was counted between two readings. A counter is a number that grows until what it counts is made anew: then it begins
 * at zero. Whether it was is said by its `origin`, or, where nothing says it, by its having become smaller.
 */
import { measures, type Measure, type Measures } from '../model/metric-points.ts'

export interface Reading {
  /** Readings of another origin have nothing to do with this one. */
  readonly origin: string
  readonly counters: Partial<Measures>
}

/** Never negative, and never more than was counted in all. */
export function counted(before: Reading | undefined, now: Reading): Partial<Measures> {
  const same = before?.origin === now.origin ? before.counters : {}
  return Object.fromEntries(
    measures.flatMap((name): [Measure, number][] => {
      const value = now.counters[name]
      if (value === undefined) return []
      const old = same[name] ?? 0
      return [[name, value >= old ? value - old : value]]
    }),
  )
}

/** An amount over so many minutes, in whole numbers that add up to it. */
export function spread(amount: number, minutes: number): readonly number[] {
  return Array.from(
    { length: minutes },
    (_, place) => Math.floor((amount * (place + 1)) / minutes) - Math.floor((amount * place) / minutes),
  )
}
