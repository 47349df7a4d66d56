/** Source addresses of a connection: seen while they fill, and more of them before they are full. And a consumer's limit. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../fixtures/deployment.ts'
import { crash, ready, restartAgent } from '../../fixtures/restart.ts'
import { makeEndpoint } from '../../fixtures/topology.ts'
import { crowdCommand } from './programs.ts'
import { makeLink, startBeat, startSystem, type Link, type System } from './system.ts'

const scope = new AsyncDisposableStack()
let system: System
let link: Link

const ports = 256

beforeAll(async () => {
  system = scope.use(await startSystem())
  await configure({ portsPerSource: ports })
  link = await makeLink(system)
})

afterAll(() => scope.disposeAsync())

async function configure(contents: object): Promise<void> {
  await writeFile(join(system.state, 'server', 'capacity.json'), JSON.stringify(contents), { mode: 0o644 })
  await crash(system, 'server')
  await system.postern('up')
  await until('everything to be in the kernel', () => ready(system))
}

interface Capacity {
  readonly EndpointId: string
  readonly PortsUsed: number
  readonly PortsAvailable: number
  readonly SourceAddresses: number
  readonly OverConnections: number
}

async function wires(): Promise<readonly Capacity[]> {
  const printed = await system.postern('capacity', '--output', 'json')
  return (JSON.parse(printed) as { Wires: readonly Capacity[] }).Wires
}

async function capacity(): Promise<Capacity> {
  const [wire, ...more] = await wires()
  if (!wire || more.length > 0) throw new Error('not one connection')
  return wire
}

/** Set while everything runs; it holds when the command has ended. */
async function limit(connections: string): Promise<void> {
  await system.postern('limit', 'set', system.id, connections)
  await until('the limit to be in the kernel', () => ready(system))
}

test('a new connection has the ports of one address', async () => {
  const found = await until('the connection to be measured', () => capacity().catch(() => undefined))
  expect(found).toMatchObject({ EndpointId: link.endpoint, SourceAddresses: 1 })
  expect(found.PortsUsed + found.PortsAvailable).toBe(ports)
})

test('more flows than one address has ports for are all carried, by addresses that came before it was full', async () => {
  const flows = ports + 100
  const { stdout } = await system.run(link.client, crowdCommand(link.address, flows, 15))
  expect(stdout).toMatch(new RegExp(`^${flows} answered, 0 failed, [2-8] sources`))
  const found = await until('the ports to be counted', async () => {
    const now = await capacity()
    return now.PortsUsed >= flows ? now : undefined
  })
  expect(found.SourceAddresses).toBeGreaterThanOrEqual(3)
  expect(found.PortsUsed + found.PortsAvailable).toBe(found.SourceAddresses * ports)
})

test('what a consumer opens beyond its limit is dropped and counted, over all its endpoints, from one call to the next', async () => {
  const { endpoint, address } = await makeEndpoint(system, link.service, link.network, ['Connected'])
  const both = await Promise.all(
    [link.address, address].map((to) => startBeat(system, link.client, 'held', to)),
  )
  // Flows from before the limit stay, and count.
  await limit('20')
  const leave = ['sh', '-c', 'echo $$ >kept; exec "$@"', 'sh']
  const kept = system.hold(link.client, [...leave, ...crowdCommand(link.address, 15, 50, 60)])
  await kept.line(/^15 answered, 0 failed/)
  const crowd = async (count: number) => {
    const { stdout } = await system.run(link.client, crowdCommand(address, count, 50))
    return /^\d+ answered, \d+ failed/.exec(stdout)?.[0]
  }
  expect(await crowd(4)).toBe('3 answered, 1 failed')
  // Another limit counts them again, and one that is less than what is open takes nobody.
  await limit('19')
  expect(await crowd(3)).toBe('2 answered, 1 failed')
  await limit('16')
  expect(await crowd(1)).toBe('0 answered, 1 failed')
  await restartAgent(system)
  expect(await crowd(1)).toBe('0 answered, 1 failed')
  // What ends makes room, also what is older than the limit.
  await limit('20')
  await system.run(link.client, ['sh', '-c', 'kill $(cat kept)'])
  await until('room for what has ended', async () => (await crowd(18))?.startsWith('18 ') || undefined)
  expect(await crowd(19)).toBe('18 answered, 1 failed')
  const dropped = await until('the drops to be counted', async () => {
    const found = (await wires()).find(({ EndpointId }) => EndpointId === endpoint)
    return found && found.OverConnections > 0 ? found : undefined
  })
  expect(dropped.OverConnections).toBeGreaterThanOrEqual(3)

  await limit('none')
  const more = await system.run(link.client, crowdCommand(address, 30, 50))
  expect(more.stdout).toMatch(/^30 answered, 0 failed/)
  for (const beat of both) await beat.goesOn(5)
})
