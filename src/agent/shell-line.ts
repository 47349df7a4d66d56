/**
 * A line from the agent to the server, for a command that the server was asked for. The server cannot come here: `exec.sock` is for
 * the agent's own user. So it is the agent that connects, to a file that only the server's user can have made.
 */
import { connect, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import type { Logger } from 'pino'
import { encodeExecFrame, frameKind } from '../protocol/exec-frames.ts'

/** Where the server listens for these lines: beside its other socket, whatever a message says. */
export function shellSocket(serverSocket: string): string {
  return join(dirname(serverSocket), 'shell.sock')
}

/** Undefined when the ticket is none: what is written to a socket as root is not for others to choose. */
export function openShellLine(path: string, ticket: string, log: Logger): Socket | undefined {
  if (!/^[0-9a-f]{32}$/.test(ticket)) {
    log.warn('a shell was asked for without a proper ticket')
    return undefined
  }
  const socket = connect(path)
  socket.on('error', (error) => log.warn({ err: error }, 'no line for a shell'))
  socket.write(encodeExecFrame(frameKind.ticket, ticket))
  return socket
}
