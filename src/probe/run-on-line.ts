/** Commands in instances for the server, which the agent opens a line for. What comes back is a tenant's: it has a size and an end. */
import { ExecError } from '../protocol/exec-error.ts'
import {
  encodeExecFrame,
  frameKind,
  writeTo,
  type ExecLine,
  type ExecRequest,
} from '../protocol/exec-frames.ts'
import type { CommandOutput, Run } from './run.ts'

const mostBytes = 256 * 1024

export interface LineOptions {
  readonly openLine: () => Promise<ExecLine | undefined>
  readonly seconds: number
}

export function runOnLine({ openLine, seconds }: LineOptions): Run {
  return async (instance, command) => {
    const line = await openLine()
    if (!line) throw new ExecError('the agent opened no line')
    const { socket } = line
    let late = false
    const timer = setTimeout(() => {
      late = true
      // The agent ends the command with its client.
      socket.destroy()
    }, seconds * 1000)
    try {
      const request: ExecRequest = { type: 'exec', instance, command, terminal: undefined }
      await writeTo(socket, encodeExecFrame(frameKind.request, JSON.stringify(request)))
      await writeTo(socket, encodeExecFrame(frameKind.input, ''))
      return await collect(line)
    } catch (error) {
      if (error instanceof ExecError) throw error
      throw new ExecError(late ? `no end within ${seconds} s` : 'the line broke', { cause: error })
    } finally {
      clearTimeout(timer)
      socket.destroy()
    }
  }
}

async function collect({ frames }: ExecLine): Promise<CommandOutput> {
  const out: Buffer[] = []
  const err: Buffer[] = []
  let bytes = 0
  for await (const { kind, payload } of frames) {
    bytes += payload.length
    if (bytes > mostBytes) throw new ExecError('the command prints too much')
    switch (kind) {
      case frameKind.output:
        out.push(payload)
        break
      case frameKind.error:
        err.push(payload)
        break
      case frameKind.exit:
        return {
          code: Number(payload.toString()),
          stdout: Buffer.concat(out).toString(),
          stderr: Buffer.concat(err).toString(),
        }
      default:
        throw new ExecError(payload.toString())
    }
  }
  throw new ExecError('the agent closed the line')
}
