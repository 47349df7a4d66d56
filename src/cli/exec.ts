/** The client's side of commands in instances and of console logs. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { ExecError } from '../protocol/exec-error.ts'
import {
  encodeExecFrame,
  frameKind,
  readExecFrames,
  writeBytes,
  writeTo,
  type ExecRequest,
  type Terminal,
} from '../protocol/exec-frames.ts'

export interface ExecOptions {
  /** `<state>/agent/exec.sock`. */
  readonly socket: string
  readonly instance: string
  readonly command: readonly string[]
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
  /** Size and kind of the client's terminal, to get one inside; the caller sets its own to raw mode. */
  readonly terminal?: Terminal
}

/**
 * Runs a command in an instance. Gives its exit code, 128 and the signal's number when a signal ended it.
 * @throws ExecError when the agent does not answer or the instance does not run.
 */
export async function execInInstance(options: ExecOptions): Promise<number> {
  const { instance, command, stdin } = options
  const socket = await open(options.socket)
  const request = { type: 'exec', instance, command, terminal: options.terminal } as const
  await writeTo(socket, encodeRequest(request))
  const stop = sendInput(stdin, socket)
  try {
    return await receive(socket, options)
  } finally {
    stop()
    socket.destroy()
  }
}

/** Writes the console log of an instance, the last one or two pieces of it. */
export async function printConsole(socketPath: string, instance: string, stdout: Writable): Promise<void> {
  const socket = await open(socketPath)
  try {
    await writeTo(socket, encodeRequest({ type: 'console', instance }))
    await receive(socket, { stdout, stderr: stdout })
  } finally {
    socket.destroy()
  }
}

function encodeRequest(request: ExecRequest): Uint8Array {
  return encodeExecFrame(frameKind.request, JSON.stringify(request))
}

async function open(path: string): Promise<Socket> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
  } catch (cause) {
    throw new ExecError(`the agent does not answer at ${path}`, { cause })
  }
  // What breaks the connection later ends the frames, and is told there.
  socket.on('error', () => undefined)
  return socket
}

/** Passes input on, held back by the socket. The result ends it. */
function sendInput(stdin: Readable, socket: Socket): () => void {
  let sent: Promise<void> = Promise.resolve()
  const onData = (chunk: Buffer | string) => {
    stdin.pause()
    sent = writeBytes(socket, frameKind.input, Buffer.from(chunk)).then(() => void stdin.resume())
  }
  const onEnd = () => void sent.then(() => writeTo(socket, encodeExecFrame(frameKind.input, '')))
  stdin.on('data', onData)
  stdin.once('end', onEnd)
  if (stdin.readableEnded) onEnd()
  return () => {
    stdin.off('data', onData)
    stdin.off('end', onEnd)
    stdin.pause()
  }
}

async function receive(
  socket: Socket,
  { stdout, stderr }: Pick<ExecOptions, 'stdout' | 'stderr'>,
): Promise<number> {
  for await (const { kind, payload } of readExecFrames(socket)) {
    switch (kind) {
      case frameKind.output:
        await writeTo(stdout, payload)
        break
      case frameKind.error:
        await writeTo(stderr, payload)
        break
      case frameKind.exit:
        return Number(payload.toString())
      case frameKind.failure:
        throw new ExecError(payload.toString())
      default:
        throw new ExecError(`the agent sent a frame of unknown kind ${kind}`)
    }
  }
  throw new ExecError('the agent closed the connection')
}
