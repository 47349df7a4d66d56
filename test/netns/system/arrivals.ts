/** When data arrives in an instance's network, as its kernel notes it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { until } from '../../fixtures/deployment.ts'
import { arrivalsCommand } from './programs.ts'

export class Arrivals implements Disposable {
  readonly #child: ChildProcess
  readonly #seconds: number[] = []
  #ready = false

  constructor(netns: string) {
    this.#child = spawn('ip', ['netns', 'exec', netns, ...arrivalsCommand()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    if (!this.#child.stdout) throw new Error('no output')
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      if (line === 'ready') this.#ready = true
      else this.#seconds.push(Number(line))
    })
  }

  static async start(netns: string): Promise<Arrivals> {
    const arrivals = new Arrivals(netns)
    await until(`a listener in ${netns}`, async () => arrivals.#ready || undefined)
    return arrivals
  }

  /** Waits for so many. */
  async count(segments: number): Promise<void> {
    await until(`${segments} segments`, async () => this.#seconds.length >= segments || undefined)
  }

  /** Of the last segment so far, in milliseconds since 1970. */
  lastMs(): number {
    return (this.#seconds.at(-1) ?? NaN) * 1000
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }
}
