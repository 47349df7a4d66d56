/**
 * One TCP port for HTTP and HTTPS. The Terraform provider sends some calls by HTTPS whatever it is configured to use,
 * to the same port as the rest, so the first byte decides: a TLS handshake starts with 22, a request with a letter.
 */
import { createServer, type IncomingMessage } from 'node:http'
import type { Server, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import type { TlsIdentity } from './tls.ts'

export interface ListenerOptions {
  readonly app: Pick<Hono, 'fetch'>
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** Asked at the start and then once a day, so that a server that runs for years renews its certificate. */
  readonly tls: () => Promise<TlsIdentity>
  /** Takes over what asks for another protocol; without it such requests are answered as if they did not. */
  readonly onUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  readonly onError: (error: unknown) => void
  readonly limits?: Partial<Limits>
}

export interface Limits {
  /** For the first byte, for the TLS handshake, and for the headers, each. */
  readonly headersMs: number
  readonly requestMs: number
  /** Longer than Go's 90 s: when the server ends first, a request on its way fails and Go does not repeat a POST. */
  readonly idleMs: number
  /** Time that requests under way have when the listener closes. */
  readonly closeMs: number
  /** Open at the same time: in all, and of one address, so that nobody can hold them all. */
  readonly connections: number
  readonly connectionsOfAddress: number
}

const defaultLimits: Limits = {
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 120_000,
  closeMs: 5_000,
  connections: 10_000,
  connectionsOfAddress: 4_000,
}
const dayMs = 24 * 60 * 60_000
/** SDKs put parameters into the URL, UserData with its 32 KiB included. */
const maxHeaderSize = 128 * 1024
const tlsHandshake = 22

export interface Listener {
  readonly host: string
  readonly port: number
  /** Takes no new connection, lets requests under way end, and resolves when all connections are closed. */
  readonly close: () => Promise<void>
}

export async function startListener(options: ListenerOptions): Promise<Listener> {
  const limits = { ...defaultLimits, ...options.limits }
  const answer = getRequestListener(options.app.fetch, { overrideGlobalObjects: false })
  const { cert, key } = await options.tls()
  const http = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.idleMs,
      connectionsCheckingInterval: Math.min(1000, limits.headersMs),
      maxHeaderSize,
    },
    (incoming, outgoing) => void answer(incoming, outgoing),
  )
  const tls = createTlsServer({
    cert,
    key,
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: limits.headersMs,
  })
  if (options.onUpgrade) http.on('upgrade', options.onUpgrade)
  const sockets = new Set<Socket>()
  const openOf = new Map<string, number>()
  http.maxConnections = limits.connections

  // Node's own listener would read each connection as plain HTTP: it is called once the first byte is known.
  const serveHttp = http.listeners('connection')
  http.removeAllListeners('connection')
  const serve = (socket: Socket) => serveHttp.forEach((listener) => listener.call(http, socket))
  tls.on('secureConnection', serve)
  // A client that breaks off its handshake is not an event of the server.
  tls.on('tlsClientError', (_, socket) => socket.destroy())
  http.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const open = (openOf.get(address) ?? 0) + 1
    if (open > limits.connectionsOfAddress) {
      socket.destroy()
      return
    }
    openOf.set(address, open)
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      const left = (openOf.get(address) ?? 1) - 1
      if (left === 0) openOf.delete(address)
      else openOf.set(address, left)
    })
    sniff(socket, limits.headersMs, (first) => {
      if (first === tlsHandshake) {
        // As in node:https. Half open, a client that leaves during the handshake would stay until the timeout.
        socket.allowHalfOpen = false
        tls.emit('connection', socket)
      } else serve(socket)
    })
  })

  await listen(http, options.host, options.port)
  const renewal = setInterval(() => {
    options
      .tls()
      .then((renewed) => tls.setSecureContext({ cert: renewed.cert, key: renewed.key }), options.onError)
  }, dayMs)
  renewal.unref()

  const bound = http.address()
  if (bound === null || typeof bound === 'string') throw new Error('the listener has no TCP address')
  return {
    host: bound.address,
    port: bound.port,
    close: () =>
      new Promise((resolve, reject) => {
        clearInterval(renewal)
        http.close((error) => (error ? reject(error) : resolve()))
        setTimeout(() => sockets.forEach((socket) => socket.destroy()), limits.closeMs).unref()
      }),
  }
}

/** Calls `next` with the first byte, which stays in the socket; ends a connection that sends nothing in time. */
function sniff(socket: Socket, timeoutMs: number, next: (first: number) => void): void {
  const giveUp = () => socket.destroy()
  socket.on('error', giveUp)
  socket.setTimeout(timeoutMs, giveUp)
  socket.once('readable', () => {
    const chunk: Buffer | null = socket.read()
    socket.setTimeout(0)
    socket.off('timeout', giveUp)
    if (chunk === null) {
      giveUp()
    } else {
      socket.unshift(chunk)
      next(chunk[0] ?? 0)
    }
  })
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
