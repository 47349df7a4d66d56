import { Readable } from 'node:stream'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeExecFrame, frameKind, readExecFrames, type Frame } from './exec-frames.ts'

async function read(chunks: readonly Buffer[]): Promise<Frame[]> {
  const frames: Frame[] = []
  for await (const frame of readExecFrames(Readable.from(chunks))) frames.push(frame)
  return frames
}

test('frames come out as they went in, however the bytes are cut', async () => {
  const kinds = fc.constantFrom(...Object.values(frameKind))
  const cutAt = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(kinds, fc.uint8Array())), cutAt, async (frames, cuts) => {
      const bytes = Buffer.concat(frames.map(([kind, payload]) => encodeExecFrame(kind, payload)))
      const chunks: Buffer[] = []
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const next = at + (cuts[turn % cuts.length] ?? 1)
        chunks.push(bytes.subarray(at, next))
        at = next
      }
      const seen = await read(chunks)
      expect(seen.map(({ kind, payload }) => [kind, new Uint8Array(payload)])).toEqual(frames)
    }),
  )
})

test('a frame that says it is too long is refused before it is kept', async () => {
  await expect(read([Buffer.from([1, 255, 255, 255, 255])])).rejects.toThrow('too long')
})
