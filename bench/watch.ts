/** A client that asks all the time, in a namespace, and what it has seen. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { until } from '../test/fixtures/deployment.ts'

const clientView = fileURLToPath(new URL('client-view.ts', import.meta.url))

/** So many in a row, 10 ms one from the next: longer than one that hangs is waited for. */
const calmAfter = 150

export interface Sighting {
  /** Of the monotonic clock, which is the same in all processes. */
  readonly begunMs: number
  readonly endedMs: number
  /** Who answered, or an error's code. */
  readonly outcome: string
}

export interface Watch extends AsyncDisposable {
  /** What is asked from now on. */
  begin(): Period
}

export interface Period {
  /** Milliseconds from its beginning to when the last bad one was begun, once there have been none for a while; and how many were bad. */
  calm(isGood: (outcome: string) => boolean): Promise<{ readonly ms: number; readonly bad: number }>
  /** Milliseconds from its beginning until the first such outcome came. */
  first(isWanted: (outcome: string) => boolean): Promise<number>
}

export type Watched =
  | { readonly kind: 'service'; readonly address: string; readonly port: number }
  | { readonly kind: 'name'; readonly name: string }

export async function watch(netns: string, watched: Watched): Promise<Watch> {
  const what =
    watched.kind === 'name' ? ['name', watched.name] : ['service', watched.address, `${watched.port}`]
  const child = spawn('ip', ['netns', 'exec', netns, process.execPath, clientView, ...what], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  let current: Sighting[] = []
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    const [begun, end, outcome = ''] = line.split(' ')
    current.push({ begunMs: Number(begun), endedMs: Number(end), outcome })
  })
  await once(lines, 'line')
  return {
    begin() {
      const own: Sighting[] = []
      current = own
      return period(own, nowMs(), what.join(' '))
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function period(own: readonly Sighting[], startMs: number, what: string): Period {
  const begunIn = () => own.filter(({ begunMs }) => begunMs >= startMs)
  return {
    calm: (isGood) =>
      until(`${what} to be well again`, async () => {
        const bad = begunIn().filter(({ outcome }) => !isGood(outcome))
        const lastMs = Math.max(startMs, ...bad.map(({ begunMs }) => begunMs))
        const since = own.filter(({ begunMs }) => begunMs > lastMs)
        return since.length >= calmAfter ? { ms: lastMs - startMs, bad: bad.length } : undefined
      }),
    first: (isWanted) =>
      until(`${what} to answer`, async () => {
        const found = begunIn().find(({ outcome }) => isWanted(outcome))
        return found && found.endedMs - startMs
      }),
  }
}

function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
