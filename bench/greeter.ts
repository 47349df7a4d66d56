/** Answers each connection to port 80 with the given name. */
import { createServer } from 'node:net'

const name = process.argv[2]
if (!name) throw new Error('usage: greeter.ts NAME')

createServer((socket) => {
  // A health check resets what it has opened.
  socket.on('error', () => socket.destroy())
  socket.end(name)
}).listen(80, '0.0.0.0', () => console.log('ready'))
