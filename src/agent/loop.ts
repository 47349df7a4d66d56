/**
 * Carries out the newest plan, again and again. Start, change, resync and retry are the same call; only the first,
 * the periodic and the repeated ones look at the kernel first (`observed`).
 */
import type { Logger } from 'pino'
import type { HostPlan } from '../plan/host-plan.ts'
import { backoffMs, type Backoff } from './backoff.ts'
import type { Problem } from '../protocol/messages.ts'

export type How = 'cached' | 'observed'

export interface LoopOptions {
  readonly apply: (plan: HostPlan, how: How) => Promise<readonly Problem[]>
  readonly onApplied: (plan: HostPlan, problems: readonly Problem[]) => void
  readonly resyncMs: number
  readonly retry: Backoff
  readonly random: () => number
  readonly log: Logger
}

export interface Loop {
  /** The plan to carry out from now on; one that waits behind a running apply is skipped for a newer one. */
  setPlan(plan: HostPlan): void
  /** The plan is the same, but what follows from it is not (health). */
  wake(): void
  /** Ends after the apply that is under way. */
  close(): Promise<void>
}

export function startLoop(options: LoopOptions): Loop {
  const { log, random } = options
  let wanted: HostPlan | undefined
  let dirty = false
  let closed = false
  let attempts = 0
  /** When the kernel is looked at next: now, at first. */
  let observeAtMs = 0
  let signal = Promise.withResolvers<void>()

  function poke(): void {
    dirty = true
    signal.resolve()
  }

  async function applyOnce(plan: HostPlan): Promise<void> {
    const how: How = performance.now() >= observeAtMs ? 'observed' : 'cached'
    const startMs = performance.now()
    const problems = await options.apply(plan, how).catch((error: unknown): readonly Problem[] => {
      log.error({ err: error }, 'apply failed')
      return [{ id: 'agent', message: error instanceof Error ? error.message : String(error) }]
    })
    const nowMs = performance.now()
    if (problems.length === 0) attempts = 0
    else if (how === 'observed' || attempts === 0) attempts++
    const pauseMs = problems.length === 0 ? options.resyncMs : backoffMs(options.retry, attempts, random)
    const nextMs = nowMs + pauseMs
    observeAtMs = how === 'observed' ? nextMs : Math.min(observeAtMs, nextMs)
    log.info(
      { generation: plan.generation, how, ms: Math.round(nowMs - startMs), problems: problems.length },
      'applied',
    )
    options.onApplied(plan, problems)
  }

  async function run(): Promise<void> {
    for (;;) {
      if (wanted && (dirty || performance.now() >= observeAtMs)) {
        dirty = false
        await applyOnce(wanted)
      }
      if (closed) return
      if (dirty) continue
      signal = Promise.withResolvers()
      const timer =
        wanted && setTimeout(() => signal.resolve(), Math.max(0, observeAtMs - performance.now()) + 1)
      await signal.promise
      clearTimeout(timer)
      if (closed) return
    }
  }

  const running = run()
  return {
    setPlan(plan) {
      wanted = plan
      poke()
    },
    wake: poke,
    async close() {
      closed = true
      signal.resolve()
      await running
    },
  }
}
