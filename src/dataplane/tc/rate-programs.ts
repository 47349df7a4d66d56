import { startBatch, type Exec, type Failure, type StartedBatch } from '../exec.ts'
import { printRateOp, type RateOp } from './rates.ts'

export interface RatesTurn {
  /** The devices that are to be limited are there. */
  readonly ready: Promise<unknown>
  /** How many there are in the namespace. */
  readonly devices: number
}

/**
 * Before its first command `tc` lists all devices of the namespace, once (13 ms of a processor with 1,000): it does so while
 * the devices that it is needed for are being made, and where there are many, after the last change already, in a program that
 * waits for the next one. What is not in its list it asks for by name; but a name that has gone may come back as another device,
 * so the programs that wait are ended when a device or a namespace goes.
 */
export interface RatePrograms {
  readonly change: (netns: string, ops: readonly RateOp[], turn: RatesTurn) => Promise<readonly Failure[]>
  /** Devices or namespaces are about to go. Resolves when no program waits in any namespace. */
  readonly forget: () => Promise<void>
}

const manyDevices = 100
/** Namespaces in which a program waits. */
const mostWaiting = 4
/** The change that ended, and what follows from it, shall not share the processor with what is only for the next one. */
const quietMs = 200

export function createRatePrograms(exec: Exec): RatePrograms {
  const waiting = new Map<string, StartedBatch>()
  const timers = new Map<string, NodeJS.Timeout>()
  const start = (netns: string) => startBatch(exec, ['tc', '-n', netns], 'qdisc show dev lo')

  async function end(netns: string): Promise<void> {
    clearTimeout(timers.get(netns))
    timers.delete(netns)
    const program = waiting.get(netns)
    waiting.delete(netns)
    await program?.([])
  }

  function prepare(netns: string): void {
    clearTimeout(timers.get(netns))
    const timer = setTimeout(() => {
      timers.delete(netns)
      if (waiting.has(netns)) return
      waiting.set(netns, start(netns))
      for (const old of [...waiting.keys()].slice(0, -mostWaiting)) end(old).catch(() => undefined)
    }, quietMs)
    timers.set(netns, timer.unref())
  }

  return {
    async change(netns, ops, { ready, devices }) {
      const program = waiting.get(netns) ?? start(netns)
      waiting.delete(netns)
      const lines = ready.then(() => ops.map(printRateOp))
      const failures = await program(lines)
      if (devices >= manyDevices) prepare(netns)
      return failures
    },
    async forget() {
      // One that failed by itself is gone as well.
      await Promise.allSettled([...timers.keys(), ...waiting.keys()].map(end))
    },
  }
}
