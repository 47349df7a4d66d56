/** What the tests with real namespaces share: a deployment of their own, its data plane, and workloads in it. */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Dataplane } from '../../src/dataplane/dataplane.ts'
import type { Exec } from '../../src/dataplane/exec.ts'
import { execProgram, output } from '../../src/dataplane/exec.ts'
import { createLinuxDataplane } from '../../src/dataplane/linux.ts'
import { newId } from '../../src/model/ids.ts'
import { netnsName } from '../../src/plan/kernel-names.ts'
import type { Order, Outcome } from './dataplane-workload.ts'

const script = fileURLToPath(new URL('dataplane-workload.ts', import.meta.url))

interface CallOptions {
  readonly protocol?: 'tcp' | 'udp'
  readonly from?: string
  readonly fromPort?: number
  readonly timeoutMs?: number
}

export class Workload {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (outcome: Outcome) => void>()
  #next = 0

  constructor(netns: string, name: string) {
    this.#child = spawn('ip', ['netns', 'exec', netns, process.execPath, script, name], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    if (!this.#child.stdout) throw new Error('no output')
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const { id, ...outcome } = JSON.parse(line) as Outcome & { id: number }
      this.#waiting.get(id)?.(outcome)
    })
  }

  order(order: Order): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    const id = this.#next++
    this.#waiting.set(id, resolve)
    this.#child.stdin?.write(`${JSON.stringify({ id, order })}\n`)
    return promise
  }

  serve(port: number, protocol: 'tcp' | 'udp' = 'tcp'): Promise<Outcome> {
    return this.order({ do: 'serve', protocol, port })
  }

  /** The text that came back, or the error: `ECONNREFUSED`, `timeout`, … Waits as long as a busy machine needs. */
  async call(host: string, port: number, options: CallOptions = {}): Promise<string> {
    const outcome = await this.order({ do: 'call', protocol: 'tcp', host, port, timeoutMs: 3000, ...options })
    return 'text' in outcome ? outcome.text : outcome.error
  }

  /** A call that gives up soon, where silence is expected or is asked about again and again. */
  knock(host: string, port: number, options: CallOptions = {}): Promise<string> {
    return this.call(host, port, { timeoutMs: 400, ...options })
  }

  async datagrams(): Promise<number> {
    const outcome = await this.order({ do: 'count' })
    return 'text' in outcome ? Number(outcome.text) : NaN
  }

  async open(host: string, port: number): Promise<() => Promise<Outcome>> {
    const outcome = await this.order({ do: 'open', host, port })
    if (!('text' in outcome)) throw new Error(`cannot open ${host}:${port}: ${outcome.error}`)
    return () => this.order({ do: 'say', handle: Number(outcome.text) })
  }

  async end(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#child.on('exit', () => resolve())
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) resolve()
    this.#child.kill('SIGKILL')
    await promise
  }
}

export class World {
  readonly deployment = newId('t', randomBytes).slice(2, 6)
  /** Commands that were run and could change something, since the last `changes()`. */
  #changes: string[] = []
  readonly #workloads: Workload[] = []

  /** A data plane without memory: what a restarted agent has. */
  dataplane(): Dataplane {
    const exec: Exec = async (command, stdin, more) => {
      const result = await execProgram(command, stdin, more)
      if (!reads(command)) this.#changes.push(`${command.join(' ')}\n${stdin ?? ''}${(await more) ?? ''}`)
      return result
    }
    return createLinuxDataplane({ deployment: this.deployment, exec })
  }

  changes(): readonly string[] {
    const changes = this.#changes
    this.#changes = []
    return changes
  }

  netns(id: string): string {
    return netnsName(this.deployment, id)
  }

  workload(id: string): Workload {
    const workload = new Workload(this.netns(id), id)
    this.#workloads.push(workload)
    return workload
  }

  async end(): Promise<void> {
    await Promise.all(this.#workloads.map((workload) => workload.end()))
    await this.dataplane().removeAll()
  }
}

/** Whether the data plane's command only looks. */
export function reads(command: readonly string[]): boolean {
  return ['-j', 'list', '-n', '-L'].some((word) => command.includes(word)) && !command.includes('-force')
}

/** Everything on the host that the data plane could have touched, but for the namespaces of other deployments. */
export async function hostState(deployment: string): Promise<string> {
  const run = (...command: string[]) => output(execProgram, command)
  const netns = (await run('ip', 'netns')).split('\n').filter((line) => line.includes(deployment))
  const links = await run('ip', '-o', 'link')
  const routes = await run('ip', 'route', 'show', 'table', 'all')
  const rules = await run('nft', 'list', 'ruleset')
  return [...netns, links, routes, rules].join('\n')
}
