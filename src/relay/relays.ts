/**
 * Relays: each listens on a port of a VPC's service leg, connects for every client to what the client called, says in a
 * PROXY header who that is, and passes on what both say. A relay that is not wanted any more takes no new client; the
 * flows it has go on, and the kernel ends those whose way is gone.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { encodeProxyHeader } from './proxy-header.ts'
import type { Relayed } from './relayed.ts'
import { splice } from './splice.ts'

export interface Relays {
  /** Replaces the wanted relays; the ones that stay are not touched. */
  setRelays(relays: readonly Relayed[]): void
  /** Resolves with the errors of the relays that do not listen, by id; tries again those that did not. */
  listen(): Promise<ReadonlyMap<string, Error>>
  close(): void
}

interface Running {
  relayed: Relayed
  server: Server | undefined
}

/** A backend that does not answer holds its client this long, and no longer. */
const connectMs = 10_000

export function createRelays(): Relays {
  const running = new Map<string, Running>()
  const flows = new Set<Socket>()

  function accept(client: Socket, { relayed }: Running): void {
    const { localAddress, relay } = relayed
    const { remoteAddress = '', remotePort: port = 0 } = client
    const header = encodeProxyHeader({
      source: { address: relay.header.source ?? remoteAddress, port },
      destination: { address: relay.header.destination, port: relay.port },
      vpc: relay.header.vpc,
      endpoint: relay.header.endpoint,
      service: relay.header.service,
    })
    const backend = connect({ host: relay.address, port: relay.port, localAddress, allowHalfOpen: true })
    const timer = setTimeout(() => backend.destroy(new Error('no answer')), connectMs)
    for (const socket of [client, backend]) {
      flows.add(socket)
      socket.setNoDelay(true)
      socket.once('close', () => flows.delete(socket))
    }
    backend.once('connect', () => {
      clearTimeout(timer)
      backend.write(header)
      client.resume()
    })
    backend.once('close', () => clearTimeout(timer))
    splice(client, backend)
  }

  async function start(one: Running): Promise<Error | undefined> {
    const { localAddress, relay } = one.relayed
    // Not read before the backend has answered: what a client says meanwhile stays in the kernel.
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) =>
      accept(client, one),
    )
    const { promise, resolve } = Promise.withResolvers<Error | undefined>()
    server.once('error', resolve)
    server.listen({ host: localAddress, port: relay.relayPort }, () => resolve(undefined))
    const error = await promise
    if (error) return error
    // One connection that cannot be taken is no reason to end the others.
    server.on('error', () => undefined)
    if (running.get(one.relayed.id) === one) one.server = server
    else server.close()
    return undefined
  }

  return {
    setRelays(relays) {
      const wanted = new Map(relays.map((relayed) => [relayed.id, relayed]))
      for (const [id, { server }] of running) {
        if (wanted.has(id)) continue
        server?.close()
        running.delete(id)
      }
      for (const [id, relayed] of wanted) {
        const known = running.get(id)
        if (known) known.relayed = relayed
        else running.set(id, { relayed, server: undefined })
      }
    },
    async listen() {
      const failed = new Map<string, Error>()
      for (const [id, one] of running) {
        if (one.server) continue
        const error = await start(one)
        if (error) failed.set(id, error)
      }
      return failed
    },
    close() {
      for (const { server } of running.values()) server?.close()
      running.clear()
      for (const socket of flows) socket.destroy()
    },
  }
}
