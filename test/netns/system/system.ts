/** A deployment for one test file, and what a test does in its instances. */
import { mkdtemp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  holdInside,
  runInside,
  type CommandOutput,
  type HeldCommand,
} from '../../../src/quickstart/inside.ts'
import { startDeployment, until, type Account, type Deployment } from '../../fixtures/deployment.ts'

export interface System extends Deployment {
  readonly run: (instance: string, command: readonly string[]) => Promise<CommandOutput>
  readonly hold: (instance: string, command: readonly string[]) => HeldCommand
  /** A file of the instance's home, read from outside: also while the agent is dead. */
  readonly home: (instance: string, file: string) => Promise<string>
}

/** Below /var/tmp, because the server's and the instances' users have to pass through to what is theirs. */
export async function startSystem(): Promise<System> {
  const deployment = await startDeployment(await mkdtemp('/var/tmp/postern-system-'))
  return {
    ...deployment,
    run: (instance, command) => runInside(deployment.execSocket, instance, command),
    hold: (instance, command) => holdInside(deployment.execSocket, instance, command),
    home: (instance, file) =>
      readFile(join(deployment.state, 'agent', 'instances', instance, 'home', file), 'utf8'),
  }
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
