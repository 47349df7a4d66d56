/** A workload: serves and calls as it is told by lines of JSON on its standard input, and answers each with a line. */
import { createSocket } from 'node:dgram'
import type { Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'

export type Order =
  | { readonly do: 'serve'; readonly protocol: 'tcp' | 'udp'; readonly port: number }
  | {
      readonly do: 'call'
      readonly protocol: 'tcp' | 'udp'
      readonly host: string
      readonly port: number
      readonly timeoutMs: number
      readonly from?: string
      readonly fromPort?: number
    }
  | { readonly do: 'open'; readonly host: string; readonly port: number }
  | { readonly do: 'say'; readonly handle: number }
  /** How many datagrams came in so far. */
  | { readonly do: 'count' }

/** What came back, or the error's code, or `timeout`. */
export type Outcome =
  { readonly text: string; readonly ms: number } | { readonly error: string; readonly ms: number }

const name = process.argv[2] ?? ''
const open = new Map<number, Socket>()
let datagrams = 0

async function obey(order: Order): Promise<string> {
  switch (order.do) {
    case 'serve':
      return order.protocol === 'tcp' ? serveTcp(order.port) : serveUdp(order.port)
    case 'call':
      return order.protocol === 'tcp' ? callTcp(order) : callUdp(order)
    case 'open': {
      const socket = connect(order.port, order.host)
      await said(socket, 'connect')
      // Errors are told by the next `say`; until then they must not end this process.
      socket.on('error', () => undefined)
      open.set(open.size + 1, socket)
      return String(open.size)
    }
    case 'count':
      return String(datagrams)
    case 'say': {
      const socket = open.get(order.handle)
      if (!socket) throw new Error('no such handle')
      // It may have ended while nobody listened.
      if (socket.errored) throw socket.errored
      socket.write('hello\n')
      return said(socket, 'data')
    }
  }
}

function said(socket: Socket, event: 'connect' | 'data'): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  socket.once(event, (data?: Buffer) => resolve(String(data ?? '')))
  socket.once('error', reject)
  socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'CLOSED' })))
  return promise
}

function serveTcp(port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', () => socket.write(`${name} ${socket.remoteAddress}`))
  })
  server.on('error', reject).listen(port, '0.0.0.0', () => resolve('serving'))
  return promise
}

function serveUdp(port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const socket = createSocket('udp4')
  socket.on('message', (_, from) => {
    datagrams++
    socket.send(`${name} ${from.address}`, from.port, from.address)
  })
  socket.on('error', reject).bind(port, () => resolve('serving'))
  return promise
}

type Call = Extract<Order, { do: 'call' }>

async function callTcp({ host, port, from, fromPort, timeoutMs }: Call): Promise<string> {
  const socket = connect({
    host,
    port,
    ...(from && { localAddress: from }),
    ...(fromPort && { localPort: fromPort }),
  })
  socket.setTimeout(timeoutMs, () => socket.destroy(Object.assign(new Error('timeout'), { code: 'timeout' })))
  socket.write('hello\n')
  try {
    return await said(socket, 'data')
  } finally {
    socket.destroy()
  }
}

async function callUdp({ host, port, from, fromPort, timeoutMs }: Call): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const socket = createSocket('udp4')
  const timer = setTimeout(() => reject(Object.assign(new Error('timeout'), { code: 'timeout' })), timeoutMs)
  socket.on('message', (data) => resolve(String(data))).on('error', reject)
  // A connected socket is told of ICMP errors.
  socket.bind({ port: fromPort ?? 0, ...(from && { address: from }) }, () =>
    socket.connect(port, host, () => socket.send('hello')),
  )
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    socket.close()
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line) as { readonly id: number; readonly order: Order }
  const start = performance.now()
  const answer = (outcome: object) =>
    console.log(JSON.stringify({ id: order.id, ...outcome, ms: performance.now() - start }))
  obey(order.order).then(
    (text) => answer({ text }),
    (error: NodeJS.ErrnoException) => answer({ error: error.code ?? error.message }),
  )
}
