/**
 * Commands inside sandboxes, and console logs: for clients of `exec.sock`, which only the agent's own user may open, and for the
 * server on lines that the agent opened to it. A command ends with its client.
 */
import { spawn, type ChildProcess as AnyChildProcess } from 'node:child_process'
import { chmod, readFile, rm } from 'node:fs/promises'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { constants } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import type { Logger } from 'pino'
import { enterCommand, environment, type EnterSpec } from '../sandbox/command.ts'
import {
  encodeExecFrame,
  frameKind,
  readExecFrames,
  writeBytes,
  writeTo,
  type ExecRequest,
  type Frame,
  type FrameKind,
  type TerminalSize,
} from '../protocol/exec-frames.ts'
import { inTerminal, readSize, resizer, terminalNameFd, ttyOf } from './terminal.ts'

type ChildProcess = AnyChildProcess & {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
}

export interface ExecServer {
  /** Takes a client that did not come by the socket. */
  attach(socket: Socket): void
  close(): void
}

export interface ExecServerOptions {
  readonly path: string
  readonly find: (instance: string) => EnterSpec | undefined
  /** Path of an instance's console log. */
  readonly consoleOf: (instance: string) => string
  readonly log: Logger
}

export async function startExecServer(options: ExecServerOptions): Promise<ExecServer> {
  const { log } = options
  const sockets = new Set<Socket>()
  const attach = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', (error) => log.debug({ err: error }, 'exec client'))
    const frames = readExecFrames(socket)
    serve(options, socket, frames)
      .catch((error: unknown) => {
        log.warn({ err: error }, 'exec')
        return send(socket, frameKind.failure, error instanceof Error ? error.message : String(error))
      })
      .then(() => leave(socket, frames))
      .catch((error: unknown) => log.debug({ err: error }, 'exec client'))
  }
  const server = createServer(attach)
  await rm(options.path, { force: true })
  // Between listening and chmod the socket must not be open to others.
  const umask = process.umask(0o177)
  try {
    server.listen(options.path)
    await once(server, 'listening')
  } finally {
    process.umask(umask)
  }
  await chmod(options.path, 0o600)
  return {
    attach,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

async function serve(
  options: ExecServerOptions,
  socket: Socket,
  frames: AsyncGenerator<Frame>,
): Promise<void> {
  const first = await frames.next()
  if (first.done) return
  const request = parseRequest(first.value)
  switch (request.type) {
    case 'console':
      await sendConsole(socket, options.consoleOf(request.instance))
      break
    case 'exec': {
      const sandbox = options.find(request.instance)
      if (!sandbox) throw new Error(`instance ${request.instance} is not running`)
      await runCommand(socket, frames, sandbox, request)
      break
    }
  }
}

/**
 * Says that nothing more comes, and takes what the client still sends: input that met a closed socket would break
 * the connection on the client's side before it has read the last frame.
 */
async function leave(socket: Socket, frames: AsyncGenerator<Frame>): Promise<void> {
  socket.end()
  while (!(await frames.next()).done);
}

function parseRequest({ kind, payload }: Frame): ExecRequest {
  const request: ExecRequest = JSON.parse(payload.toString())
  const known = request.type === 'console' || request.type === 'exec'
  // The id becomes part of a path.
  if (kind !== frameKind.request || !known || !/^i-[a-z0-9]+$/.test(request.instance)) {
    throw new Error('the first frame must be a request')
  }
  return request
}

async function sendConsole(socket: Socket, path: string): Promise<void> {
  for (const file of [`${path}.1`, path]) {
    const bytes = await readFile(file).catch(() => undefined)
    if (bytes) await writeBytes(socket, frameKind.output, bytes)
  }
  await send(socket, frameKind.exit, '0')
}

async function runCommand(
  socket: Socket,
  frames: AsyncGenerator<Frame>,
  sandbox: EnterSpec,
  { command, terminal }: Extract<ExecRequest, { type: 'exec' }>,
): Promise<void> {
  const inner = terminal ? inTerminal(command, terminal) : command
  const [program = '', ...args] = enterCommand(sandbox, inner)
  // A process group of its own, which the command inherits across its namespaces: it is ended as one.
  const child = spawn(program, args, {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: terminal ? { ...environment, TERM: terminal.name } : environment,
  })
  const kill = () => endGroup(child)
  socket.once('close', kill)
  child.stdin.on('error', () => undefined)
  const exited = once(child, 'exit')
  // A client sends frames as long as it lives.
  const resize = terminal ? resizer(sandbox, ttyOf(child.stdio[terminalNameFd] as Readable)) : undefined
  void feed(frames, child, resize).then(kill, kill)
  await Promise.all([
    pump(child.stdout, socket, frameKind.output),
    pump(child.stderr, socket, frameKind.error),
  ])
  await exited
  socket.off('close', kill)
  await send(socket, frameKind.exit, String(exitCode(child)))
}

function exitCode({ exitCode: code, signalCode: signal }: ChildProcess): number {
  return signal ? 128 + constants.signals[signal] : (code ?? 1)
}

/** Standard input of the command; its end is an empty frame. */
async function feed(
  frames: AsyncGenerator<Frame>,
  child: ChildProcess,
  resize: ((size: TerminalSize) => void) | undefined,
): Promise<void> {
  for await (const { kind, payload } of frames) {
    if (kind === frameKind.resize) resize?.(readSize(payload))
    if (kind !== frameKind.input) continue
    if (payload.length === 0) child.stdin.end()
    else await writeTo(child.stdin, payload)
  }
}

async function pump(source: AsyncIterable<Buffer>, socket: Socket, kind: FrameKind): Promise<void> {
  for await (const chunk of source) await writeBytes(socket, kind, chunk)
}

function send(socket: Socket, kind: FrameKind, payload: string | Uint8Array): Promise<void> {
  return writeTo(socket, encodeExecFrame(kind, payload))
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  process.kill(-child.pid, 'SIGKILL')
}
