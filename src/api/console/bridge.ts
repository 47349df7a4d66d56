/**
 * Between a WebSocket and a line of the agent. Binary messages are bytes of the terminal, `{"resize": {"cols", "rows"}}` is its new
 * size, `{"exit": code}` the end. Whoever is slower holds the other back.
 */
import type { WebSocket } from 'ws'
import { z } from 'zod'
import {
  encodeExecFrame,
  frameKind,
  writeBytes,
  writeTo,
  type ExecLine,
  type ExecRequest,
} from '../../protocol/exec-frames.ts'

export interface Bridged {
  readonly client: WebSocket
  readonly line: ExecLine
  readonly instance: string
  /** Somebody is there. */
  readonly touch: () => Promise<unknown>
}

const command = ['sh', '-c', 'command -v bash >/dev/null && exec bash; exec sh']
const firstSize = { rows: 24, columns: 80 }
const touchEveryMs = 60_000
const pingEveryMs = 30_000
const trouble = 1011
const wrongMessage = 1008

const side = z.int().min(1).max(1000)
const message = z.strictObject({ resize: z.strictObject({ cols: side, rows: side }) })

export function bridge({ client, line, instance, touch }: Bridged): void {
  const { socket } = line
  let touchedMs = Date.now()
  let alive = true
  let sent = Promise.resolve()

  /** In order; what is not taken yet holds the browser back. */
  const pass = (write: () => Promise<void>) => {
    client.pause()
    sent = sent.then(write).then(() => {
      if (client.isPaused) client.resume()
    })
  }
  const request: ExecRequest = {
    type: 'exec',
    instance,
    command,
    terminal: { name: 'xterm-256color', ...firstSize },
  }
  pass(() => writeTo(socket, encodeExecFrame(frameKind.request, JSON.stringify(request))))

  client.on('message', (data: Buffer, isBinary) => {
    if (Date.now() - touchedMs > touchEveryMs) {
      touchedMs = Date.now()
      void touch()
    }
    if (isBinary) return pass(() => writeBytes(socket, frameKind.input, data))
    const size = readSize(data.toString())
    if (!size) return client.close(wrongMessage, 'not a message of this protocol')
    pass(() => writeTo(socket, encodeExecFrame(frameKind.resize, JSON.stringify(size))))
  })
  client.on('pong', () => (alive = true))
  const ping = setInterval(() => {
    if (!alive) return client.terminate()
    alive = false
    client.ping()
  }, pingEveryMs)
  // The agent ends the command with its client.
  client.on('close', () => {
    clearInterval(ping)
    socket.destroy()
  })
  client.on('error', () => client.terminate())

  show(client, line).catch(() => client.close(trouble, 'the line to the instance broke'))
}

async function show(client: WebSocket, { frames }: ExecLine): Promise<void> {
  for await (const { kind, payload } of frames) {
    switch (kind) {
      case frameKind.output:
      case frameKind.error:
        await send(client, payload, true)
        break
      case frameKind.exit:
        await send(client, JSON.stringify({ exit: Number(payload.toString()) }), false)
        return client.close(1000)
      case frameKind.failure:
        return client.close(trouble, clip(payload.toString()))
      default:
        return client.close(trouble, 'the agent said what is not understood')
    }
  }
  client.close(trouble, 'the agent closed the line')
}

/** Resolves when the browser took it, or is gone. */
function send(client: WebSocket, data: Buffer | string, binary: boolean): Promise<void> {
  return new Promise((resolve) => {
    client.send(data, { binary }, () => resolve())
  })
}

function readSize(text: string): { readonly rows: number; readonly columns: number } | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const parsed = message.safeParse(value)
  return parsed.success ? { rows: parsed.data.resize.rows, columns: parsed.data.resize.cols } : undefined
}

/** The reason of a close has 123 bytes at most. */
function clip(reason: string): string {
  return Buffer.byteLength(reason) <= 123
    ? reason
    : Buffer.from(reason)
        .subarray(0, 120)
        .toString()
        .replace(/\uFFFD?$/, '…')
}
