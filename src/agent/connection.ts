/** The agent's end of the server's socket: connects, says hello, connects again. A dead server stops nothing. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { backoffMs, type Backoff } from './backoff.ts'
import { encodeFrame, readFrames } from '../protocol/frames.ts'
import { isServerMessage } from '../protocol/messages.ts'
import type { AgentMessage, ServerMessage } from '../protocol/messages.ts'

export interface ConnectionOptions {
  readonly path: string
  readonly hello: () => AgentMessage
  /** Called after the hello of a new connection was sent. */
  readonly onConnected: () => void
  readonly onMessage: (message: ServerMessage) => void
  readonly retry: Backoff
  readonly random: () => number
  readonly log: Logger
}

export interface Connection {
  /** Sends, or drops the message while there is no connection: the next hello makes up for it. */
  send(message: AgentMessage): void
  connected(): boolean
  close(): void
}

/** A server that reads nothing while this much waits is gone for us. */
const maxWaitingBytes = 16 * 1024 * 1024

export function openConnection(options: ConnectionOptions): Connection {
  const { log } = options
  const abort = new AbortController()
  let current: Socket | undefined

  async function session(onWelcome: () => void): Promise<void> {
    const socket = connect(options.path)
    const stop = () => socket.destroy()
    abort.signal.addEventListener('abort', stop)
    try {
      await once(socket, 'connect')
      current = socket
      socket.write(encodeFrame(options.hello()))
      log.info('connected to the server')
      options.onConnected()
      for await (const message of readFrames(socket, isServerMessage)) {
        onWelcome()
        options.onMessage(message)
      }
    } finally {
      current = undefined
      abort.signal.removeEventListener('abort', stop)
      socket.destroy()
    }
  }

  async function run(): Promise<void> {
    let attempts = 0
    while (!abort.signal.aborted) {
      const reason = await session(() => {
        attempts = 0
      }).then(
        () => 'the server closed the connection',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      )
      if (abort.signal.aborted) return
      // Said once per outage, not once per attempt.
      if (attempts === 0) log.warn({ reason }, 'not connected to the server')
      attempts++
      const pauseMs = backoffMs(options.retry, attempts, options.random)
      await delay(pauseMs, undefined, { signal: abort.signal }).catch(() => undefined)
    }
  }

  void run()
  return {
    connected: () => current !== undefined,
    send(message) {
      if (!current) return
      current.write(encodeFrame(message))
      if (current.writableLength > maxWaitingBytes) current.destroy(new Error('the server does not read'))
    },
    close: () => abort.abort(),
  }
}
