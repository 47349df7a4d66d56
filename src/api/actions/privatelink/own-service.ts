import type { RegionId, ServiceId } from '../../../model/ids.ts'
import { serviceName } from '../../../model/names.ts'
import { findService } from '../../../store/endpoint-services.ts'
import type { EndpointServiceTable } from '../../../store/tables.ts'
import type { ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { demand, found } from '../../require.ts'

export async function ownService(context: ActionContext, id: string): Promise<EndpointServiceTable> {
  return found(await findService(context.tx, ownerOf(context), id), 'EndpointServiceNotFound')
}

/** A service that can be changed: the documents ask for status Active. */
export async function activeService(context: ActionContext, id: string): Promise<EndpointServiceTable> {
  const service = await ownService(context, id)
  demand(service.status === 'Active', 'EndpointServiceOperationDenied')
  return service
}

export function nameOfService(service: { readonly id: string; readonly region_id: RegionId }): string {
  return serviceName(service.region_id, service.id as ServiceId)
}

/** The id in a service name of this region; undefined when it is no such name. */
export function serviceIdIn(name: string, region: RegionId): string | undefined {
  const prefix = serviceName(region, '' as ServiceId)
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined
}
