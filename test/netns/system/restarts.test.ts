/** Static stability: nobody notices that server and agent are dead, nor that they come back. */
import { mkdir, rename, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { command } from '../../fixtures/command.ts'
import { until } from '../../fixtures/deployment.ts'
import { crash, ready } from '../../fixtures/restart.ts'
import { makeLink, startBeat, startSystem, type Beat, type System } from './system.ts'

const scope = new AsyncDisposableStack()
let system: System
let clients: readonly Beat[]
let namespaces: readonly string[]

beforeAll(async () => {
  system = scope.use(await startSystem())
  const { client, address } = await makeLink(system)
  clients = await Promise.all(
    (['held', 'new'] as const).map((kind) => startBeat(system, client, kind, address)),
  )
  const names = JSON.parse(await command('ip', '-j', 'netns', 'list')) as { name: string }[]
  namespaces = names.map(({ name }) => name).filter((name) => name.startsWith(system.netns('')))
})

afterAll(() => scope.disposeAsync())

const goOn = () => Promise.all(clients.map((client) => client.goesOn(50)))

/** Everything that would be new if it had been made again: indexes of devices, handles of rules, qdiscs, sandboxes. */
async function fingerprint(): Promise<Record<string, string>> {
  const seen: Record<string, string> = {}
  for (const name of namespaces) {
    const inside = (...words: string[]) => command('ip', 'netns', 'exec', name, ...words)
    seen[`${name} links`] = (await command('ip', '-n', name, '-o', 'link')).replace(/ state \S+/g, '')
    seen[`${name} addresses`] = await command('ip', '-n', name, '-o', 'address')
    seen[`${name} routes`] = await command('ip', '-n', name, 'route', 'show', 'table', 'all')
    // Counters go on, and so do lists of open connections: that is what they are for.
    const rules = await inside('nft', '-a', 'list', 'ruleset')
    seen[`${name} rules`] = rules
      .replace(/packets \d+ bytes \d+/g, '')
      .replace(/elements = \{[^}]* ct count [^}]*\}/g, '')
    seen[`${name} rates`] = await inside('tc', 'qdisc', 'show')
    // Sandboxes outlive the agent. In other namespaces it runs programs now and then.
    if (name.startsWith(system.netns('i-')))
      seen[`${name} processes`] = await command('ip', 'netns', 'pids', name)
  }
  return seen
}

test.each([[['agent']], [['server']], [['server', 'agent']]] as const)(
  'with %s dead traffic goes on, and the restart changes nothing in the kernel',
  async (parts) => {
    const before = await fingerprint()
    for (const part of parts) await crash(system, part)
    await goOn()
    await system.postern('up')
    await until('the deployment to be ready', () => ready(system))
    await goOn()
    const after = await fingerprint()
    for (const [what, text] of Object.entries(before)) expect([what, after[what]]).toEqual([what, text])
  },
)

test('a restart that fails ends nothing, and the next one brings all back', async () => {
  const database = join(system.state, 'server', 'postern.db')
  await Promise.all([crash(system, 'server'), crash(system, 'agent')])
  const before = await fingerprint()
  await rename(database, `${database}.away`)
  await mkdir(database)
  await expect(system.postern('up')).rejects.toThrow('the server ended')
  await goOn()
  await rmdir(database)
  await rename(`${database}.away`, database)
  await system.postern('up')
  await until('the deployment to be ready', () => ready(system))
  await goOn()
  expect(await fingerprint()).toEqual(before)
})
