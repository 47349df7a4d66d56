/**
 * Two connections become one: what one sends the other gets, with the pressure of a slow reader, an end of one direction
 * and a reset passed on. A flow holds what the two sockets buffer and nothing else.
 */
import type { Socket } from 'node:net'

/** Both were made with `allowHalfOpen`. */
export function splice(a: Socket, b: Socket): void {
  carry(a, b)
  carry(b, a)
}

function carry(from: Socket, to: Socket): void {
  from.on('data', (data) => {
    if (!to.write(data)) from.pause()
  })
  to.on('drain', () => from.resume())
  from.on('end', () => to.end())
  // A reset, or a way that is gone: the other end must not take it for the end of what was sent.
  from.on('error', () => to.resetAndDestroy())
  from.on('close', () => {
    if (!from.readableEnded) to.resetAndDestroy()
  })
}
