/** What `up`, `down` and `down --purge` leave on the machine, and two deployments beside each other. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hostState } from '../dataplane-world.ts'
import { makeLink, startBeat, startSystem, type Beat, type Link, type System } from './system.ts'
import { tryCommand } from './programs.ts'

const scope = new AsyncDisposableStack()
let host: string
let one: System
let other: System
let links: readonly [Link, Link]
let beat: Beat

beforeAll(async () => {
  host = await hostState('no such deployment')
  one = scope.use(await startSystem())
  other = scope.use(await startSystem())
  links = await Promise.all([makeLink(one), makeLink(other)])
  beat = await startBeat(other, links[1].client, 'held', links[1].address)
})

afterAll(() => scope.disposeAsync())

/** Processes that were started for the deployment: their command lines name its directory or its mark. */
async function processesOf(system: System): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const commands = await Promise.all(
    // A process may end while it is looked at.
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  )
  return commands.filter((line) => line.includes(system.state) || line.includes(system.netns('')))
}

async function cgroupsOf(system: System): Promise<readonly string[]> {
  const found = await readdir('/sys/fs/cgroup', { recursive: true })
  return found.filter((path) => path.includes(`postern-${system.mark}`))
}

async function status(pid: number): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8')
  return new Map(text.split('\n').map((line) => line.split(/:\s+/, 2) as [string, string]))
}

const answers = async (system: System, { client, address }: Link) =>
  (await system.run(client, tryCommand([`tcp/${address}/80`]))).stdout.trim()

test('the server has no privilege and no way to one', async () => {
  const facts = await status(one.pid('server'))
  expect(facts.get('Uid')).toMatch(/^([1-9]\d*)\t\1\t\1\t\1$/)
  expect(facts.get('Gid')).toMatch(/^([1-9]\d*)\t\1\t\1\t\1$/)
  expect(facts.get('Groups')?.trim()).toBe('')
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb']) expect(facts.get(set)).toBe('0000000000000000')
  expect(facts.get('NoNewPrivs')).toBe('1')
})

test('down leaves the kernel as it was, and does not disturb the deployment beside it', async () => {
  const [{ client }] = links
  await one.run(client, ['sh', '-c', 'mkdir closed && echo kept >closed/note && chmod 0 closed'])
  expect(await cgroupsOf(one)).not.toEqual([])
  expect(await hostState(one.mark)).not.toBe(host)
  await one.postern('down')
  expect(await hostState(one.mark)).toBe(host)
  expect(await processesOf(one)).toEqual([])
  expect(await cgroupsOf(one)).toEqual([])
  await beat.goesOn(10)
})

test('up brings everything back, homes too', async () => {
  const [link] = links
  await one.postern('up')
  expect(await answers(one, link)).toMatch(/ i-/)
  const { stdout } = await one.run(link.client, [
    'sh',
    '-c',
    'chmod 700 closed && cat closed/note && chmod 0 closed',
  ])
  expect(stdout).toBe('kept\n')
  await beat.goesOn(10)
})

test('down --purge leaves nothing at all', async () => {
  await one.postern('down', '--purge')
  expect(await hostState(one.mark)).toBe(host)
  expect(await processesOf(one)).toEqual([])
  expect(await cgroupsOf(one)).toEqual([])
  expect(existsSync(one.state)).toBe(false)
  await beat.goesOn(10)
  expect(await answers(other, links[1])).toMatch(/ i-/)
})
