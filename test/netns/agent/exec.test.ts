import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { PassThrough, Readable, Writable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startExecServer, type ExecServer } from '../../../src/agent/exec-server.ts'
import { execInInstance, printConsole } from '../../../src/cli/exec.ts'
import { ExecError } from '../../../src/protocol/exec-error.ts'
import { instanceFiles } from '../../../src/sandbox/directory.ts'
import type { Sandboxes } from '../../../src/sandbox/sandboxes.ts'
import { eventually, instancePlan, openBench, openSandboxes, silent, type Bench } from './bench.ts'

let bench: Bench
let sandboxes: Sandboxes
let server: ExecServer
let socket: string

beforeAll(async () => {
  bench = await openBench()
  sandboxes = await openSandboxes(bench)
  const netns = await bench.addNetns('i-test')
  const script = '#!/bin/sh\necho hello from the console\n'
  expect(await sandboxes.startWanted([instancePlan(netns, script)])).toEqual([])
  socket = join(bench.directory, 'exec.sock')
  const files = instanceFiles(bench.directory)
  server = await startExecServer({
    path: socket,
    find: (instance) => sandboxes.find(instance),
    consoleOf: (instance) => files.consoleOf(instance),
    log: silent,
  })
})

afterAll(async () => {
  server.close()
  await sandboxes.stopAll()
  sandboxes.close()
  await bench.close()
})

class Sink extends Writable {
  readonly chunks: Buffer[] = []
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.chunks.push(chunk)
    done()
  }
  bytes(): Buffer {
    return Buffer.concat(this.chunks)
  }
  text(): string {
    return this.bytes().toString()
  }
}

// A stream without data ends at once, so a command that reads sees the end.
async function run(command: readonly string[], stdin: Readable = Readable.from([])) {
  const stdout = new Sink()
  const stderr = new Sink()
  const code = await execInInstance({ socket, instance: 'i-test', command, stdin, stdout, stderr })
  return { code, stdout, stderr }
}

test('a command runs as the sandbox user, inside, without rights', async () => {
  const script = `id -u; hostname; pwd; env | sort; grep -E '^(CapPrm|CapEff|CapAmb|NoNewPrivs|Groups)' /proc/self/status
    ls / /home; cat /proc/1/comm; prlimit --nproc --output SOFT,HARD --noheadings; kill -9 1; : >/usr/x`
  const { code, stdout, stderr } = await run(['sh', '-c', script])
  expect(stdout.text()).toMatch(/^1000\necs1\n\/home\/ecs-user\n/)
  expect(stdout.text()).toMatch(/^CapPrm:\s0{16}\nCapEff:\s0{16}\nCapAmb:\s0{16}\nNoNewPrivs:\s1$/m)
  expect(stdout.text()).toMatch(/^Groups:\s*$/m)
  expect(stdout.text()).toMatch(/^\s*40\s+40$/m)
  expect(stdout.text()).not.toMatch(/^(root|work)$/m)
  expect(stdout.text()).not.toMatch(/AWS|VITEST/)
  expect(stderr.text()).toContain('Read-only file system')
  expect(code).toBe(2)
  expect((await run(['true'])).code).toBe(0)
})

test('bytes pass unchanged both ways, also many of them', async () => {
  const bytes = randomBytes(3_000_000)
  const { code, stdout } = await run(['cat'], Readable.from([bytes.subarray(0, 1), bytes.subarray(1)]))
  expect(code).toBe(0)
  expect(stdout.bytes().equals(bytes)).toBe(true)
})

test('output and errors stay apart, the exit code comes back', async () => {
  const { code, stdout, stderr } = await run(['sh', '-c', 'echo out; echo err >&2; exit 7'])
  expect([code, stdout.text(), stderr.text()]).toEqual([7, 'out\n', 'err\n'])
  expect((await run(['sh', '-c', 'kill -TERM $$'])).code).toBe(128 + 15)
  const missing = await run(['no-such-program'])
  expect(missing.code).toBe(127)
  expect(missing.stderr.text()).toContain('no-such-program')
})

test('a command that reads to the end gets the end of its input, one that does not is not held up', async () => {
  expect((await run(['wc', '-c'], Readable.from(['12345']))).stdout.text().trim()).toBe('5')
  const open = new PassThrough()
  open.write('never read')
  expect((await run(['true'], open)).code).toBe(0)
})

test('a reader that stops holds the command back', async () => {
  let taken = 0
  const slow = new Writable({ highWaterMark: 1, write: (chunk: Buffer) => void (taken += chunk.length) })
  const stderr = new Sink()
  const stdin = new PassThrough()
  const command = ['sh', '-c', 'dd if=/dev/zero bs=1M count=50 2>/dev/null; echo done >&2']
  const running = execInInstance({ socket, instance: 'i-test', command, stdin, stdout: slow, stderr })
  await eventually(() => taken > 0 || undefined)
  expect((await run(['pgrep', '-x', 'dd'])).code).toBe(0)
  expect(stderr.text()).toBe('')
  expect(taken).toBeLessThan(1_000_000)
  await run(['pkill', '-x', 'dd'])
  running.catch(() => undefined)
})

test('the end of the client is the end of the command', async () => {
  const { connect } = await import('node:net')
  const { encodeExecFrame, frameKind } = await import('../../../src/protocol/exec-frames.ts')
  const client = connect(socket)
  const request = { type: 'exec', instance: 'i-test', command: ['sh', '-c', 'sleep 4242; :'] }
  client.write(encodeExecFrame(frameKind.request, JSON.stringify(request)))
  const count = async () => (await run(['pgrep', '-fc', '^sleep 4242'])).stdout.text().trim()
  await eventually(async () => ((await count()) === '1' ? true : undefined))
  client.destroy()
  await eventually(async () => ((await count()) === '0' ? true : undefined))
})

test('a terminal is one inside, with the size of ours', async () => {
  const stdout = new Sink()
  const terminal = { name: 'xterm', rows: 33, columns: 77 }
  const command = ['sh', '-c', 'tty; stty size; echo "$TERM"; exit 5']
  const stdin = new PassThrough()
  const options = { socket, instance: 'i-test', command, stdin, stdout, stderr: stdout, terminal }
  expect(await execInInstance(options)).toBe(5)
  expect(stdout.text()).toMatch(/^\/dev\/pts\/\d+\r\n33 77\r\nxterm\r\n/)
})

test('the console log can be read', async () => {
  const stdout = new Sink()
  await printConsole(socket, 'i-test', stdout)
  expect(stdout.text()).toContain('hello from the console')
})

test('an instance that does not run is an error in words', async () => {
  const stdout = new Sink()
  const stdin = Readable.from([])
  const options = { socket, command: ['true'], stdin, stdout, stderr: stdout }
  await expect(execInInstance({ ...options, instance: 'i-none' })).rejects.toThrow(
    'instance i-none is not running',
  )
  await expect(execInInstance({ ...options, instance: '../x' })).rejects.toThrow(ExecError)
})
