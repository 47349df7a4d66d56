/** A deployment of its own for a measurement: started by the command users have, driven through the public API. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { client, type Call } from '../src/cli/client.ts'
import { readPidFile } from '../src/cli/process.ts'
import { command, freePort } from './spawn.ts'

const postern = fileURLToPath(new URL('../postern', import.meta.url))

export interface Deployment extends AsyncDisposable {
  readonly call: Call
  readonly state: string
  readonly netns: (resource: string) => string
  readonly pid: (part: 'server' | 'agent') => number
}

export async function startDeployment(state: string): Promise<Deployment> {
  const port = await freePort()
  const started = await command(
    postern,
    'up',
    '--state',
    state,
    '--listen',
    `127.0.0.1:${port}`,
    '--output',
    'json',
  )
  const { endpoint, ca } = JSON.parse(started) as { endpoint: string; ca: string }
  const account = JSON.parse(
    await command(postern, 'account', 'create', '--state', state, '--name', 'bench', '--output', 'json'),
  ) as { AccessKeyId: string; AccessKeySecret: string }
  const config = JSON.parse(await readFile(join(state, 'config.json'), 'utf8')) as { deployment: string }
  const call = client({
    endpoint,
    ca: await readFile(ca, 'utf8'),
    accessKeyId: account.AccessKeyId,
    accessKeySecret: account.AccessKeySecret,
    region: 'eu-central-1',
  })
  return {
    call,
    state,
    netns: (resource) => `postern-${config.deployment}-${resource}`,
    pid(part) {
      const running = readPidFile(join(state, 'run', `${part}.pid`))
      if (!running) throw new Error(`the ${part} does not run`)
      return running.pid
    },
    async [Symbol.asyncDispose]() {
      await command(postern, 'down', '--state', state, '--purge')
    },
  }
}

/** Polls until `read` gives a value; throws with what it was waiting for after the deadline. */
export async function until<Value>(
  what: string,
  read: () => Promise<Value | undefined>,
  deadlineMs = 60_000,
): Promise<Value> {
  const end = performance.now() + deadlineMs
  for (;;) {
    const value = await read()
    if (value !== undefined) return value
    if (performance.now() > end) throw new Error(`waited ${deadlineMs / 1000} s for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
