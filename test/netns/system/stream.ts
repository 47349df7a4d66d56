/**
 * A stream of bytes in one direction, run inside a network namespace. `serve PORT` sends to who says `down` and reads
 * from everybody else; `down HOST PORT` and `up HOST PORT` print, ten times a second, how many bytes came or went.
 */
import { connect, createServer, type Socket } from 'node:net'

const chunk = Buffer.alloc(64 * 1024)
const [role, ...where] = process.argv.slice(2)

if (role === 'serve') serve(Number(where[0]))
else stream(role === 'down', where[0] ?? '', Number(where[1]))

function serve(port: number): void {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', (word) => {
      if (String(word) === 'down') send(socket)
      else report(socket, () => socket.bytesRead)
    })
  })
  server.listen(port, '0.0.0.0', () => console.log('serving'))
}

function stream(down: boolean, host: string, port: number): void {
  const socket = connect(port, host)
  socket.on('error', (error) => {
    console.log(`cut: ${error.message}`)
    process.exit(1)
  })
  socket.write(down ? 'down' : 'up')
  if (down) {
    socket.resume()
    report(socket, () => socket.bytesRead)
  } else {
    // What the other end has read comes back: what is only buffered here was not carried.
    socket.on('data', (data) => process.stdout.write(data))
    send(socket)
  }
}

function send(socket: Socket): void {
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  }
  socket.on('drain', more)
  more()
}

function report(socket: Socket, bytes: () => number): void {
  socket.resume()
  const serving = role === 'serve'
  const timer = setInterval(() => {
    const line = `${bytes()} ${performance.now()}\n`
    if (serving) socket.write(line)
    else process.stdout.write(line)
  }, 100)
  socket.on('close', () => clearInterval(timer))
}
