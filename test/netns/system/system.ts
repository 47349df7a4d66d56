/** A deployment for one test file, and what a test does in its instances. */
import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { ParamValues } from '../../../src/cli/client.ts'
import { holdInside, runInside, type HeldCommand } from '../../../src/cli/inside.ts'
import { ordinaryUser } from '../../../src/cli/ordinary-user.ts'
import type { CommandOutput } from '../../../src/probe/run.ts'
import { startDeployment, until, type Account, type Deployment } from '../../fixtures/deployment.ts'
import {
  makeBalancer,
  makeConsumer,
  makeEndpoint,
  makeInstance,
  makeService,
  zone,
  type Consumer,
} from '../../fixtures/topology.ts'
import { beatCommand, inBackground, lineServer } from './programs.ts'

export interface System extends Deployment {
  readonly run: (instance: string, command: readonly string[]) => Promise<CommandOutput>
  readonly hold: (instance: string, command: readonly string[]) => HeldCommand
  /** A file of the instance's home, read from outside: also while the agent is dead. */
  readonly home: (instance: string, file: string) => Promise<string>
}

/** Below /var/tmp, because the server's and the instances' users have to pass through to what is theirs. */
export async function startSystem(): Promise<System> {
  return inside(await startDeployment(await mkdtemp('/var/tmp/postern-system-')))
}

/** The same by somebody who has no rights, in a directory of the caller's. */
export async function startSystemAsUser(
  scratch: string,
): Promise<{ readonly system: System; readonly uid: number }> {
  await chmod(scratch, 0o755)
  const { uid, home, launch } = ordinaryUser(scratch)
  const deployment = await startDeployment(join(home, 'state'), ['env', `HOME=${home}`, ...launch])
  return { system: inside(deployment), uid }
}

function inside(deployment: Deployment): System {
  return {
    ...deployment,
    run: (instance, command) => runInside(deployment.execSocket, instance, command),
    hold: (instance, command) => holdInside(deployment.execSocket, instance, command),
    home: (instance, file) =>
      readFile(join(deployment.state, 'agent', 'instances', instance, 'home', file), 'utf8'),
  }
}

/** One consumer with a client, connected to one service with two backends, all of one account. */
export interface Link {
  readonly client: string
  readonly network: Consumer
  readonly backends: readonly string[]
  readonly balancer: string
  readonly service: string
  readonly endpoint: string
  readonly address: string
}

export async function makeLink(account: Account, listener: ParamValues = {}): Promise<Link> {
  const offer = await makeConsumer(account)
  const backends = await Promise.all(
    [1, 2].map(() => makeInstance(account, offer.vswitch, offer.group, lineServer('tcp/80'))),
  )
  const balancer = await makeBalancer(account, { ...offer, backends, listener })
  const service = await makeService(account, [{ balancer, zone }], true)
  const network = await makeConsumer(account)
  const client = await makeInstance(account, network.vswitch, network.group, '')
  const { endpoint, address } = await makeEndpoint(account, service, network, ['Connected'])
  return { client, network, backends, balancer, service, endpoint, address }
}

/** A client that was left running, and what it has seen. */
export interface Beat {
  /** Waits for this many more answers, and none that failed. */
  readonly goesOn: (count: number) => Promise<void>
  readonly lines: () => Promise<readonly string[]>
}

/** Starts it in the instance, where it goes on whatever becomes of server, agent and this test. */
export async function startBeat(
  system: System,
  instance: string,
  kind: 'held' | 'new',
  address: string,
  port = 80,
): Promise<Beat> {
  const file = `${kind}-${randomUUID()}`
  await system.run(instance, inBackground(file, beatCommand(kind, address, port)))
  const lines = async () => (await system.home(instance, file)).split('\n').slice(0, -1)
  async function goesOn(count: number): Promise<void> {
    const before = (await lines()).length
    const after = await until(`${count} answers`, async () => {
      const now = await lines()
      return now.length >= before + count || now.some((line) => line.startsWith('cut')) ? now : undefined
    })
    expect(after.filter((line) => line.startsWith('cut'))).toEqual([])
  }
  await goesOn(10)
  return { goesOn, lines }
}

/** The status of the one connection of an endpoint, as the provider is told it. */
export async function connectionStatus(
  { call }: Account,
  ServiceId: string,
  EndpointId: string,
): Promise<string> {
  const answer = await call('Privatelink', 'ListVpcEndpointConnections', { ServiceId, EndpointId })
  const [connection] = answer['Connections'] as { ConnectionStatus: string }[]
  return connection?.ConnectionStatus ?? 'none'
}

export async function decide(
  provider: Account,
  action: 'Enable' | 'Disable',
  ServiceId: string,
  EndpointId: string,
): Promise<void> {
  await provider.call('Privatelink', `${action}VpcEndpointConnection`, { ServiceId, EndpointId })
  const status = action === 'Enable' ? 'Connected' : 'Disconnected'
  await until(
    `the connection to be ${status}`,
    async () => (await connectionStatus(provider, ServiceId, EndpointId)) === status || undefined,
  )
}

/** The code a call is refused with. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code)
    throw error
  }
  return 'not refused'
}
