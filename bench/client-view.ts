/**
 * Asks again and again, whatever came of the last time, and prints a line for each: when it was begun and ended (monotonic, ms), and
 * what came: of a service who answered, of a name its addresses, or an error's code.
 */
import { Resolver } from 'node:dns/promises'
import { connect } from 'node:net'

const [what, target, port] = process.argv.slice(2)
if (!target) throw new Error('usage: client-view.ts service ADDRESS PORT | name NAME')

/** How exact the times are. */
const pauseMs = 10
const patienceMs = 1000

const resolver = new Resolver({ timeout: patienceMs, tries: 1 })
resolver.setServers(['100.100.2.136'])

const ask = what === 'name' ? () => resolve(target) : () => greeted(target, Number(port))
const nowMs = () => Number(process.hrtime.bigint()) / 1e6

async function resolve(name: string): Promise<string> {
  return (await resolver.resolve4(name)).toSorted().join()
}

function greeted(host: string, to: number): Promise<string> {
  const { promise, resolve: done, reject } = Promise.withResolvers<string>()
  const socket = connect({ host, port: to })
  const fail = (code: string) => socket.destroy(Object.assign(new Error(code), { code }))
  const timer = setTimeout(() => fail('timeout'), patienceMs)
  socket.once('data', (data) => {
    done(String(data))
    socket.destroy()
  })
  socket.once('error', reject)
  socket.once('end', () => fail('end'))
  socket.once('close', () => clearTimeout(timer))
  return promise
}

setInterval(() => {
  const begun = nowMs()
  const print = (outcome: string) => console.log(`${begun} ${nowMs()} ${outcome}`)
  ask().then(print, (error: NodeJS.ErrnoException) => print(error.code ?? error.message))
}, pauseMs)
