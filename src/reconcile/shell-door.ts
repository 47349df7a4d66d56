/** Where the agent comes in with a line for a command that the server asked it for. */
import { randomBytes } from 'node:crypto'
import { chmodSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { Logger } from 'pino'
import { frameKind, readExecFrames, type ExecLine } from '../protocol/exec-frames.ts'

export interface ShellDoor {
  /** Asks for a line; undefined when it does not come in time. */
  readonly ask: (send: (ticket: string) => void) => Promise<ExecLine | undefined>
  readonly close: () => Promise<void>
}

const comesWithinMs = 5000

export async function openShellDoor(socketFile: string, log: Logger): Promise<ShellDoor> {
  const sockets = new Set<Socket>()
  const expected = new Map<string, (line: ExecLine | undefined) => void>()

  async function greet(socket: Socket): Promise<void> {
    const frames = readExecFrames(socket)
    const first = await frames.next()
    const ticket = first.done || first.value.kind !== frameKind.ticket ? '' : first.value.payload.toString()
    const take = expected.get(ticket)
    if (take) take({ socket, frames })
    else socket.destroy()
  }

  rmSync(socketFile, { force: true })
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', (error) => log.debug({ err: error }, 'the line of a shell broke'))
    greet(socket).catch(() => socket.destroy())
  })
  // The directory is closed to others as well.
  server.listen(socketFile)
  await once(server, 'listening')
  chmodSync(socketFile, 0o600)

  return {
    ask: (send) =>
      new Promise((resolve) => {
        const ticket = randomBytes(16).toString('hex')
        const settle = (line: ExecLine | undefined) => {
          clearTimeout(timer)
          expected.delete(ticket)
          resolve(line)
        }
        const timer = setTimeout(() => settle(undefined), comesWithinMs)
        expected.set(ticket, settle)
        send(ticket)
      }),
    async close() {
      for (const settle of expected.values()) settle(undefined)
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
