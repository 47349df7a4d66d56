/** Plays the steps of a walkthrough one after another, and keeps what happened. */
import { performance } from 'node:perf_hooks'
import type { CallRecord, Check, Stage, Watcher } from './stage.ts'
import type { Step } from './step.ts'

export interface StepResult {
  readonly step: Step
  readonly ok: boolean
  readonly ms: number
  /** False after a step that could not be done. */
  readonly reached: boolean
  /** Why it could not be done. */
  readonly error?: string
  readonly calls: readonly CallRecord[]
  readonly checks: readonly (Check & { readonly ms: number })[]
}

export interface Audience {
  stepStarts(step: Step): void
  stepEnds(result: StepResult): void
}

/** Collects calls and checks of the step that is on. */
export class Recorder implements Watcher {
  #started = performance.now()
  #calls: CallRecord[] = []
  #checks: (Check & { ms: number })[] = []

  begin(): void {
    this.#started = performance.now()
    this.#calls = []
    this.#checks = []
  }

  called(record: CallRecord): void {
    this.#calls.push(record)
  }

  checked(check: Check): void {
    this.#checks.push({ ...check, ms: this.#elapsed() })
  }

  result(step: Step, error: string | undefined): StepResult {
    const ok = error === undefined && this.#checks.every((check) => check.ok)
    const record = { step, ok, reached: true, ms: this.#elapsed(), calls: this.#calls, checks: this.#checks }
    return error === undefined ? record : { ...record, error }
  }

  #elapsed(): number {
    return Math.round(performance.now() - this.#started)
  }
}

/** A step that cannot be done ends the walkthrough, for the next ones build on it; a check that fails does not. */
export async function play(
  steps: readonly Step[],
  stage: Stage,
  recorder: Recorder,
  audience: Audience,
): Promise<StepResult[]> {
  const results: StepResult[] = []
  for (const step of steps) {
    if (results.some(({ error }) => error !== undefined)) {
      results.push({ step, ok: false, reached: false, ms: 0, calls: [], checks: [] })
      continue
    }
    recorder.begin()
    audience.stepStarts(step)
    const result = recorder.result(step, await failureOf(step.run(stage)))
    results.push(result)
    audience.stepEnds(result)
  }
  return results
}

async function failureOf(work: Promise<void>): Promise<string | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
