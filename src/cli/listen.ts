import { createServer } from 'node:net'
import { InvalidArgumentError } from 'commander'

export const defaultListen = '127.0.0.1:7080'

export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/** `HOST:PORT`, `[v6]:PORT`; undefined when it is neither. */
export function parseListen(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  return host === undefined || !(port >= 1 && port <= 65535) ? undefined : { host, port }
}

/** As an option's value. */
export function listenOption(text: string): string {
  if (!parseListen(text)) throw new InvalidArgumentError('HOST:PORT, for example 127.0.0.1:7080')
  return text
}

/** The address a client on this machine uses: a wildcard is no address to connect to. */
export function clientAddress(listen: string): string {
  return listen.replace(/^0\.0\.0\.0:/, '127.0.0.1:').replace(/^\[::\]:/, '[::1]:')
}

export function isLoopback(address: string): boolean {
  return /^(127\.|localhost:|\[::1\]:)/.test(address)
}

/** Why nothing can listen there (`EADDRINUSE`, `EACCES`, …), or undefined when it can. */
export async function portTrouble(listen: string): Promise<string | undefined> {
  const address = parseListen(listen)
  if (!address) return 'EINVAL'
  const tried = await tryPort(address)
  return typeof tried === 'string' ? tried : undefined
}

/** The preferred address, or the same host with a port of the kernel's choice when it is in use. */
export async function freeListen(preferred: string): Promise<string> {
  const address = parseListen(preferred)
  if (!address) throw new Error(`${preferred} is no address to listen on`)
  const first = await tryPort(address)
  const port = typeof first === 'number' ? first : await tryPort({ host: address.host, port: 0 })
  if (typeof port === 'string') throw new Error(`${address.host} cannot be listened on: ${port}`)
  return preferred.slice(0, preferred.lastIndexOf(':') + 1) + String(port)
}

/** The port listened on for a moment, or the error's code. */
function tryPort({ host, port }: ListenAddress): Promise<number | string> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port))
    })
  })
}
