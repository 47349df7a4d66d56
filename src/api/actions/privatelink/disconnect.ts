import { updateEndpoint, updateZone } from '../../../store/endpoints.ts'
import type { EndpointTable, EndpointZoneTable } from '../../../store/tables.ts'
import type { ActionContext } from '../../action.ts'
import { zonesOf } from './own-connection.ts'

/** Whether a connection carries traffic, or is about to, and may be told to stop. */
export function mayDisconnect({ connection }: EndpointTable): boolean {
  return ['Connected', 'Connecting', 'Pending'].includes(connection)
}

/** Cuts a connection in all its zones. */
export async function disconnect(
  context: ActionContext,
  endpoint: EndpointTable,
  generation: number,
): Promise<void> {
  const { tx, now } = context
  for (const zone of await zonesOf(context, endpoint)) {
    if (isWired(zone)) await updateZone(tx, zone, { status: 'Disconnecting', generation })
  }
  await updateEndpoint(tx, endpoint.id, {
    connection: 'Disconnecting',
    modified_at: now.toISOString(),
    generation,
  })
}

/** A zone that carries traffic, or is about to. */
function isWired({ status }: EndpointZoneTable): boolean {
  return !['Creating', 'Wait', 'Disconnecting', 'Disconnected', 'Deleting'].includes(status)
}
