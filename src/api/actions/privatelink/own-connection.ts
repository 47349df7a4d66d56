import { findEndpointOfService, zonesOfEndpoints } from '../../../store/endpoints.ts'
import type { EndpointTable, EndpointZoneTable } from '../../../store/tables.ts'
import type { ActionContext } from '../../action.ts'
import { found } from '../../require.ts'
import { ownService } from './own-service.ts'

/** An endpoint, found through the caller's own service. */
export async function ownConnection(
  context: ActionContext,
  params: { readonly ServiceId: string; readonly EndpointId: string },
): Promise<EndpointTable> {
  const service = await ownService(context, params.ServiceId)
  const endpoint = await findEndpointOfService(context.tx, service.id, params.EndpointId)
  return found(endpoint, 'EndpointConnectionNotFound')
}

export async function zonesOf(
  { tx }: ActionContext,
  { id }: EndpointTable,
): Promise<readonly EndpointZoneTable[]> {
  return (await zonesOfEndpoints(tx, [id]))(id)
}

/** A zone of the endpoint, or the error with the code `missing`. */
export async function zoneOf(
  context: ActionContext,
  endpoint: EndpointTable,
  id: string,
  missing: string,
): Promise<EndpointZoneTable> {
  const zones = await zonesOf(context, endpoint)
  return found(
    zones.find((zone) => zone.zone_id === id),
    missing,
  )
}
