import type { Reason } from '../../explain/judgement.ts'

/** The words of `explain` and `proof`. */
export interface ExplainMessages {
  asked(client: string, target: string, port: number, protocol: string): string
  reason(reason: Reason): string
  /** For a reason that stops: what helps. */
  whatToDo(reason: Reason): string
  judged(passes: boolean): string
  probed(outcome: string): string
  /** Of an HTTP request. */
  answered(status: number): string
  readonly differs: string
  badPlace(text: string): string

  tooMany(count: number, limit: number): string
  badPorts(text: string): string
  proofStarts(clients: number, addresses: number, ports: readonly string[], probes: number): string
  proofProgress(done: number, all: number): string
  readonly differenceColumns: readonly string[]
  proofEnds(probes: number, open: number, differences: number, untried: number): string
  saved(file: string, digest: string): string
  noProof(file: string): string
  proofIsWhole(file: string, digest: string): string
  proofWasChanged(file: string, digest: string): string
}
