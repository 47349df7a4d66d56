/** Questions to who sits at the terminal; or answers line by line from what is piped in. */
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

/** A secret is not shown while it is typed. */
export function openTerminal(streams: {
  readonly stdin: NodeJS.ReadStream
  readonly stderr: NodeJS.WriteStream
}) {
  let hidden = false
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!hidden) streams.stderr.write(chunk)
      done()
    },
  })
  const terminal = streams.stdin.isTTY
  const lines = createInterface({ input: streams.stdin, output, terminal })
  const typed = lines[Symbol.asyncIterator]()
  return {
    async ask(question: string, secret: boolean): Promise<string> {
      streams.stderr.write(question)
      hidden = secret
      const line = await typed.next()
      hidden = false
      if (secret && terminal) streams.stderr.write('\n')
      return line.done === true ? '' : line.value.trim()
    },
    [Symbol.dispose]: () => lines.close(),
  }
}
