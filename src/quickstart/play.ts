/** Plays the steps of a walkthrough one after another, and keeps what happened. */
import { performance } from 'node:perf_hooks'
import type { CallRecord, Check, Stage, Watcher } from './stage.ts'
import type { Step } from './step.ts'

export interface StepResult {
  readonly step: Step
  readonly ok: boolean
  readonly ms: number
  /** Why it could not be done; for steps after it, that it was not reached. */
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
    const record = { step, ok, ms: this.#elapsed(), calls: this.#calls, checks: this.#checks }
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
  let broken = false
  for (const step of steps) {
    recorder.begin()
    let error: string | undefined = broken ? 'not reached' : undefined
    if (!broken) {
      audience.stepStarts(step)
      try {
        await step.run(stage)
      } catch (cause) {
        error = cause instanceof Error ? cause.message : String(cause)
        broken = true
      }
    }
    const result = recorder.result(step, error)
    results.push(result)
    audience.stepEnds(result)
  }
  return results
}
