/** Where a request comes from, as its connection tells. */
import type { HttpBindings } from '@hono/node-server'
import type { Origin } from './audit.ts'

/** What the server that runs the app gives along; nothing when the app is called without one. */
export type Connection = Partial<HttpBindings> | undefined

export function clientOf(connection: Connection): Pick<Origin, 'sourceIp' | 'scheme'> {
  const socket = connection?.incoming?.socket
  return {
    // On a socket for both families, an IPv4 address comes in IPv6 clothes.
    sourceIp: (socket?.remoteAddress ?? '').replace(/^::ffff:/, ''),
    scheme: socket && 'encrypted' in socket ? 'https' : 'http',
  }
}
