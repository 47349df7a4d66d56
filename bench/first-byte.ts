/** Tries to fetch a byte from port 80 of the given address until one comes, and prints the monotonic time of it. */
import { connect } from 'node:net'

const address = process.argv[2]
if (!address) throw new Error('usage: first-byte.ts ADDRESS')

let attempts = 0

function attempt(): void {
  attempts += 1
  const socket = connect({ host: address ?? '', port: 80, timeout: 50 })
  const again = () => {
    socket.destroy()
    // The first failures show that the client runs and that nothing passes yet.
    if (attempts === 3) console.log('ready')
    setTimeout(attempt, 1)
  }
  socket.once('connect', () => socket.write('GET / HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n'))
  socket.once('data', () => {
    console.log(String(process.hrtime.bigint()))
    process.exit(0)
  })
  socket.once('timeout', again)
  socket.once('error', again)
}

attempt()
