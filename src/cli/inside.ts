/** Commands in instances whose output is wanted as text: all of it at the end, or line by line while they run. */
import { Readable, Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import type { CommandOutput } from '../probe/run.ts'
import { execInInstance } from './exec.ts'

export interface HeldCommand {
  /** The first line that matches. @throws when the command ends without it. */
  line(pattern: RegExp): Promise<string>
}

export async function runInside(
  socket: string,
  instance: string,
  command: readonly string[],
): Promise<CommandOutput> {
  const { ended, stdout, stderr } = startInside(socket, instance, command)
  return { code: await ended, stdout: stdout.text(), stderr: stderr.text() }
}

export function holdInside(socket: string, instance: string, command: readonly string[]): HeldCommand {
  const { ended, stdout, stderr } = startInside(socket, instance, command)
  let code: number | undefined
  const end = ended.then((value) => (code = value))
  return {
    line: async (pattern) => {
      for (;;) {
        const found = stdout
          .text()
          .split('\n')
          .find((line) => pattern.test(line))
        if (found !== undefined) return found
        if (code !== undefined) {
          throw new Error(`the command ended with ${code} before ${String(pattern)}: ${stderr.text().trim()}`)
        }
        await Promise.race([stdout.more(), end])
      }
    },
  }
}

function startInside(socket: string, instance: string, command: readonly string[]) {
  const stdout = collector()
  const stderr = collector()
  const ended = execInInstance({
    socket,
    instance,
    command,
    stdin: Readable.from([]),
    stdout: stdout.stream,
    stderr: stderr.stream,
  })
  return { ended, stdout, stderr }
}

function collector() {
  let text = ''
  let wake: () => void = () => {}
  const decoder = new StringDecoder('utf8')
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += decoder.write(chunk)
      wake()
      done()
    },
  })
  return {
    stream,
    text: () => text,
    more: () => new Promise<void>((resolve) => (wake = resolve)),
  }
}
