/**
 * What the agent and its clients say to each other, binary-safe: a kind (1 byte), a length (4 bytes), that many bytes. Clients
 * are `postern exec`, which connects to `exec.sock`, and the server, to whose `shell.sock` the agent connects when it is
 * asked to: then a ticket comes first. The client asks; input and output then go both ways at once. Whoever is slower
 * holds the other back: nothing is read from a source before the last of it was taken.
 */
import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'

export const frameKind = {
  /** Client: an `ExecRequest` as JSON, first and once. */
  request: 0,
  /** Client: bytes of standard input; an empty one is its end. */
  input: 1,
  /** Agent: bytes of standard output, or of the console log. */
  output: 2,
  /** Agent: bytes of standard error. */
  error: 3,
  /** Agent: the exit code as decimal text, last. */
  exit: 4,
  /** Agent: why the request cannot be carried out, as text, last. */
  failure: 5,
  /** Client: the terminal's new size, a `TerminalSize` as JSON. */
  resize: 6,
  /** Agent, on a line that it opened itself: which request of the server's it is for. */
  ticket: 7,
} as const
export type FrameKind = (typeof frameKind)[keyof typeof frameKind]

export type ExecRequest =
  | {
      readonly type: 'exec'
      readonly instance: string
      readonly command: readonly string[]
      /** Set when the client is a terminal. */
      readonly terminal: Terminal | undefined
    }
  | { readonly type: 'console'; readonly instance: string }

export interface TerminalSize {
  readonly rows: number
  readonly columns: number
}

export interface Terminal extends TerminalSize {
  readonly name: string
}

export interface Frame {
  readonly kind: number
  readonly payload: Buffer
}

/** A line to the agent, on which a request may be sent. */
export interface ExecLine {
  readonly socket: Socket
  readonly frames: AsyncGenerator<Frame, void, undefined>
}

const headBytes = 5
const maxPayloadBytes = 1024 * 1024
const chunkBytes = 64 * 1024

export function encodeExecFrame(kind: FrameKind, payload: string | Uint8Array): Buffer {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload
  const head = Buffer.alloc(headBytes)
  head.writeUInt8(kind)
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

/** Frames as they arrive. Ends with the stream; throws on a frame that is too long. */
export async function* readExecFrames(stream: Readable): AsyncGenerator<Frame, void, undefined> {
  let pending: Buffer = Buffer.alloc(0)
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    while (pending.length >= headBytes) {
      const length = pending.readUInt32BE(1)
      if (length > maxPayloadBytes) throw new Error(`a frame of ${length} bytes is too long`)
      const end = headBytes + length
      if (pending.length < end) break
      yield { kind: pending.readUInt8(0), payload: pending.subarray(headBytes, end) }
      pending = pending.subarray(end)
    }
  }
}

/**
 * Resolves when the stream took the bytes, or can take none any more: the end of a stream is seen elsewhere, and a
 * writer must not wait for it for ever.
 */
export function writeTo(stream: Writable, bytes: Uint8Array): Promise<void> {
  if (stream.destroyed || stream.writableEnded) return Promise.resolve()
  return new Promise((resolve) => {
    stream.write(bytes, () => resolve())
  })
}

/** Sends bytes of any number, each part when the one before was taken. */
export async function writeBytes(stream: Writable, kind: FrameKind, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    await writeTo(stream, encodeExecFrame(kind, bytes.subarray(at, at + chunkBytes)))
  }
}
