/**
 * Probes: a TCP connect from the VPC's service leg, closed with RST as soon as it is answered, so that neither
 * side keeps anything. One timer serves all targets; the first probe of each is spread over its interval, so a
 * thousand targets do not fire at once.
 */
import { connect } from 'node:net'
import type { HealthReport } from '../protocol/messages.ts'
import { initialState, nextState, type CheckerState, type HealthStatus } from './checker.ts'
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
    const success = await tryConnect(target, abort.signal)
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

/** Whether the connection was answered in time. Never throws: every failure is an answer. */
export async function tryConnect(
  target: Pick<Target, 'address' | 'port' | 'localAddress' | 'timeoutMs'>,
  signal?: AbortSignal,
): Promise<boolean> {
  const { address, port, localAddress, timeoutMs } = target
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ host: address, port, localAddress })
  const timer = setTimeout(() => resolve(false), timeoutMs)
  const stop = () => resolve(false)
  signal?.addEventListener('abort', stop)
  socket.once('connect', () => resolve(true))
  socket.on('error', () => resolve(false))
  const answered = await promise
  clearTimeout(timer)
  signal?.removeEventListener('abort', stop)
  if (answered) socket.resetAndDestroy()
  else socket.destroy()
  return answered
}
