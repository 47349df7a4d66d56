/**
 * When backends are probed. One timer serves all targets; the first probe of each is spread over its interval, so a
 * thousand targets do not fire at once.
 */
import type { HealthReport } from '../protocol/messages.ts'
import { initialState, nextState, type CheckerState, type HealthStatus } from './checker.ts'
import { runProbe } from './probes.ts'
import type { Target } from './targets.ts'

export interface Prober {
  /** Replaces the targets; the ones that stay keep their state. */
  setTargets(targets: readonly Target[]): void
  close(): void
}

export interface ProberOptions {
  readonly onChange: (report: HealthReport) => void
  /** What was known of a backend before this process: it stays in or out until results speak against it. */
  readonly lastKnown: (key: string) => HealthStatus
  readonly random: () => number
}

interface Probe {
  target: Target
  state: CheckerState
  nextAtMs: number
}

/** How closely the times of probes are kept. */
const tickMs = 100

export function createProber(options: ProberOptions): Prober {
  let probes = new Map<string, Probe>()
  const abort = new AbortController()

  function report(probe: Probe): void {
    options.onChange({ ...probe.target.report, status: probe.state.status })
  }

  async function run(probe: Probe): Promise<void> {
    const { target } = probe
    const success = await runProbe(target, abort.signal)
    if (probes.get(target.key) !== probe || probe.target !== target) return
    const before = probe.state.status
    probe.state = nextState(probe.state, success, target)
    if (probe.state.status !== before) report(probe)
  }

  const timer = setInterval(() => {
    const now = performance.now()
    for (const probe of probes.values()) {
      if (probe.nextAtMs > now) continue
      probe.nextAtMs = now + probe.target.intervalMs
      void run(probe)
    }
  }, tickMs)

  return {
    setTargets(targets) {
      const now = performance.now()
      const next = new Map<string, Probe>()
      for (const target of targets) {
        const old = probes.get(target.key)
        if (old) {
          if (!sameTarget(old.target, target)) old.target = target
          next.set(target.key, old)
          continue
        }
        const state = initialState(options.lastKnown(target.key))
        const probe = { target, state, nextAtMs: now + options.random() * target.intervalMs }
        next.set(target.key, probe)
        report(probe)
      }
      probes = next
    },
    close() {
      clearInterval(timer)
      probes = new Map()
      abort.abort()
    },
  }
}

function sameTarget(a: Target, b: Target): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
