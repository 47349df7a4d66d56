/** What a HAProxy master is asked over its own socket. That it answers is the proof that it runs: no process id is kept. */
import { connect } from 'node:net'

export interface ProxyProcesses {
  readonly master: number
  /** Those that take new connections. */
  readonly workers: readonly number[]
}

const answerMs = 2000

/** Undefined when nobody answers. */
export async function proxyProcesses(socket: string): Promise<ProxyProcesses | undefined> {
  const answer = await ask(socket, 'show proc')
  if (answer === undefined) return undefined
  const [current = ''] = answer.split('# old workers')
  const rows = [...current.matchAll(/^(\d+)\s+(master|worker)\s/gm)].map(([, pid, type]) => ({
    pid: Number(pid),
    type,
  }))
  const master = rows.find(({ type }) => type === 'master')
  if (!master) return undefined
  return { master: master.pid, workers: rows.filter(({ type }) => type === 'worker').map(({ pid }) => pid) }
}

/** The master reads its configuration anew; it ends the conversation by that. */
export async function reloadProxy(socket: string): Promise<void> {
  await ask(socket, 'reload')
}

async function ask(path: string, command: string): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const socket = connect(path)
  let answer = ''
  socket.setTimeout(answerMs, () => socket.destroy(new Error('no answer')))
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => (answer += text))
  // Whoever is not there, or not any more, answers nothing.
  socket.on('error', () => resolve(undefined))
  socket.on('close', () => resolve(answer === '' ? undefined : answer))
  socket.on('connect', () => socket.end(`${command}\n`))
  return promise
}
