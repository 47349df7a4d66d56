/** Why the agent could not carry a request for a command out, in words for the user. */
export class ExecError extends Error {
  override readonly name = 'ExecError'
}
