/** What a step works with: the accounts' calls, commands in instances, and a place to say what was proved. */
import { setTimeout as delay } from 'node:timers/promises'
import type { ProductName } from '../api/action.ts'
import { type Call, CallError, type ParamValues } from '../cli/client.ts'
import type { Text } from '../cli/language.ts'
import type { Answer } from './answer.ts'
import { holdInside, runInside, type HeldCommand } from '../cli/inside.ts'
import type { CommandOutput } from '../probe/run.ts'
import type { Scenario } from './scenario.ts'

export type Role = 'consumer' | 'provider'

/** Names under which steps leave ids and addresses for later steps. */
export type Note =
  | 'vpc1'
  | 'vpc2'
  | 'vswitch1'
  | 'vswitch2'
  | 'endpointVSwitch'
  | 'clientGroup'
  | 'endpointGroup'
  | 'backendGroup'
  | 'ECS1'
  | 'ECS2'
  | 'ECS3'
  | 'balancer'
  | 'service'
  | 'serviceName'
  | 'endpoint'
  | 'endpointDomain'
  | 'zoneDomain'
  | 'endpointAddress'

export type Machine = 'ECS1' | 'ECS2' | 'ECS3'

export interface Check {
  readonly id: string
  readonly title: Text
  readonly ok: boolean
  readonly detail: string
}

export interface CallRecord {
  readonly account: string
  readonly action: string
  readonly params: ParamValues
  /** The answer, or the code and text of the refusal. */
  readonly outcome: { readonly answer: Answer } | { readonly code: string; readonly message: string }
}

export interface Watcher {
  called(record: CallRecord): void
  checked(check: Check): void
}

export class Stage {
  readonly scenario: Scenario
  readonly #calls: Readonly<Record<Role, Call>>
  readonly #execSocket: string
  readonly #watcher: Watcher
  readonly #notes = new Map<Note, string>()

  constructor(scenario: Scenario, calls: Readonly<Record<Role, Call>>, execSocket: string, watcher: Watcher) {
    this.scenario = scenario
    this.#calls = calls
    this.#execSocket = execSocket
    this.#watcher = watcher
  }

  note(name: Note, value: string): void {
    this.#notes.set(name, value)
  }

  get(name: Note): string {
    const value = this.#notes.get(name)
    if (value === undefined) throw new Error(`no step before this one has noted ${name}`)
    return value
  }

  /** A call that is shown. */
  async call(role: Role, product: ProductName, action: string, params: ParamValues = {}): Promise<Answer> {
    const account = this.scenario[role].account
    try {
      const answer = await this.ask(role, product, action, params)
      this.#watcher.called({ account, action, params, outcome: { answer } })
      return answer
    } catch (error) {
      if (error instanceof CallError) {
        this.#watcher.called({
          account,
          action,
          params,
          outcome: { code: error.code, message: error.message },
        })
      }
      throw error
    }
  }

  /** A look at a state, not shown: steps wait by asking again. */
  ask(role: Role, product: ProductName, action: string, params: ParamValues = {}): Promise<Answer> {
    return this.#calls[role](product, action, params)
  }

  /** The code a call is refused with, or undefined when it is not. */
  async refusal(
    role: Role,
    product: ProductName,
    action: string,
    params: ParamValues,
  ): Promise<string | undefined> {
    try {
      await this.call(role, product, action, params)
      return undefined
    } catch (error) {
      if (error instanceof CallError) return error.code
      throw error
    }
  }

  check(id: string, title: Text, ok: boolean, detail: string): void {
    this.#watcher.checked({ id, title, ok, detail })
  }

  inside(machine: Machine, command: readonly string[]): Promise<CommandOutput> {
    return runInside(this.#execSocket, this.get(machine), command)
  }

  /** A command whose output is read while it runs. */
  hold(machine: Machine, command: readonly string[]): HeldCommand {
    return holdInside(this.#execSocket, this.get(machine), command)
  }
}

/** The first defined result of `look`, which is repeated until the time is over. */
export async function until<T>(
  what: string,
  withinMs: number,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1000} s`)
    await delay(40)
  }
}
