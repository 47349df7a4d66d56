/** A command in an instance, whichever way leads there: the operator's socket, or a line that the agent opened to the server. */
export interface CommandOutput {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** @throws ExecError when the instance does not run. */
export type Run = (instance: string, command: readonly string[]) => Promise<CommandOutput>
