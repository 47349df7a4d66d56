/**
 * Sockets of the resolver: one UDP and one TCP socket for each VPC's service address. A socket bound to the exact
 * address answers from it; one bound to all addresses would leave the answer's source to the routing table, and
 * the VPC's router would not know the answer as one to its query.
 */
import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Server, type Socket as TcpSocket } from 'node:net'
import { maxTcpBytes } from './wire.ts'

export type Respond = (bytes: Uint8Array, source: string, transport: 'udp' | 'tcp') => Uint8Array | undefined

export interface DnsServer {
  /**
   * Listens on exactly these addresses. Gives the ones it could not listen on, with the reason; calling it again
   * tries them again.
   */
  listen(addresses: readonly string[]): Promise<ReadonlyMap<string, Error>>
  close(): void
}

interface Listener {
  readonly udp: UdpSocket
  readonly tcp: Server
}

/** One VPC's clients can only use up their own share. */
const maxTcpConnections = 64
const tcpIdleMs = 10_000

export function createDnsServer(respond: Respond, port = 53): DnsServer {
  const listeners = new Map<string, Listener>()

  return {
    async listen(addresses) {
      const wanted = new Set(addresses)
      for (const [address, listener] of listeners) {
        if (wanted.has(address)) continue
        closeListener(listener)
        listeners.delete(address)
      }
      const failed = new Map<string, Error>()
      for (const address of wanted) {
        if (listeners.has(address)) continue
        try {
          listeners.set(address, await openListener(respond, address, port))
        } catch (error) {
          failed.set(address, error instanceof Error ? error : new Error(String(error)))
        }
      }
      return failed
    },
    close() {
      for (const listener of listeners.values()) closeListener(listener)
      listeners.clear()
    },
  }
}

function closeListener({ udp, tcp }: Listener): void {
  udp.close()
  tcp.close()
}

async function openListener(respond: Respond, address: string, port: number): Promise<Listener> {
  const udp = createSocket('udp4')
  const tcp = createServer((socket) => serveTcp(respond, socket))
  tcp.maxConnections = maxTcpConnections
  try {
    udp.bind({ address, port })
    await once(udp, 'listening')
    tcp.listen({ host: address, port })
    await once(tcp, 'listening')
  } catch (cause) {
    closeListener({ udp, tcp })
    throw cause
  }
  udp.on('message', (bytes, remote) => {
    const answer = respond(bytes, remote.address, 'udp')
    // An answer that cannot be sent is lost like any datagram: the client asks again.
    if (answer) udp.send(answer, remote.port, remote.address, () => undefined)
  })
  return { udp, tcp }
}

/** Messages with two bytes of length before each; several may follow one another on a connection. */
function serveTcp(respond: Respond, socket: TcpSocket): void {
  const source = socket.remoteAddress ?? ''
  let pending = Buffer.alloc(0)
  socket.setTimeout(tcpIdleMs, () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.on('drain', () => socket.resume())
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk])
    for (;;) {
      if (pending.length < 2) return
      const end = 2 + pending.readUInt16BE(0)
      if (pending.length < end) return
      const answer = respond(pending.subarray(2, end), source, 'tcp')
      pending = pending.subarray(end)
      if (!answer || answer.length > maxTcpBytes) {
        socket.destroy()
        return
      }
      const head = Buffer.alloc(2)
      head.writeUInt16BE(answer.length)
      if (!socket.write(Buffer.concat([head, answer]))) socket.pause()
    }
  })
}
