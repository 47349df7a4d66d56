/** The connection between the endpoint and the service, from the provider's side. */
import { listAt, textAt } from './answer.ts'
import { type Stage, until } from './stage.ts'

function connection(stage: Stage) {
  return { ServiceId: stage.get('service'), EndpointId: stage.get('endpoint') }
}

export async function connectionStatus(stage: Stage): Promise<string> {
  const answer = await stage.ask('provider', 'Privatelink', 'ListVpcEndpointConnections', connection(stage))
  return textAt(listAt(answer, 'Connections')[0] ?? {}, 'ConnectionStatus')
}

export async function acceptConnection(stage: Stage): Promise<void> {
  await stage.call('provider', 'Privatelink', 'EnableVpcEndpointConnection', connection(stage))
}

export async function denyConnection(stage: Stage): Promise<void> {
  await stage.call('provider', 'Privatelink', 'DisableVpcEndpointConnection', connection(stage))
}

export async function untilConnection(stage: Stage, status: 'Connected' | 'Disconnected'): Promise<void> {
  await until(
    `connection ${status}`,
    5_000,
    async () => (await connectionStatus(stage)) === status || undefined,
  )
}
