/**
 * One JSON object a line, in both directions. The decoder takes bytes as they come and gives whole lines; a line
 * longer than the limit is an error of the peer, and the connection has to be closed.
 */
import type { Readable } from 'node:stream'

/** A plan of 10,000 endpoints has about 15 MB. */
export const maxLineBytes = 64 * 1024 * 1024

export class FrameError extends Error {
  override readonly name = 'FrameError'
}

export interface LineDecoder {
  /** Lines that are complete after this chunk, without their line feed; empty lines are left out. */
  push(chunk: Uint8Array): string[]
}

export function lineDecoder(maxBytes = maxLineBytes): LineDecoder {
  let parts: Uint8Array[] = []
  let length = 0

  function add(part: Uint8Array): void {
    length += part.length
    if (length > maxBytes) throw new FrameError(`a line has more than ${maxBytes} bytes`)
    if (part.length > 0) parts.push(part)
  }

  return {
    push(chunk) {
      const lines: string[] = []
      let start = 0
      for (;;) {
        const end = chunk.indexOf(0x0a, start)
        if (end < 0) break
        add(chunk.subarray(start, end))
        if (length > 0) lines.push(Buffer.concat(parts, length).toString('utf8'))
        parts = []
        length = 0
        start = end + 1
      }
      add(chunk.subarray(start))
      return lines
    },
  }
}

/**
 * The messages a stream carries, in order. Ends with the stream; throws on a line that is too long, not JSON, or
 * not accepted. The peer is our own program: `accepts` looks at a message's kind and trusts the rest.
 */
export async function* readFrames<Message extends object>(
  stream: Readable,
  accepts: (frame: object) => frame is Message,
  maxBytes = maxLineBytes,
): AsyncGenerator<Message, void, undefined> {
  const decoder = lineDecoder(maxBytes)
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    for (const line of decoder.push(chunk)) {
      const frame = parseFrame(line)
      if (!accepts(frame)) throw new FrameError('a line is not a message of this protocol')
      yield frame
    }
  }
}

export function encodeFrame(message: object): string {
  return `${JSON.stringify(message)}\n`
}

function parseFrame(line: string): object {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (cause) {
    throw new FrameError('a line is not JSON', { cause })
  }
  if (typeof value !== 'object' || value === null) throw new FrameError('a line is not a JSON object')
  return value
}
