import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { get } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Hono } from 'hono'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startListener, type Limits, type Listener } from '../../src/api/listener.ts'
import { certificateNames, ensureTls } from '../../src/api/tls.ts'

const run = promisify(execFile)

let directory: string
let listener: Listener
/** Ends the request that `GET /slow` left open. */
let release: () => void

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-listener-'))
})

afterEach(async () => {
  await listener.close()
  await rm(directory, { recursive: true })
})

async function start(limits: Partial<Limits> = {}): Promise<void> {
  const app = new Hono()
  app.onError((_, context) => context.text('cut off', 400))
  const slow = new Promise<void>((resolve) => (release = resolve))
  app.get('/', (context) => context.text('here'))
  app.get('/slow', async (context) => {
    await slow
    return context.text('at last')
  })
  app.post('/', async (context) => context.text(String((await context.req.text()).length)))
  listener = await startListener({
    app,
    host: '127.0.0.1',
    port: 0,
    tls: () => ensureTls(directory, certificateNames('127.0.0.1'), new Date()),
    onError: (error) => expect.unreachable(String(error)),
    limits,
  })
}

async function closedAfterMs(send: string): Promise<number> {
  const socket = connect(listener.port, '127.0.0.1')
  socket.resume()
  socket.write(send)
  const startMs = performance.now()
  await once(socket, 'close')
  return performance.now() - startMs
}

test('curl by HTTP and, with the authority file, by HTTPS under each name', async () => {
  await start()
  const ca = join(directory, 'ca.pem')
  for (const url of ['http://127.0.0.1', 'https://127.0.0.1', 'https://localhost']) {
    const args = [
      '-sS',
      '--noproxy',
      '*',
      '--cacert',
      ca,
      '--resolve',
      `localhost:${listener.port}:127.0.0.1`,
    ]
    const { stdout } = await run('curl', [...args, `${url}:${listener.port}/`])
    expect(stdout).toBe('here')
  }
  const untrusted = run('curl', ['-sS', '--noproxy', '*', `https://127.0.0.1:${listener.port}/`])
  await expect(untrusted).rejects.toMatchObject({ code: 60 })
})

test('a client without the authority refuses, and leaves nothing behind', async () => {
  await start({ closeMs: 60_000 })
  const refused = once(get({ host: '127.0.0.1', port: listener.port }), 'response')
  await expect(refused).rejects.toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })
})

test('one connection carries many requests, with bodies of any size', async () => {
  await start()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ports = new Set<number | undefined>()
  for (const size of [0, 1, 70_000, 900_000]) {
    const sent = request({ agent, host: '127.0.0.1', port: listener.port, method: 'POST' })
    sent.end('x'.repeat(size))
    const [response] = await once(sent, 'response')
    ports.add(sent.socket?.localPort)
    expect(Buffer.concat(await response.toArray()).toString()).toBe(String(size))
  }
  expect(ports.size).toBe(1)
  agent.destroy()
})

test('a first byte that comes alone', async () => {
  await start()
  const socket = connect(listener.port, '127.0.0.1').setNoDelay()
  socket.write('G')
  await once(socket, 'connect')
  socket.write('ET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
  expect((await socket.setEncoding('utf8').toArray()).join('')).toMatch(/^HTTP\/1.1 200 [^]*here$/)
})

test.each([
  ['that say nothing', ''],
  ['that start headers and stop', 'GET / HTTP/1.1\r\nhost: loc'],
  ['that start TLS and stop', '\u0016'],
])('connections %s are cut off', async (_, sent) => {
  await start({ headersMs: 200, requestMs: 400 })
  const elapsed = await closedAfterMs(sent)
  expect(elapsed).toBeGreaterThan(150)
  expect(elapsed).toBeLessThan(3000)
})

test('a body that does not come to its end is cut off', async () => {
  await start({ headersMs: 200, requestMs: 400 })
  const elapsed = await closedAfterMs('POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nabc')
  expect(elapsed).toBeGreaterThan(350)
  expect(elapsed).toBeLessThan(3000)
})

test.each([
  ['in all', { connections: 3 }],
  ['of one address', { connectionsOfAddress: 3 }],
])(
  'connections beyond the limit %s are refused, and there is room again when others end',
  async (_, limits) => {
    await start(limits)
    const answered = async () => {
      const sent = request({ agent: false, host: '127.0.0.1', port: listener.port }).end()
      const [response] = await once(sent, 'response')
      return Buffer.concat(await response.toArray()).toString()
    }
    const held = await Promise.all(
      [1, 2, 3].map(async () => {
        const socket = connect(listener.port, '127.0.0.1')
        socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n')
        await once(socket, 'data')
        return socket
      }),
    )
    await expect(answered()).rejects.toMatchObject({ code: 'ECONNRESET' })
    for (const socket of held) socket.destroy()
    let answer: string | undefined
    while (answer === undefined) answer = await answered().catch(() => undefined)
    expect(answer).toBe('here')
  },
)

test('headers that are too long are refused, and so are too slow ones', async () => {
  await start({ headersMs: 300 })
  const answerTo = async (head: string, more: () => string) => {
    const socket = connect(listener.port, '127.0.0.1')
    let answer = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk))
    socket.on('error', () => undefined)
    socket.write(head)
    // A byte now and then keeps no connection open.
    const drip = setInterval(() => socket.write(more()), 20)
    await new Promise((resolve) => socket.once('close', resolve))
    clearInterval(drip)
    return answer
  }
  const opening = 'GET / HTTP/1.1\r\nhost: localhost\r\n'
  expect(await answerTo(opening, () => `a: ${'x'.repeat(20_000)}\r\n`)).toMatch(/^HTTP\/1\.1 431 /)
  expect(await answerTo(opening, () => 'x')).toMatch(/^HTTP\/1\.1 408 /)
})

test('closing lets a request under way end, and ends idle connections at once', async () => {
  await start({ closeMs: 60_000 })
  const agent = new Agent({ keepAlive: true })
  const idle = request({ agent, host: '127.0.0.1', port: listener.port }).end()
  const [first] = await once(idle, 'response')
  await first.toArray()
  const slow = request({ agent: false, host: '127.0.0.1', port: listener.port, path: '/slow' }).end()
  await once(slow, 'finish')
  // The next connection is accepted after the slow one, so by its answer the slow request is under way.
  await once(request({ agent: false, host: '127.0.0.1', port: listener.port }).end(), 'response')

  const closed = listener.close()
  release()
  const [response] = await once(slow, 'response')
  expect(Buffer.concat(await response.toArray()).toString()).toBe('at last')
  await closed
  await expect(once(connect(listener.port, '127.0.0.1'), 'connect')).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  })
  agent.destroy()
  await start()
})

test('closing cuts off what does not end in time', async () => {
  await start({ closeMs: 100 })
  const slow = request({ agent: false, host: '127.0.0.1', port: listener.port, path: '/slow' }).end()
  await once(slow, 'finish')
  const cut = expect(once(slow, 'response')).rejects.toMatchObject({ code: 'ECONNRESET' })
  await listener.close()
  await cut
  await start()
})

test('the keys are for the owner only', async () => {
  await start()
  for (const name of ['ca.key', 'server.key']) {
    expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600)
  }
})
