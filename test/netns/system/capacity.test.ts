/** Source addresses of a connection: seen while they fill, and more of them before they are full. And a consumer's limit. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../fixtures/deployment.ts'
import { crash, ready } from '../../fixtures/restart.ts'
import { crowdCommand } from './programs.ts'
import { makeLink, startSystem, type Link, type System } from './system.ts'

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

async function capacity(): Promise<Capacity> {
  const printed = await system.postern('capacity', '--output', 'json')
  const { Wires } = JSON.parse(printed) as { Wires: readonly Capacity[] }
  const [wire, ...more] = Wires
  if (!wire || more.length > 0) throw new Error(printed)
  return wire
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

test('what a consumer opens beyond its limit is dropped and counted, and nothing else is', async () => {
  // The limit counts what it has seen: flows from before it stay, beside it.
  await configure({ portsPerSource: ports, consumers: { [system.id]: 20 } })
  const { stdout } = await system.run(link.client, crowdCommand(link.address, 23, 50))
  expect(stdout).toMatch(/^20 answered, 3 failed/)
  const found = await until('the drops to be counted', async () => {
    const now = await capacity()
    return now.OverConnections > 0 ? now : undefined
  })
  expect(found.OverConnections).toBeGreaterThanOrEqual(3)
})
