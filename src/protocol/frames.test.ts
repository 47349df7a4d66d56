import { Readable } from 'node:stream'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeFrame, FrameError, lineDecoder, readFrames } from './frames.ts'
import { isAgentMessage, isServerMessage } from './messages.ts'

const anything = (frame: object): frame is object => frame instanceof Object

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = []
  let at = 0
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    chunks.push(bytes.subarray(at, at + size))
    at += size
  }
  return chunks
}

test('frames come out as they went in, however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.dictionary(fc.string(), fc.string({ unit: 'grapheme' })), { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }),
      async (messages, sizes) => {
        const bytes = Buffer.from(messages.map(encodeFrame).join(''))
        const seen: unknown[] = []
        for await (const message of readFrames(Readable.from(cut(bytes, sizes)), anything)) seen.push(message)
        expect(seen).toEqual(JSON.parse(JSON.stringify(messages)))
      },
    ),
  )
})

test('a line over the limit is refused, also when its end never comes', () => {
  const decoder = lineDecoder(8)
  expect(decoder.push(Buffer.from('{"a":12}\n'))).toEqual(['{"a":12}'])
  expect(decoder.push(Buffer.from('123456'))).toEqual([])
  expect(() => decoder.push(Buffer.from('789'))).toThrow(FrameError)
  expect(() => lineDecoder(8).push(Buffer.from('123456789\n'))).toThrow(FrameError)
})

test('what is not a JSON object is refused', async () => {
  for (const line of ['nonsense\n', '12\n', 'null\n']) {
    await expect(readFrames(Readable.from([Buffer.from(line)]), anything).next()).rejects.toThrow(FrameError)
  }
})

test('a message of no known kind is refused', async () => {
  const stream = () => Readable.from([Buffer.from(encodeFrame({ type: 'mystery' }))])
  await expect(readFrames(stream(), isServerMessage).next()).rejects.toThrow(FrameError)
  await expect(readFrames(stream(), isAgentMessage).next()).rejects.toThrow(FrameError)
})
