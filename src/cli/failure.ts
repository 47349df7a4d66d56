/** How a command ends: 0 done, 1 a check or a call failed, 2 wrong usage, 3 the machine lacks something. */
export type ExitCode = 0 | 1 | 2 | 3

/** An end that the user can understand: one line that says what, why and what to do. No stack is shown for it. */
export class Failure extends Error {
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Failure'
    this.exitCode = exitCode
  }
}
