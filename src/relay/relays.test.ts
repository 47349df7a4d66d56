/** Relays on the loopback: client, relay and backend each at an address of their own. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRelays, type Relays } from './relays.ts'

const headerLength = 28
let relays: Relays
let backend: Server
let relayPort: number
/** Connections that reached the backend, in order. */
let reached: Socket[]
let waiting: ((socket: Socket) => void)[]

beforeEach(async () => {
  reached = []
  waiting = []
  backend = await listening('127.0.0.3', (socket) => {
    reached.push(socket)
    waiting.shift()?.(socket)
  })
  relayPort = await freePort()
  relays = createRelays()
})

afterEach(() => {
  relays.close()
  for (const socket of reached) socket.destroy()
  backend.close()
})

async function listening(host: string, onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, onConnection)
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen({ host, port: 0 }, resolve)
  await promise
  return server
}

async function freePort(): Promise<number> {
  const server = await listening('127.0.0.2', () => undefined)
  const { port } = server.address() as AddressInfo
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  await promise
  return port
}

async function relayTo(port = (backend.address() as AddressInfo).port): Promise<void> {
  const header = {
    source: undefined,
    destination: '10.9.9.9',
    vpc: undefined,
    endpoint: undefined,
    service: undefined,
  }
  const relay = { address: '127.0.0.3', port, relayPort, header }
  relays.setRelays([{ id: 'one', localAddress: '127.0.0.2', relay }])
  expect(await relays.listen()).toEqual(new Map())
}

function open(): Socket {
  return connect({ host: '127.0.0.2', port: relayPort, localAddress: '127.0.0.1', allowHalfOpen: true })
}

/** The backend's end of the next connection. */
function next(): Promise<Socket> {
  return new Promise((resolve) => waiting.push(resolve))
}

async function read(socket: Socket, length: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let missing = length
  for await (const part of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    parts.push(part)
    missing -= part.length
    if (missing <= 0) break
  }
  return Buffer.concat(parts)
}

const event = (socket: Socket, name: string) => new Promise((resolve) => socket.once(name, resolve))

test('the header goes first, and what both say comes through, to the end of each direction', async () => {
  await relayTo()
  const arriving = next()
  const client = open()
  client.end('hello')
  const socket = await arriving
  expect(socket.remoteAddress).toBe('127.0.0.2')
  const bytes = await read(socket, headerLength + 5)
  expect(bytes.subarray(16, 24).toString('hex')).toBe('7f0000010a090909')
  expect(bytes.readUInt16BE(24)).toBe(client.localPort)
  expect(bytes.subarray(headerLength).toString()).toBe('hello')
  // The client has ended its direction; the other one is still open.
  socket.end('answer')
  expect((await read(client, 6)).toString()).toBe('answer')
})

test('a reset of either side is a reset for the other', async () => {
  await relayTo()
  for (const side of ['client', 'backend'] as const) {
    const arriving = next()
    const client = open()
    const socket = await arriving
    const [from, to] = side === 'client' ? [client, socket] : [socket, client]
    const told = event(to, 'error')
    to.resume()
    from.on('error', () => undefined)
    from.resetAndDestroy()
    expect(await told, side).toMatchObject({ code: 'ECONNRESET' })
  }
})

test('a backend that refuses resets the client', async () => {
  const { port } = backend.address() as AddressInfo
  backend.close()
  await relayTo(port)
  const client = open()
  expect(await event(client, 'error')).toMatchObject({ code: 'ECONNRESET' })
})

test('a reader that stops stops the sender, and no byte is lost', async () => {
  await relayTo()
  const arriving = next()
  const client = open()
  const socket = await arriving
  await read(socket, headerLength)
  socket.pause()
  const size = 64 * 1024 * 1024
  const chunk = Buffer.alloc(1024 * 1024, 7)
  let sent = 0
  const stuck = new Promise<void>((resolve) => {
    const more = () => {
      while (sent < size) {
        sent += chunk.length
        if (!client.write(chunk)) break
      }
      if (sent >= size) client.end()
    }
    client.on('drain', more)
    more()
    // Nothing drains for a while once every buffer on the way is full.
    let before = -1
    const timer = setInterval(() => {
      const moved = client.bytesWritten - client.writableLength
      if (moved === before) {
        clearInterval(timer)
        resolve()
      }
      before = moved
    }, 100)
  })
  await stuck
  expect(sent).toBeLessThan(size / 2)
  let received = 0
  socket.on('data', (data: Buffer) => (received += data.length))
  await event(socket, 'end')
  expect(received).toBe(size)
})

test('a relay that is not wanted any more takes nobody, and keeps whom it has', async () => {
  await relayTo()
  const arriving = next()
  const client = open()
  const socket = await arriving
  await read(socket, headerLength)
  relays.setRelays([])
  expect(await event(open(), 'error')).toMatchObject({ code: 'ECONNREFUSED' })
  client.write('still here')
  expect((await read(socket, 10)).toString()).toBe('still here')
})

test('an address that is not there is told, and tried again', async () => {
  const header = {
    source: undefined,
    destination: '10.9.9.9',
    vpc: undefined,
    endpoint: undefined,
    service: undefined,
  }
  const relay = { address: '127.0.0.3', port: 1, relayPort, header }
  relays.setRelays([{ id: 'one', localAddress: '192.0.2.1', relay }])
  expect([...(await relays.listen()).keys()]).toEqual(['one'])
  expect([...(await relays.listen()).keys()]).toEqual(['one'])
})
